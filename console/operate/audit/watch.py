"""Watches over the audit chain: verifies it when the collector starts, anchors its head every hour and at the end.

The rule: monitoring always goes on. Commands are refused until the chain was verified, and where it is broken until an
administrator has acknowledged every fault, which is itself a row of the chain. Runs in a thread of its own, because a
share may hang.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from console.domain.access import Person, Right, may
from console.domain.audit import ACKNOWLEDGE, MOST_NAMED, Anchor, AuditRow, ChainState, named
from console.domain.errors import ConfigError, StoreError
from console.operate.audit.anchors import Place
from console.store.commands_face import CommandReader, CommandWriter

ANCHOR_EVERY_S = 3600.0
STOP_S = 5.0  # how long leaving waits for the last anchor
LONGEST_NOTE = 500
VERIFYING = "the audit chain is still being verified"


class AuditWatch:
    """`say` hears, once each, what a person should know: a broken chain, an anchor that could not be kept."""

    def __init__(
        self,
        reader: CommandReader,
        writer: CommandWriter,
        places: Sequence[Place],
        wall_ms: Callable[[], int],
        say: Callable[[str], None],
    ) -> None:
        self._reader, self._writer, self._places = reader, writer, tuple(places)
        self._wall_ms, self._say = wall_ms, say
        self._faults: tuple[str, ...] = ()
        self._why_refused = VERIFYING
        self._anchored = ""
        self._state = ChainState(places=tuple(place.name for place in self._places))
        self._turn = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        """Begin to verify, then to anchor."""
        self._thread.start()

    def stop(self) -> None:
        """Anchor once more, where that does not take long."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def why_refused(self) -> str:
        """Why no command may be given now; empty where the chain allows them."""
        return self._why_refused

    def verify(self) -> ChainState:
        """Look at the whole chain; what is found is kept for the screen and decides about commands."""
        found: dict[str, object]
        try:
            checked = self._reader.check_audit(self._kept_elsewhere())
            self._faults = checked.faults
            found = {"rows": checked.rows, "faults": checked.faults[:MOST_NAMED], "accepted": checked.accepted}
        except StoreError as error:
            self._faults = (str(error),)
            found = {"faults": self._faults, "accepted": False}
        with self._turn:
            self._keep(checked_ms=self._wall_ms(), **found)
            self._why_refused = "" if self._state.accepted else _refusal(self._faults)
        if not self._state.accepted:
            self._say(self._why_refused)
        return self._state

    def _kept_elsewhere(self) -> tuple[Anchor, ...]:
        """A share that is away is said, and no fault of the chain."""
        kept: list[Anchor] = []
        for place in self._places:
            try:
                kept += place.kept()
            except ConfigError as error:
                self._say(f"The audit chain was verified without the anchors of a second place: {error}")
        return tuple(kept)

    def acknowledge(self, person: Person | None, desk: str, note: str) -> str:
        """An administrator has looked at the faults; empty, or why this was refused."""
        if person is None or not may(person, Right.CONFIGURE):
            return "sign in as an administrator first: only one may acknowledge faults of the audit chain"
        if not note.strip() or len(note) > LONGEST_NOTE:
            return f"to acknowledge needs a note of 1 to {LONGEST_NOTE} characters: what was found out"
        with self._turn:
            if not self._why_refused or self._why_refused == VERIFYING:
                return self._why_refused or "the audit chain has no fault that waits"
            row = AuditRow(
                seq=0, at_ms=self._wall_ms(), monotonic_ns=time.monotonic_ns(), actor=person.name,
                role=person.role.name.lower(), desk=desk, action=ACKNOWLEDGE, before="\n".join(named(self._faults)),
                result="done", reason=note.strip(),
            )  # fmt: skip
            try:
                self._writer.put_audit([row])
            except StoreError as error:
                return f"nothing was acknowledged, because it could not be kept: {error}"
            self._why_refused = ""
            self._keep(accepted=True)
        return ""

    def anchor(self) -> str:
        """Keep the head in every place; empty, or what went wrong. Nothing to do where nothing was added."""
        if not self._places:
            return "the chain has no anchor: audit.toml names no second place"
        try:
            head = self._reader.audit_head()
            if head is None or (head.digest == self._anchored and not self._state.trouble):
                return ""
            trouble = self._kept_in_all(Anchor(head.seq, head.digest, self._wall_ms()))
        except StoreError as error:
            trouble = str(error)
        if trouble and trouble != self._state.trouble:
            self._say(f"The audit chain could not be anchored: {trouble}")
        with self._turn:
            self._keep(trouble=trouble)
        return trouble

    def _kept_in_all(self, anchor: Anchor) -> str:
        failed = []
        for place in self._places:
            try:
                place.keep(anchor)
            except OSError as error:
                failed.append(f"{place.name}: {error.strerror or error}")
        if len(failed) < len(self._places):
            self._anchored = anchor.digest
            self._writer.put_anchor(anchor)
            with self._turn:
                self._keep(anchored_ms=anchor.at_ms)
        return "; ".join(failed)

    def _keep(self, **changes: object) -> None:
        """The state for the screen; a store that is full keeps the old one and changes nothing of the rule."""
        facts: dict[str, Any] = {name: getattr(self._state, name) for name in self._state.__struct_fields__}
        self._state = ChainState(**(facts | changes))
        try:
            self._writer.put_chain_state(self._state)
        except StoreError as error:
            self._say(f"The state of the audit chain could not be kept: {error}")

    def _run(self) -> None:
        self.verify()
        while True:
            over = self._over.is_set()  # looked at first: what came before it is in the last anchor
            self.anchor()
            if over:
                return
            self._over.wait(ANCHOR_EVERY_S)


def _refusal(faults: Sequence[str]) -> str:
    more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
    return f"commands are refused until an administrator acknowledges: the audit chain is broken ({faults[0]}{more})"
