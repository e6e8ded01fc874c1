"""`meridian sound`: plays the tones of the alarms; with `--serve` it plays for a desktop, one word a line.

A process of its own: a sound system that hangs, prints or crashes must not touch a console that runs for weeks.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from console.domain.errors import MeridianError

TONES = ("critical", "high", "medium", "low")
RATE_HZ, BUFFER_MS = 16_000, 100
LONGEST_S = 10.0
NO_LIBRARY = "the extra `sound` is not installed (pip install meridian-console[sound])"
NO_DEVICE = "no sound device on this machine"


class NoSound(MeridianError):
    """No tone can be played here; the text says why."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommand's arguments."""
    parser = subparsers.add_parser("sound", help="play the tones of the alarms", description=__doc__)
    parser.add_argument("priority", nargs="*", type=tone, metavar="PRIORITY", help=f"{', '.join(TONES)} (default: all)")
    parser.add_argument("--serve", action="store_true", help="read priorities from standard input, answer each")
    parser.set_defaults(run=run)


def tone(text: str) -> str:
    """A priority's name; raises ArgumentTypeError on anything else."""
    if text not in TONES:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected one of {', '.join(TONES)}")
    return text


def run(args: argparse.Namespace) -> int:
    """Play what is named, all four where nothing is; 0. Raises NoSound where nothing can be heard."""
    from console.settings import resources

    folder = resources() / "sounds"
    if args.serve:
        return _serve(folder)
    for priority in args.priority or TONES:
        play(folder / f"{priority}.wav")
    return 0


def _serve(folder: Path) -> int:
    """`ready` or `none REASON` first; then for each priority, or `probe`, `ready` or `none REASON` again."""
    _answer(folder, "probe")
    for line in sys.stdin:
        _answer(folder, line.strip())
    return 0


def _answer(folder: Path, word: str) -> None:
    if word != "probe" and word not in TONES:
        return
    try:
        play(None if word == "probe" else folder / f"{word}.wav")
        said = "ready"
    except NoSound as error:
        said = f"none {error}"
    sys.stdout.write(said + "\n")
    sys.stdout.flush()


def play(path: Path | None) -> None:
    """Play a file to its end, or only open the device where there is none; raises NoSound.

    The device is opened for each tone: it may have been plugged in since the last one.
    """
    try:
        import miniaudio
    except ImportError as error:
        raise NoSound(NO_LIBRARY) from error
    form, heard = miniaudio.SampleFormat.SIGNED16, [one for one in miniaudio.Backend if one.name != "NULL"]
    try:
        device = miniaudio.PlaybackDevice(form, 1, RATE_HZ, BUFFER_MS, backends=heard, app_name="Meridian")
    except miniaudio.MiniaudioError as error:
        raise NoSound(NO_DEVICE) from error
    ended = threading.Event()
    try:
        if path is not None:
            source = miniaudio.stream_file(str(path), form, 1, RATE_HZ)
            stream = miniaudio.stream_with_callbacks(source, end_callback=ended.set)
            next(stream)
            device.start(stream)
            ended.wait(LONGEST_S)
            threading.Event().wait(3 * BUFFER_MS / 1000)  # what is still in the device's own buffer
    except miniaudio.MiniaudioError as error:
        raise NoSound(f"{NO_DEVICE}: {error}") from error
    finally:
        device.close()
