"""Where the command line lets a picture be written: a file whose ending says how, in a folder that is there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ENDINGS = (".png", ".svg", ".pdf")


def picture_file(text: str) -> Path:
    """The file that `text` names; raises ArgumentTypeError for what is no such file."""
    path = Path(text)
    if path.suffix.lower() not in ENDINGS:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a file that ends in .png, .svg or .pdf")
    if not os.path.isdir(path.parent):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a folder that is there: {path.parent} is none")
    if os.path.exists(path) and not os.path.isfile(path):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a file or nothing there: it is no regular file")
    return path
