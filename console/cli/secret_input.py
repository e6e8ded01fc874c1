"""Takes a password from the environment, the terminal or standard input; never from arguments, which anybody sees."""

from __future__ import annotations

import getpass
import os
import sys

from console.domain.errors import ConfigError


def secret(prompt: str, variable: str, *, twice: bool = False) -> str:
    """The password; raises ConfigError where none is to be had or the two typed ones differ.

    Where standard input is no terminal, each password that the environment does not hold is the next line of it.
    """
    found = os.environ.get(variable, "")
    if not found and sys.stdin is not None and sys.stdin.isatty():
        found = getpass.getpass(f"{prompt}: ")
        if twice and found != getpass.getpass("once more: "):
            raise ConfigError(("the two passwords differ; nothing was changed",))
    elif not found and sys.stdin is not None:
        found = sys.stdin.readline().rstrip("\r\n")
    if not found:
        raise ConfigError((f"{prompt}: none was given; type it, or set {variable}",))
    return encodable(found, prompt)


def encodable(text: str, what: str) -> str:
    """The text, where it is text: arguments and variables may hold bytes that are none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError((f"{what}: found bytes that are no text, expected UTF-8",)) from None
    return text
