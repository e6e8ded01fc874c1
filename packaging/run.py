"""`python3 packaging/run.py`: sets everything up and opens the console on the demo fleet.

`--setup-only` stops after the set-up; every other argument goes on to `meridian`. Without a display the console
runs offscreen, prints the fleet's state at every poll, and leaves a screenshot of the world view.
"""

from __future__ import annotations

import sys

from environment import (
    OFFSCREEN_LIBRARIES,
    ROOT,
    WINDOW_LIBRARIES,
    SetupError,
    hand_over,
    has_display,
    require_environment,
    require_python,
    require_system_packages,
    say,
)

OFFSCREEN_SECONDS = 100  # three polls of every site, and time for the newest days of history


def main(arguments: list[str]) -> int:
    """Set up, then hand over to `meridian`."""
    try:
        require_python()
        require_system_packages(OFFSCREEN_LIBRARIES + (WINDOW_LIBRARIES if has_display() else ()))
        require_environment("run.txt")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if "--setup-only" in arguments:
        say("set up")
        return 0
    return hand_over(["-m", "console", *(arguments or demo_arguments())])


def demo_arguments() -> list[str]:
    """What a newcomer gets who names nothing: the demo fleet; without a display also a picture of it, then the end."""
    if has_display():
        return ["--demo"]
    picture = ROOT / "build" / "meridian-world.png"
    picture.parent.mkdir(exist_ok=True)
    say(f"no display: running offscreen for {OFFSCREEN_SECONDS} s, then saving {picture.relative_to(ROOT)}")
    return ["--demo", "--after", str(OFFSCREEN_SECONDS), "--capture", str(picture)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
