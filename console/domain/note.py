"""What somebody wrote about a place: plain text with its author, never changed; a correction is a new note.

Knows what a note may be and who may write one; must not know where it is kept or how it gets there.
"""

from __future__ import annotations

import enum
import re

import msgspec

from console.domain.access import Person, Right, Role, may
from console.domain.place import site_of

LONGEST_TEXT = 2000  # characters: some thirty lines; a longer report belongs in a document
LONGEST_NAME = 200  # of a person, a desk, each of a machine's numbers
LONGEST_NUMBERS = 2 * LONGEST_NAME + len("serial \nmac ")
LONGEST_PLACE = 400
_ID = re.compile(r"[0-9a-f]{32}")


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note. `place` is the key of a site, a container or a machine at the time of writing.

    `machine` is what tells the machine apart wherever it stands (see `machine_number`), so that a note follows the
    machine and not the slot; empty for other places and where the source tells neither number. `id` is made where the
    note is written: the same note handed over twice is one.
    """

    id: str
    at_ms: int  # when it was written, by the clock of its desk
    place: str
    machine: str = ""
    who: str
    desk: str
    text: str


class Whose(enum.Enum):
    """How surely a note is one of the machine that is asked for."""

    ANOTHERS = "another's"
    NAMESAKES = "of a machine of that name"  # no number says whether it is this one or an earlier one
    OWN = "its own"


def machine_number(serial: str, mac: str) -> str:
    """What `Note.machine` is for a machine: `serial X`, `mac Y`, or both, a line each; empty where neither is told.

    Both, because a source may tell one of them today and the other tomorrow. Give none that several machines tell.
    """
    told = (("serial", serial), ("mac", mac))
    return "\n".join(f"{what} {' '.join(number.splitlines())}" for what, number in told if number)


def numbers_of(machine: str) -> tuple[str, str]:
    """Serial and MAC in a `Note.machine`, as they stand there (`serial X`, `mac Y`); empty = not told."""
    lines = machine.split("\n")
    told = [next((line for line in lines if line.startswith(what)), "") for what in ("serial ", "mac ")]
    return told[0], told[1]


def whose(note: Note, place: str, machine: str) -> Whose:
    """Whose a machine's note is, asked for the machine `machine` at `place`: by serial, else by MAC, else by name."""
    for written, told in zip(numbers_of(note.machine), numbers_of(machine), strict=True):
        if written and told:
            return Whose.OWN if written == told else Whose.ANOTHERS
    return Whose.NAMESAKES if note.place == place else Whose.ANOTHERS


def why_not_text(text: str) -> str:
    """Why a text is no note; empty where it is one."""
    if not text.strip():
        return "a note without text says nothing"
    if len(text) > LONGEST_TEXT:
        return f"found {len(text):,} characters, expected at most {LONGEST_TEXT:,}"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "found half of a character, expected text"
    return ""


def why_not(note: Note, role: int) -> str:
    """Why a note may not be kept; empty where it may. `role` is that of `access.Role`, as its desk says."""
    if role not in {int(known) for known in Role} or not may(Person(note.who, Role(role)), Right.NOTE):
        name = Role(role).name.lower() if role in {int(known) for known in Role} else "person without a role"
        return f"a {name} may not write notes"
    if not _ID.fullmatch(note.id):
        return "found no number of its own, expected 32 hexadecimal digits"
    long = max(len(note.who), len(note.desk)) > LONGEST_NAME or len(note.machine) > LONGEST_NUMBERS
    if long or not note.who.strip():
        return f"found no name or one that is too long, expected at most {LONGEST_NAME} characters"
    if site_of(note.place) in (None, "") or len(note.place) > LONGEST_PLACE:
        return f'found the place "{note.place[:60]}", expected a site, a container or a machine'
    if not 0 < note.at_ms < 2**53:
        return f"found the moment {note.at_ms}, expected milliseconds since 1970"
    return why_not_text(note.text)
