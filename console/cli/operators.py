"""`meridian operators`: who may sign in, with which role. Passwords are asked for, never given as arguments."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from console.domain.account import Account
    from console.link.messages import FromDesktop
    from console.reception import Reception
    from console.settings import Profile

ROLES = ("viewer", "operator", "supervisor", "administrator")
OWN, ADMIN, ADMIN_SECRET = "MERIDIAN_PASSWORD", "MERIDIAN_ADMIN", "MERIDIAN_ADMIN_PASSWORD"
HELP = f"""The first account is an administrator's and needs nobody. Every other change needs an administrator's own
sign-in: the name from --as or {ADMIN}, the password from {ADMIN_SECRET} or asked for. The account's own password comes
from {OWN} or is asked for. Where standard input is no terminal, each password that is not in the environment is a line
of it: the administrator's first."""


def add_parser(subparsers: Any) -> None:
    """`operators add`, `list`, `role`, `disable`, `enable` and `password`."""
    parser = subparsers.add_parser("operators", help="who may sign in, and as what", description=f"{__doc__} {HELP}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    shown = commands.add_parser("list", help="everybody who may sign in")
    shown.add_argument("--json", action="store_true", help="as JSON")
    shown.set_defaults(run=run_list)
    _add_profile(shown)
    for name, words in (
        ("add", "make an account"), ("role", "give somebody another role"), ("disable", "let somebody in no more"),
        ("enable", "let somebody in again"), ("password", "give somebody another password"),
    ):  # fmt: skip
        command = commands.add_parser(name, help=words)
        command.add_argument("name", metavar="NAME")
        if name in ("add", "role"):
            command.add_argument("--role", required=True, choices=ROLES)
        command.add_argument("--as", dest="admin", metavar="NAME", help=f"the administrator (default: {ADMIN})")
        _add_profile(command)
        command.set_defaults(run=run_change, change=name)


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", type=Path, metavar="DIR", help="profile directory (default: your own)")
    parser.add_argument("--demo", action="store_true", help="the demo fleet's profile")


def run_list(args: argparse.Namespace) -> int:
    """Write the accounts, never anything of a password; 0. Raises StoreError where there is no store."""
    import msgspec

    from console import settings
    from console.cli.reading import reader_of
    from console.cli.table import columns

    reader = reader_of(settings.profile(args.profile, demo=args.demo))
    try:
        accounts = reader.accounts()
    finally:
        reader.close()
    if args.json:
        facts = [
            {"name": one.name, "role": one.role.name.lower(), "disabled": one.disabled, "made_ms": one.made_ms}
            for one in accounts
        ]
        sys.stdout.write(msgspec.json.encode(facts).decode() + "\n")
        return 0
    lines = columns([(one.name, one.role.name.lower(), "disabled" if one.disabled else "") for one in accounts])
    nobody = "Nobody yet: `meridian operators add NAME --role administrator` makes the first account."
    sys.stdout.write("\n".join(lines or [nobody]) + "\n")
    return 0


def run_change(args: argparse.Namespace) -> int:
    """Change one account; 0. Raises MeridianError with what was refused."""
    from console import settings
    from console.cli.secret_input import encodable
    from console.domain.errors import MeridianError
    from console.link.orders import Done, SignOut
    from console.reception import anybody, reception

    encodable(args.name, "NAME")
    profile = settings.profile(args.profile, demo=args.demo)
    with reception(profile, complain) as desk:
        session = signed_in(desk, args.admin) if anybody(profile) else ""
        try:
            done = desk.ask(_wish(args, profile, session))
        finally:
            if session:
                desk.tell(SignOut(session))
    if not isinstance(done, Done) or done.refused:
        raise MeridianError(getattr(done, "refused", "") or "the collector answered something else")
    sys.stdout.write(f"{args.name}: done\n")
    return 0


def signed_in(desk: Reception, name: str | None) -> str:
    """The session of whoever asks; raises MeridianError where it is refused."""
    from console.cli.secret_input import encodable, secret
    from console.domain.errors import ConfigError, MeridianError
    from console.link.orders import SignedIn, SignIn

    name = name or os.environ.get(ADMIN, "")
    if not name and sys.stdin is not None and sys.stdin.isatty():
        name = input("administrator: ")
    if not name:
        raise ConfigError((f"--as: no administrator is named, expected a name here or in {ADMIN}",))
    own = secret(f"password of {name}", ADMIN_SECRET)
    answer = desk.ask(SignIn(request=uuid.uuid4().hex, name=encodable(name, "--as"), secret=own, desk=here()))
    if not isinstance(answer, SignedIn) or answer.refused:
        raise MeridianError(getattr(answer, "refused", "") or "the collector answered something else")
    return answer.session


def complain(words: str) -> None:
    """What is worth knowing beside the answer."""
    sys.stderr.write(f"{words}\n")


def here() -> str:
    """How the audit calls a terminal of this machine."""
    return f"{socket.gethostname()}, command line"


def _wish(args: argparse.Namespace, profile: Profile, session: str) -> FromDesktop:
    from console.cli.secret_input import secret
    from console.domain.access import Role
    from console.link.orders import PutAccount

    old = _account(profile, args)
    fresh = args.change in ("add", "password")
    return PutAccount(
        request=uuid.uuid4().hex,
        session=session,
        name=args.name,
        role=int(Role[args.role.upper()] if args.change in ("add", "role") else old.role if old else Role.VIEWER),
        secret=secret(f"new password of {args.name}", OWN, twice=True) if fresh else "",
        disabled=args.change == "disable" or (args.change != "enable" and old is not None and old.disabled),
        desk=here(),
    )


def _account(profile: Profile, args: argparse.Namespace) -> Account | None:
    """The account that is meant; raises ConfigError where it is there and should not be, or the other way round."""
    from console.domain.account import key_of
    from console.domain.errors import ConfigError
    from console.store import open_reader

    reader = open_reader(profile.store)
    try:
        old = next((one for one in reader.accounts() if one.key == key_of(args.name)), None)
    finally:
        reader.close()
    if args.change == "add" and old is not None:
        raise ConfigError((f"{old.name} has an account; `operators role` and `operators password` change it",))
    if args.change != "add" and old is None:
        raise ConfigError((f"nobody is called {args.name}; `operators list` shows everybody",))
    return old
