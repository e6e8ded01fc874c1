"""The words of the link about people and commands: signing in, select, operate, approve, steer.

A credential crosses the link once, to be proved in the collector; after that a session stands for the person. Every
answer goes to the desktop that asked, by `request`; what changed is in the store.
"""

from __future__ import annotations

import enum

import msgspec

from console.domain.command import Command


class _Secretive(msgspec.Struct, frozen=True):
    """A word that carries a credential: written out by chance (a log, a failing test) it hides it."""

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name != "secret")
        return f"{type(self).__name__}({', '.join(shown)})"


class SignIn(_Secretive, frozen=True, tag=True, kw_only=True):
    """Request: this is me."""

    request: str
    name: str
    secret: str
    desk: str


class SignedIn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Answer: the session that stands for this person from now on, or why not. `lock_after_s` without a request."""

    request: str
    session: str = ""
    name: str = ""
    role: int = 0
    lock_after_s: float = 0.0
    refused: str = ""


class SignOut(msgspec.Struct, frozen=True, tag=True):
    """Request: forget this session."""

    session: str


class HandOnDesk(msgspec.Struct, frozen=True, tag=True):
    """Somebody uses this desk: its idle time begins anew. Said once a minute at most, after a key or the mouse."""

    session: str


class SessionEnded(msgspec.Struct, frozen=True, tag=True):
    """The collector knows this session no more: it was idle, or the collector started anew."""

    session: str
    reason: str


class PutAccount(_Secretive, frozen=True, tag=True, kw_only=True):
    """Request of an administrator: a new account, or another role, secret or end of an old one.

    The very first account needs no session and must be an administrator's. An empty `secret` keeps the old one.
    """

    request: str
    session: str
    name: str
    role: int
    secret: str = ""
    disabled: bool = False
    desk: str = ""


class AcknowledgeAudit(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Request of an administrator: the faults of the audit chain were looked at; commands may be given again."""

    request: str
    session: str
    note: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """Answer: it was done and kept, or `refused` says why not."""

    request: str
    refused: str = ""


class PrepareCommand(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Request: select. The preview is in the store once the answer comes; its targets are held for this desk."""

    request: str
    session: str
    command: Command


class CommandAnswer(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Answer to any request about a command: it was done, or `refused` says why not, a reason a line."""

    request: str
    command_id: str
    refused: tuple[str, ...] = ()


class HoldCommand(msgspec.Struct, frozen=True, tag=True):
    """The desk that selected is still there: keep its targets; said every 10 s, silence of 30 s lets them go."""

    session: str
    command_id: str


class ExecuteCommand(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Request: operate. `typed` is the name that was typed where the risk asks for it."""

    request: str
    session: str
    command_id: str
    typed: str = ""


class ApproveCommand(_Secretive, frozen=True, tag=True, kw_only=True):
    """Request of a second person, with their own credential each time: agreed, or not and why."""

    request: str
    command_id: str
    name: str
    secret: str
    desk: str
    agreed: bool
    note: str = ""


class Steer(enum.StrEnum):
    """What can be done to a command after it was selected."""

    CANCEL = "cancel"  # before anything left
    PAUSE = "pause"
    RESUME = "resume"
    ABORT = "abort"
    CONFIRM = "confirm"  # what would be taken back by itself stays
    ALERT = "ask for a second person"


class SteerCommand(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Request: pause, resume, abort …"""

    request: str
    session: str
    command_id: str
    steer: Steer


class CommandsChanged(msgspec.Struct, frozen=True, tag=True):
    """A command moved; it is in the store."""

    command_id: str


AnswerOfOrders = SignedIn | SessionEnded | Done | CommandAnswer | CommandsChanged
RequestOfPeople = SignIn | SignOut | HandOnDesk | PutAccount | AcknowledgeAudit
RequestOfOrders = RequestOfPeople | PrepareCommand | HoldCommand | ExecuteCommand | ApproveCommand | SteerCommand
