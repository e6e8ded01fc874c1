"""Makes the four tones of the alarms, one a priority (R32): `python3 resources/sounds/make.py`. Standard library only.

The more urgent, the higher, the faster and the more pulses, so that they are told apart by rhythm alone. Fundamentals
lie between 300 and 1000 Hz with harmonics up to 4 kHz, and pulses rise and fall softly, as IEC 60601-1-8 asks of
alarm pulses; ISO 7731 wants 500 Hz to 2500 Hz for the main part, where the ear hears best.
"""

from __future__ import annotations

import array
import math
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

RATE_HZ = 16_000
HARMONICS = (1.0, 0.45, 0.30, 0.16)  # of the fundamental and of the next three
RISE_S = 0.018  # a pulse that begins at once is a click and makes people jump
LEVEL = 0.55


@dataclass(frozen=True)
class Tone:
    """Pulses as (fundamental in Hz, 0 for a rest; seconds)."""

    name: str
    pulses: tuple[tuple[float, float], ...]


def beats(pitch_hz: float, count: int, length_s: float, rest_s: float) -> tuple[tuple[float, float], ...]:
    """So many pulses of one pitch, each with its rest."""
    return ((pitch_hz, length_s), (0.0, rest_s)) * count


TONES = (
    Tone("critical", (*beats(932.3, 3, 0.12, 0.07), (0.0, 0.14), *beats(932.3, 2, 0.12, 0.07), (740.0, 0.22))),
    Tone("high", (*beats(784.0, 2, 0.16, 0.09), (987.8, 0.24))),
    Tone("medium", (*beats(587.3, 1, 0.22, 0.16), (587.3, 0.30))),
    Tone("low", ((440.0, 0.34),)),
)


def pulse(pitch_hz: float, length_s: float) -> list[float]:
    """One pulse between -1 and 1; silence for a pitch of 0."""
    count = round(length_s * RATE_HZ)
    if not pitch_hz:
        return [0.0] * count
    rise, whole = round(RISE_S * RATE_HZ), sum(HARMONICS)
    samples = []
    for position in range(count):
        edge = min(position, count - 1 - position) / rise
        soft = 1.0 if edge >= 1 else 0.5 - 0.5 * math.cos(math.pi * edge)
        fade = 1.0 - 0.45 * position / count
        at = 2 * math.pi * pitch_hz * position / RATE_HZ
        wave_now = sum(part * math.sin(at * number) for number, part in enumerate(HARMONICS, 1)) / whole
        samples.append(LEVEL * soft * fade * wave_now * 1.6)
    return samples


def samples_of(tone: Tone) -> array.array[int]:
    """The tone as 16-bit samples."""
    parts = [sample for pitch_hz, length_s in tone.pulses for sample in pulse(pitch_hz, length_s)]
    return array.array("h", (round(32767 * max(-1.0, min(1.0, sample))) for sample in parts))


def make(folder: Path) -> None:
    """Write one mono WAV a tone."""
    for tone in TONES:
        samples = samples_of(tone)
        if sys.byteorder == "big":
            samples.byteswap()
        with wave.open(str(folder / f"{tone.name}.wav"), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE_HZ)
            out.writeframes(samples.tobytes())


if __name__ == "__main__":
    make(Path(__file__).resolve().parent)
