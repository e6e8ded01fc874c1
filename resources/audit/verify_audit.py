"""Verifies an audit chain that Meridian exported as JSON lines. Needs Python 3.8 or newer and nothing else.

    python3 verify_audit.py EXPORT.jsonl [--anchors ANCHORS.jsonl]

Ends with 0 when the chain is whole, 1 when it is not, 2 when a file cannot be read. README.md, which lies beside this
file, says what is hashed and how.
"""

import argparse
import hashlib
import json
import re
import sys

NUMBERS = ("seq", "at_ms", "monotonic_ns")
FIELDS = (
    "seq", "at_ms", "monotonic_ns", "actor", "role", "desk", "approver", "command_id", "target", "action", "before",
    "requested", "result", "reason", "previous", "digest",
)  # fmt: skip
GENESIS = "0" * 64
SYSLOG = re.compile(r"audit anchor seq=(\d{1,15}) digest=([0-9a-f]{64}) at_ms=\d{1,15}\b")


def digest_of(row):
    """SHA-256 over the canonical JSON of a row whose own digest is empty."""
    bare = {name: "" if name == "digest" else row[name] for name in FIELDS}
    text = json.dumps(bare, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def faults(rows, anchors=()):
    """Everything that is wrong with the chain, in order; empty when it is whole."""
    found, digests = [], {}
    expected, previous = 1, GENESIS
    for row in rows:
        seq = row["seq"]
        if seq != expected:
            found.append(f"row {expected} is missing: row {seq} stands in its place")
        if row["previous"] != previous:
            found.append(f"row {seq} does not follow the row before it")
        if digest_of(row) != row["digest"]:
            found.append(f"row {seq} was changed after it was written")
        expected, previous = seq + 1, row["digest"]
        digests[seq] = row["digest"]
    for seq, digest in anchors:
        if seq not in digests:
            found.append(f"row {seq} was anchored and is gone: the chain was cut")
        elif digests[seq] != digest:
            found.append(f"row {seq} is not the one that was anchored: the chain was rewritten")
    return found


def read_rows(path):
    """The rows of an export, in the order of the file; raises ValueError with the line of what is none."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield checked(json.loads(line, object_pairs_hook=without_doubles))
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from None


def without_doubles(pairs):
    """A JSON object that names no key twice: only the last would be seen, whatever the first says."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands there twice")
    return table


def checked(row):
    """A row with exactly our fields, numbers and text where they belong."""
    if not isinstance(row, dict) or set(row) != set(FIELDS):
        raise ValueError("expected an object with the fields " + ", ".join(FIELDS))
    for name in FIELDS:
        if type(row[name]) is not (int if name in NUMBERS else str):
            raise ValueError(f"{name}: expected " + ("a whole number" if name in NUMBERS else "text"))
    return row


def read_anchors(path):
    """Pairs of seq and digest: JSON lines as Meridian writes them, or lines of a syslog file; other lines are none."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            match = SYSLOG.search(line)
            if match:
                yield int(match[1]), match[2]
            elif line.startswith("{"):
                try:
                    anchor = json.loads(line)
                    yield anchor["seq"], anchor["digest"]
                except (ValueError, KeyError, TypeError):
                    raise ValueError(f"{path}:{number}: found no anchor, expected seq, digest and at_ms") from None


def main(arguments=None):
    """Read, verify, tell."""
    parser = argparse.ArgumentParser(description="Verifies an audit chain exported by Meridian as JSON lines.")
    parser.add_argument("export", metavar="EXPORT")
    parser.add_argument("--anchors", metavar="FILE", help="heads of the chain that were kept in a second place")
    chosen = parser.parse_args(arguments)
    try:
        rows = list(read_rows(chosen.export))
        anchors = list(read_anchors(chosen.anchors)) if chosen.anchors else []
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = faults(rows, anchors)
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    kept = f"{len(anchors)} anchors" if anchors else "no anchor: whether it was cut or rewritten as a whole is unknown"
    sys.stdout.write(f"{len(rows)} rows, {kept}, {len(found) or 'no'} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
