"""What somebody wrote about a place: plain text with its author, never changed; a correction is a new note.

Knows what a note may be and who may write one; must not know where it is kept or how it gets there.
"""

from __future__ import annotations

import re

import msgspec

from console.domain.access import Person, Right, Role, may
from console.domain.place import site_of

LONGEST_TEXT = 2000  # characters: some thirty lines; a longer report belongs in a document
LONGEST_NAME = 200  # of a person, a desk, a machine's number
LONGEST_PLACE = 400
_ID = re.compile(r"[0-9a-f]{32}")


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note. `place` is the key of a site, a container or a machine at the time of writing.

    `machine` is the number that tells the machine apart wherever it stands (`serial X`, else `mac X`), so that a note
    follows the machine and not the slot; empty for other places and where the source tells neither. `id` is made where
    the note is written: the same note handed over twice is one.
    """

    id: str
    at_ms: int  # when it was written, by the clock of its desk
    place: str
    machine: str = ""
    who: str
    desk: str
    text: str


def machine_number(serial: str, mac: str) -> str:
    """What `Note.machine` is for a machine; empty where neither number is told."""
    return f"serial {serial}" if serial else f"mac {mac}" if mac else ""


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
    if not note.who.strip() or max(map(len, (note.who, note.desk, note.machine))) > LONGEST_NAME:
        return f"found no name or one that is too long, expected at most {LONGEST_NAME} characters"
    if site_of(note.place) in (None, "") or len(note.place) > LONGEST_PLACE:
        return f'found the place "{note.place[:60]}", expected a site, a container or a machine'
    if not 0 < note.at_ms < 2**53:
        return f"found the moment {note.at_ms}, expected milliseconds since 1970"
    return why_not_text(note.text)
