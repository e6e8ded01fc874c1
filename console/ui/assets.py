"""Knows where the files lie that ship with the program; must not know what is in them."""

from __future__ import annotations

from pathlib import Path

IN_A_CHECKOUT = Path(__file__).resolve().parents[2] / "resources"


def asset(*parts: str) -> Path:
    """The path of a file under `resources/`, wherever the program is installed."""
    if IN_A_CHECKOUT.is_dir():
        return IN_A_CHECKOUT.joinpath(*parts)
    from console.settings import resources  # it knows the other places, and costs a first paint nothing here

    return resources().joinpath(*parts)
