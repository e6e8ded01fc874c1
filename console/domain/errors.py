"""The one error tree of the program: what went wrong, in words an operator can act on."""

from __future__ import annotations


class MeridianError(Exception):
    """The root of every error that Meridian raises on purpose; `str()` is plain text for the screen."""


class ConfigError(MeridianError):
    """A fleet file, setting or rule cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnitError(MeridianError, ValueError):
    """A quantity has no unit, an unknown one, or one of another dimension."""


class StoreError(MeridianError):
    """The store cannot be opened, read or written."""


class SourceError(MeridianError):
    """A site's source could not be read. The subclasses are what an operator would do next."""


class Unreachable(SourceError):
    """No connection: network, DNS, refused, reset, or the TLS certificate was not accepted."""


class TooSlow(SourceError):
    """The total deadline of the poll ran out (a hanging or a dripping source)."""


class AuthRefused(SourceError):
    """The source knows us not, or forbids what was asked (401, 403, an expired token)."""


class RateLimited(SourceError):
    """The source asks us to wait; `retry_after_s` is its own word, or None."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BadAnswer(SourceError):
    """The source answered something that cannot be trusted: nothing of it was stored."""


class Unsupported(SourceError):
    """The source has no such data or command."""


class NotSent(SourceError):
    """A command never left: nothing was done, whatever the cause."""


class CommandRefused(SourceError):
    """The source understood a command and did nothing of it; the text is its reason."""


class CommandLost(SourceError):
    """A command may have been done: it left, and no answer came that can be trusted. Never sent again blindly."""
