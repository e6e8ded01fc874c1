"""`python3 packaging/test.py`: sets everything up and runs every test.

`--setup-only` stops after the set-up; every other argument goes on to pytest. Without one the tests run side by side,
three workers for two cores, because half of a worker's time is waiting for a clock or another process; and then the
few that measure time, alone.
"""

from __future__ import annotations

import os
import sys

from environment import (
    OFFSCREEN_LIBRARIES,
    TEST_PROGRAMS,
    TEST_SERVERS,
    WINDOW_LIBRARIES,
    SetupError,
    fetch_servers,
    hand_over,
    require_environment,
    require_python,
    require_system_packages,
    say,
)

WORKERS = max(2, (os.cpu_count() or 1) * 3 // 2)
SIDE_BY_SIDE = ["-n", str(WORKERS), "--dist", "worksteal", "-m", "not alone"]
ALONE = ["-m", "alone"]


def main(arguments: list[str]) -> int:
    """Set up, then hand over to pytest."""
    try:
        require_python()
        require_system_packages(OFFSCREEN_LIBRARIES + WINDOW_LIBRARIES + TEST_PROGRAMS)
        require_environment("test.txt")
        fetch_servers(TEST_SERVERS)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if "--setup-only" in arguments:
        say("set up")
        return 0
    runs = [arguments] if arguments else [SIDE_BY_SIDE, ALONE]
    codes = [hand_over(["-m", "pytest", *run], {"QT_QPA_PLATFORM": "offscreen"}) for run in runs]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
