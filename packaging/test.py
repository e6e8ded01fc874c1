"""`python3 packaging/test.py`: sets everything up and runs every test.

`--setup-only` stops after the set-up; every other argument goes on to pytest.
"""

from __future__ import annotations

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
    return hand_over(["-m", "pytest", *arguments], {"QT_QPA_PLATFORM": "offscreen"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
