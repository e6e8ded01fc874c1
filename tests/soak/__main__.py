"""`python3 -m tests.soak --days 7 --speed 1000`: both processes in fast motion, a table, and 1 where one is short."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.soak.measure import rows_of
from tests.soak.verdict import Line, judge, table

ROOT = Path(__file__).resolve().parents[2]
GRACE_S = 240.0


def soak(folder: Path, days: float, speed: float, sites: int, miners: int, openings: int = 100) -> list[Line]:
    """Run both sides in processes of their own and judge what they wrote into `folder`."""
    size = [str(days), str(speed), str(sites), str(miners)]
    sides = [
        _side("collecting", folder, size),
        _side("looking", folder, [size[0], str(openings)]),
    ]
    limit_s = days * 86_400 / speed * 3 + GRACE_S
    try:
        for side in sides:
            side.wait(limit_s)
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"not over after {limit_s:.0f} s\n")
    finally:
        for side in sides:
            if side.poll() is None:
                side.terminate()
                side.wait(20)
    return judge(rows_of(folder / "collector.jsonl"), rows_of(folder / "desktop.jsonl"))


def _side(name: str, folder: Path, arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", f"tests.soak.{name}", str(folder), *arguments], cwd=ROOT)


def main(arguments: list[str] | None = None) -> int:
    """0 when every measure is within its limit."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.soak", description=__doc__)
    parser.add_argument("--days", type=float, default=7.0, help="simulated days")
    parser.add_argument("--speed", type=float, default=1000.0, help="simulated seconds a second, at most")
    parser.add_argument("--sites", type=int, default=10)
    parser.add_argument("--miners", type=int, default=4000, help="about so many machines in all")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = soak(folder, chosen.days, chosen.speed, chosen.sites, chosen.miners)
        if chosen.json:
            found = {
                "size": {"days": chosen.days, "speed": chosen.speed, "sites": chosen.sites, "miners": chosen.miners},
                "verdict": [{**asdict(line), "ok": line.ok} for line in lines],
                **{side: rows_of(folder / f"{side}.jsonl") for side in ("collector", "desktop")},
            }
            chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table(lines))
    return int(not all(line.ok for line in lines))


if __name__ == "__main__":
    sys.exit(main())
