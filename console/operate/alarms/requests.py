"""Decides what a person may do to alarms, and does it to those that let themselves be moved; tells why the others not.

Name and role are those of the session that the request came with (`people_requests.signed`). They guard against
mistakes, not against the owner of the machine (`access` says the same to the operator).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from console.domain.access import Person, Right, Role, longest_shelf_ms, may, may_shelve
from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import Silence
from console.domain.durations import HOUR_MS
from console.link.messages import AlarmRequest, AlarmVerb
from console.operate.alarms.book import AlarmBook

MOST_AT_ONCE = 500  # a selection that somebody has seen; there is no "all" (R23)
LONGEST_SILENCE_S = 600.0  # R32
LONGEST_NOTE = 500
RIGHTS = {
    AlarmVerb.ACKNOWLEDGE: Right.ACKNOWLEDGE,
    AlarmVerb.SHELVE: Right.SHELVE,
    AlarmVerb.UNSHELVE: Right.SHELVE,
    AlarmVerb.TAKE_OUT: Right.TAKE_OUT_OF_SERVICE,
    AlarmVerb.PUT_BACK: Right.TAKE_OUT_OF_SERVICE,
    AlarmVerb.SILENCE: Right.ACKNOWLEDGE,
}
NEEDS_REASON = (AlarmVerb.SHELVE, AlarmVerb.TAKE_OUT)


class Refusals:
    """Why what was not done; the key "" stands for the request as a whole."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, key: str, reason: str) -> None:
        """One more."""
        self._found.append((key, reason))

    def found(self) -> tuple[tuple[str, str], ...]:
        """All of them, in order."""
        return tuple(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)


def person_of(request: AlarmRequest) -> Person | None:
    """Who asks; None where the name is empty or the role is none of ours."""
    if not request.who.strip() or request.role not in {int(role) for role in Role}:
        return None
    return Person(request.who.strip(), Role(request.role))


def silence_of(request: AlarmRequest, at_ms: int, refused: Refusals) -> Silence | None:
    """The silence that is asked for; None, with a reason, where it may not be."""
    person = _allowed(request, refused)
    if person is None:
        return None
    if not 0 < request.span_s <= LONGEST_SILENCE_S:
        refused.add("", f"found a silence of {request.span_s:g} s, expected at most {LONGEST_SILENCE_S:g} s")
        return None
    return Silence(at_ms, at_ms + round(request.span_s * 1000), person.name)


def apply_request(book: AlarmBook, request: AlarmRequest, at_ms: int, refused: Refusals) -> tuple[str, ...]:
    """Move each named alarm that may be moved; returns their keys."""
    person = _allowed(request, refused)
    if person is None:
        return ()
    done = []
    for key in dict.fromkeys(request.keys):
        reason = _why_not(book, key, request, person)
        if reason:
            refused.add(key, reason)
        else:
            DO[request.verb](book, key, request, person, at_ms)
            done.append(key)
    return tuple(done)


def _allowed(request: AlarmRequest, refused: Refusals) -> Person | None:
    """Who asks, where the request as a whole is one that this person may make."""
    person = person_of(request)
    if person is None:
        refused.add("", f"sign in first: nobody may {request.verb} without a name")
        return None
    if not may(person, RIGHTS[request.verb]):
        refused.add("", f"the role {person.role.name.lower()} may not {request.verb}: sign in with one that may")
        return None
    reason = _malformed(request)
    if reason:
        refused.add("", reason)
        return None
    return person


def _malformed(request: AlarmRequest) -> str:
    """What is wrong with a request as a whole; empty where nothing is."""
    if len(request.keys) > MOST_AT_ONCE:
        return f"{len(request.keys)} alarms at once, expected at most {MOST_AT_ONCE} that were seen"
    if request.verb is not AlarmVerb.SILENCE and not request.keys:
        return "no alarm is named: each must be"
    if len(request.note) > LONGEST_NOTE:
        return f"a note of {len(request.note)} characters, expected at most {LONGEST_NOTE}"
    if request.verb in NEEDS_REASON and not request.note.strip():
        return f"to {request.verb} needs a reason"
    return "" if math.isfinite(request.span_s) else f"{request.span_s} is no time"


def _why_not(book: AlarmBook, key: str, request: AlarmRequest, person: Person) -> str:
    """Why this alarm cannot be moved so; empty where it can."""
    alarm = book.alarm(key)
    if request.verb is AlarmVerb.TAKE_OUT:
        return _why_not_out(book, key, alarm)
    if alarm is None:
        return "there is no such alarm any more"
    if alarm.state not in STATES[request.verb]:
        return f"it is in state {alarm.state} and cannot be {DONE[request.verb]}"
    if request.verb is AlarmVerb.ACKNOWLEDGE and alarm.priority is Priority.CRITICAL and not request.note.strip():
        return "a critical alarm is acknowledged with a note"
    if request.verb is AlarmVerb.SHELVE and not may_shelve(person, alarm.priority, round(request.span_s * 1000)):
        return _why_not_shelved(alarm, person)
    return ""


def _why_not_out(book: AlarmBook, key: str, alarm: Alarm | None) -> str:
    rule, _, place = key.partition("@")
    if rule not in book.rules or not place:
        return "there is no such rule"
    return "it is out of service already" if alarm and alarm.state is AlarmState.OUT_OF_SERVICE else ""


def _why_not_shelved(alarm: Alarm, person: Person) -> str:
    if alarm.priority is Priority.CRITICAL:
        return "a critical alarm cannot be shelved"
    hours = longest_shelf_ms(person.role) / HOUR_MS
    return f"a {person.role.name.lower()} may shelve for at most {hours:g} h"


def _acknowledge(book: AlarmBook, key: str, request: AlarmRequest, person: Person, at_ms: int) -> None:
    book.acknowledge(key, at_ms, person.name, request.workstation, request.note.strip())


def _shelve(book: AlarmBook, key: str, request: AlarmRequest, person: Person, at_ms: int) -> None:
    until_ms = at_ms + round(request.span_s * 1000)
    book.shelve(key, at_ms, until_ms, request.note.strip(), person.name, request.workstation)


def _changing(event: AlarmEvent) -> Callable[[AlarmBook, str, AlarmRequest, Person, int], None]:
    def change(book: AlarmBook, key: str, request: AlarmRequest, person: Person, at_ms: int) -> None:
        book.change(key, event, at_ms, person.name, request.workstation, request.note.strip())

    return change


S = AlarmState
STATES = {
    AlarmVerb.ACKNOWLEDGE: (S.UNACKNOWLEDGED, S.RETURNED),
    AlarmVerb.SHELVE: (S.UNACKNOWLEDGED, S.ACKNOWLEDGED, S.RETURNED),
    AlarmVerb.UNSHELVE: (S.SHELVED,),
    AlarmVerb.PUT_BACK: (S.OUT_OF_SERVICE,),
}
DONE = {
    AlarmVerb.ACKNOWLEDGE: "acknowledged",
    AlarmVerb.SHELVE: "shelved",
    AlarmVerb.UNSHELVE: "unshelved",
    AlarmVerb.PUT_BACK: "put back",
}
DO = {
    AlarmVerb.ACKNOWLEDGE: _acknowledge,
    AlarmVerb.SHELVE: _shelve,
    AlarmVerb.UNSHELVE: _changing(AlarmEvent.UNSHELVE),
    AlarmVerb.TAKE_OUT: _changing(AlarmEvent.TAKE_OUT),
    AlarmVerb.PUT_BACK: _changing(AlarmEvent.PUT_BACK),
}
