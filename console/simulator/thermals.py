"""Heat and power of machines: how load makes watts, watts make warm boards, and a site adds its cooling."""

from __future__ import annotations

import numpy as np

from console.simulator.noise import Floats

SOUND_C = 38.0  # a board above its inlet at full load
IDLE_C = 4.0


def load(level: Floats, inlet_c: Floats) -> Floats:
    """The power of a sound machine as a share of its rating: a fixed part, and fans that work harder when warm."""
    share: Floats = (0.08 + 0.92 * level) * (1.0 + 0.001 * (inlet_c - 25.0))
    return share


def output_at(share: Floats) -> Floats:
    """The hashrate, as a share of its own, of a machine held at `share` of its power: the fixed part hashes nothing."""
    output: Floats = np.maximum(0.0, (share - 0.08) / 0.92)
    return output


def inlet_c(ambient: Floats, running: Floats) -> Floats:
    """Inlet air: outside air warmed by what the container takes in again; never below 4 °C, which louvres hold."""
    warmed: Floats = np.maximum(ambient + 1.5 + 2.0 * running, 4.0 + 0.0 * running)
    return warmed


def meter_w(power_w: Floats, ambient: Floats) -> Floats:
    """The site's meter: machines, fans and pumps (3 % and more with heat) and lights."""
    metered: Floats = power_w * (1.03 + 0.0012 * np.clip(ambient - 15.0, 0.0, 30.0)) + 25_000.0
    return metered
