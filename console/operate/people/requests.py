"""Answers what a desktop asks about people, and fills in who asks wherever a session stands for somebody."""

from __future__ import annotations

import msgspec

from console.domain.access import Person, Role
from console.link.messages import AlarmRequest, FromDesktop
from console.link.orders import HandOnDesk, HoldCommand, PutAccount, SessionEnded, SignIn, SignOut
from console.link.server import Reply
from console.operate.people.book import UNKNOWN, People


def answer(people: People, request: FromDesktop, reply: Reply) -> None:
    """Do it, and say so to the desktop that asked; any other request is none of our business."""
    if isinstance(request, SignIn):
        reply(people.sign_in(request, reply))
    elif isinstance(request, SignOut):
        people.sign_out(request.session)
    elif isinstance(request, PutAccount):
        reply(people.put_account(request))
    elif isinstance(request, HandOnDesk):
        people.person_of(request.session)


def tell_if_ended(people: People, request: FromDesktop, reply: Reply) -> None:
    """A desktop whose session is over learns so with the first thing that it asks, whatever that is."""
    session = getattr(request, "session", "")
    if session and not isinstance(request, SignOut) and people.person_of(session, by_hand=False) is None:
        reply(SessionEnded(session, UNKNOWN))


def signed(people: People, request: AlarmRequest) -> AlarmRequest:
    """The request with the name, role and desk of its session, whatever it says itself; of nobody without one."""
    person = people.person_of(request.session)
    if person is None:
        return msgspec.structs.replace(request, who="", role=int(Role.VIEWER))
    desk = people.desk_of(request.session)
    return msgspec.structs.replace(request, who=person.name, role=int(person.role), workstation=desk)


def who_asks(people: People, request: FromDesktop) -> tuple[Person | None, str]:
    """Who is signed in where the request comes from, and the desk's name; a desk that only holds is no hand on it."""
    session = getattr(request, "session", "")
    by_hand = not isinstance(request, HoldCommand)
    return people.person_of(session, by_hand=by_hand), people.desk_of(session)
