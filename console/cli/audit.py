"""`meridian audit`: is the chain of what people did whole, take it elsewhere, anchor it, and look at its faults."""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.reading import reader_of

if TYPE_CHECKING:
    from console.domain.audit import AuditRow
    from console.settings import Profile
    from console.store.audit import Checked
    from console.store.reader import StoreReader

PAGE = 5000
MOST_TOLD = 20


def add_parser(subparsers: Any) -> None:
    """`audit verify`, `export`, `anchor` and `acknowledge`."""
    parser = subparsers.add_parser("audit", help="verify, export and anchor the audit chain", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    verify = commands.add_parser("verify", help="the whole chain and its anchors; ends with 1 on any fault")
    verify.add_argument("--anchors", type=Path, metavar="FILE", help="anchors from a second place, or a syslog file")
    verify.add_argument("--json", action="store_true", help="as JSON")
    export = commands.add_parser("export", help="write the whole chain to a file")
    form = export.add_mutually_exclusive_group(required=True)
    form.add_argument("--csv", type=Path, metavar="FILE", help="CSV, safe for spreadsheets")
    form.add_argument("--json-lines", type=Path, metavar="FILE", help="all that the verifier without Meridian needs")
    anchor = commands.add_parser("anchor", help="keep the chain's head in the second places now")
    acknowledge = commands.add_parser("acknowledge", help="an administrator has looked at the chain's faults")
    acknowledge.add_argument("--note", required=True, metavar="TEXT", help="what was found out")
    acknowledge.add_argument("--as", dest="admin", metavar="NAME", help="the administrator (default: MERIDIAN_ADMIN)")
    for command, run in (
        (verify, run_verify), (export, run_export), (anchor, run_anchor), (acknowledge, run_acknowledge),
    ):  # fmt: skip
        command.add_argument("--profile", type=Path, metavar="DIR", help="profile directory (default: your own)")
        command.add_argument("--demo", action="store_true", help="the demo fleet's profile")
        command.set_defaults(run=run)


def _profile(args: argparse.Namespace) -> Profile:
    from console import settings

    return settings.profile(args.profile, demo=args.demo)


def run_verify(args: argparse.Namespace) -> int:
    """0 when the chain is whole, 1 when it is not. Raises ConfigError for a file that holds no anchors."""
    import msgspec

    from console.operate.audit.anchors import FILE_NAME, kept_anchors, read_places

    profile = _profile(args)
    kept = kept_anchors(args.anchors) if args.anchors else ()
    places = read_places(profile.folder / FILE_NAME)
    kept += tuple(anchor for place in places for anchor in place.kept())
    reader = reader_of(profile)
    try:
        checked, remembered = reader.check_audit(kept), len(reader.anchors())
    finally:
        reader.close()
    if args.json:
        facts = {
            "rows": checked.rows, "faults": checked.faults, "accepted": checked.accepted,
            "anchors_elsewhere": len(kept), "anchors_remembered": remembered, "places": [one.name for one in places],
        }  # fmt: skip
        sys.stdout.write(msgspec.json.encode(facts).decode() + "\n")
    else:
        sys.stdout.write("\n".join((*_found(checked), _anchored(len(kept), remembered, bool(places)))) + "\n")
    return int(bool(checked.faults))


def _found(checked: Checked) -> Iterator[str]:
    if not checked.faults:
        yield f"{checked.rows} rows, no faults: the chain is whole."
        return
    yield f"{checked.rows} rows, {len(checked.faults)} faults; the first: {checked.faults[0]}"
    yield from checked.faults[1:MOST_TOLD]
    if len(checked.faults) > MOST_TOLD:
        yield f"and {len(checked.faults) - MOST_TOLD} more"
    if checked.accepted:
        yield "An administrator has acknowledged every one of them."


def _anchored(kept: int, remembered: int, places: bool) -> str:
    """What the verdict rests on; never more than it does."""
    if kept:
        return f"Held against {kept} anchors from a second place."
    lacking = "" if places else " audit.toml in the profile names a second place."
    if remembered:
        return (
            f"Held against {remembered} anchors that this store remembers, which whoever can rewrite the chain can "
            f"rewrite too: verify with --anchors FILE, a copy from the second place.{lacking}"
        )
    return f"The chain has no anchor: that it was cut off or rewritten as a whole would not be seen.{lacking}"


def run_export(args: argparse.Namespace) -> int:
    """Write the file; 0. A chain with faults is written as it is."""
    reader = reader_of(_profile(args))
    target: Path = args.csv or args.json_lines
    try:
        count = _write(target, *(_as_csv(reader) if args.csv else (b"", _as_json_lines(reader))))
    finally:
        reader.close()
    sys.stdout.write(f"{count} rows in {target}\n")
    return 0


def _write(target: Path, head: bytes, rows: Iterator[bytes]) -> int:
    """Beside it first, then into its place: nobody takes half a chain for a whole one. Returns the rows."""
    from console.domain.errors import ConfigError

    partial = target.with_name(f"{target.name}.part")
    try:
        with partial.open("wb") as out:
            out.write(head)
            count = sum(out.write(row) > 0 for row in rows)
        partial.replace(target)
    except OSError as error:
        raise ConfigError((f"{target}: cannot be written ({error.strerror}), expected a file to write to",)) from error
    finally:
        partial.unlink(missing_ok=True)
    return count


def _rows(reader: StoreReader) -> Iterator[AuditRow]:
    last = 0
    while page := reader.witnessed_audit(last, PAGE):
        yield from page
        last = page[-1].seq


def _as_json_lines(reader: StoreReader) -> Iterator[bytes]:
    import msgspec

    for row in _rows(reader):
        yield msgspec.json.encode(row, order="deterministic") + b"\n"


def _as_csv(reader: StoreReader) -> tuple[bytes, Iterator[bytes]]:
    """The header, and each row with its time as people read it in front."""
    from console.domain.csv_text import write_rows
    from console.store.audit import FIELDS

    header = ("at_utc", *FIELDS)

    def lines() -> Iterator[bytes]:
        for row in _rows(reader):
            text = write_rows(header, [(_utc(row.at_ms), *(getattr(row, name) for name in FIELDS))])
            yield text.partition("\r\n")[2].encode()

    return write_rows(header, []).encode(), lines()


def _utc(at_ms: int) -> str:
    """ISO 8601; empty for a number that no calendar has, as a damaged row may hold."""
    import datetime as dt

    try:
        return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return ""


def run_anchor(args: argparse.Namespace) -> int:
    """Keep the head now; 0, or 1 where it could not be kept everywhere. Beside a collector the store is only read."""
    from console.domain.audit import Anchor
    from console.domain.errors import ConfigError
    from console.operate.audit.anchors import FILE_NAME, read_places

    profile = _profile(args)
    places = read_places(profile.folder / FILE_NAME)
    if not places:
        raise ConfigError((f"{profile.folder / FILE_NAME}: names no second place, expected [anchor] file or syslog",))
    reader = reader_of(profile)
    try:
        head = reader.audit_head()
    finally:
        reader.close()
    if head is None:
        sys.stdout.write("The chain is empty: there is nothing to anchor.\n")
        return 0
    failed = 0
    for place in places:
        try:
            place.keep(Anchor(head.seq, head.digest, time.time_ns() // 1_000_000))
            sys.stdout.write(f"row {head.seq} kept: {place.name}\n")
        except OSError as error:
            failed += 1
            sys.stderr.write(f"not kept: {place.name}: {error.strerror or error}\n")
    return int(failed > 0)


def run_acknowledge(args: argparse.Namespace) -> int:
    """0. Raises MeridianError with why it was refused."""
    from console.cli.operators import complain, signed_in
    from console.cli.secret_input import encodable
    from console.domain.errors import MeridianError
    from console.link.orders import AcknowledgeAudit, Done, SignOut
    from console.reception import reception

    note = encodable(args.note, "--note")
    with reception(_profile(args), complain) as desk:
        session = signed_in(desk, args.admin)
        try:
            done = desk.ask(AcknowledgeAudit(request=uuid.uuid4().hex, session=session, note=note))
        finally:
            desk.tell(SignOut(session))
    if not isinstance(done, Done) or done.refused:
        raise MeridianError(getattr(done, "refused", "") or "the collector answered something else")
    sys.stdout.write("Acknowledged: commands may be given again.\n")
    return 0
