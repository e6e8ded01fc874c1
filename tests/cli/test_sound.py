"""`meridian sound`: four tones that nobody mistakes for one another, and a machine that cannot be heard says so."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from console.cli import sound
from console.settings import resources

TONES = resources() / "sounds"
ROOT = Path(__file__).resolve().parents[2]
NEEDS_LIBRARY = pytest.mark.skipif(
    sys.platform != "linux" or importlib.util.find_spec("miniaudio") is None, reason="needs ALSA and the extra `sound`"
)


def samples(name: str) -> np.ndarray:
    with wave.open(str(TONES / f"{name}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, sound.RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def pulses(tone: np.ndarray) -> list[float]:
    """The fundamental of each pulse in Hz: pulses are parted by rests of 30 ms and more."""
    loud = np.convolve(np.abs(tone) > 300, np.ones(480), "same") > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(int), [0]])))
    found = []
    for begin, end in edges.reshape(-1, 2):
        spectrum = np.abs(np.fft.rfft(tone[begin:end] * np.hanning(end - begin), 1 << 16))
        found.append(float(spectrum.argmax()) * sound.RATE_HZ / (1 << 16))
    return found


def test_r32_each_priority_has_a_tone_of_its_own_in_rhythm_and_in_pitch() -> None:
    heard = {name: pulses(samples(name)) for name in sound.TONES}
    assert {name: len(pitches) for name, pitches in heard.items()} == {"critical": 6, "high": 3, "medium": 2, "low": 1}
    highest = [max(heard[name]) for name in ("low", "medium")]
    assert highest[1] > 1.2 * highest[0]
    assert heard["high"] == sorted(heard["high"]), "it rises"
    assert heard["critical"][-1] < heard["critical"][0], "it falls"
    assert all(300 <= pitch <= 1000 for pitches in heard.values() for pitch in pitches), "IEC 60601-1-8"


def test_the_kept_script_makes_the_files_that_are_shipped(tmp_path: Path) -> None:
    script = "import runpy, pathlib, sys; runpy.run_path(sys.argv[1])['make'](pathlib.Path(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", script, str(TONES / "make.py"), str(tmp_path)], check=True)
    for name in sound.TONES:
        with wave.open(str(tmp_path / f"{name}.wav")) as file:
            made = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        assert np.abs(made.astype(int) - samples(name)).max() <= 1, "but for the last bit of another machine's sine"
        assert np.abs(made).max() < 32_000, "nothing is clipped"


def run(*arguments: str, words: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console", "sound", *arguments]
    return subprocess.run(
        command, input=words, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}, timeout=60
    )


def test_another_word_is_wrong_usage() -> None:
    done = run("loud")
    assert done.returncode == 2
    assert "found 'loud', expected one of critical, high, medium, low" in done.stderr


def test_without_the_library_it_says_how_to_get_it() -> None:
    code = "import sys; sys.modules['miniaudio'] = None; from console.__main__ import main; sys.exit(main(['sound']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert sound.NO_LIBRARY in done.stderr


@NEEDS_LIBRARY
def test_r32_a_machine_without_a_sound_device_answers_so_and_goes_on(tmp_path: Path) -> None:
    nothing = tmp_path / "asound.conf"
    nothing.write_text("")
    done = run("--serve", words="low\nnonsense\nprobe\n", ALSA_CONFIG_PATH=str(nothing), PULSE_SERVER="/nowhere")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [f"none {sound.NO_DEVICE}"] * 3, "at the start, of the tone, of the question"


@NEEDS_LIBRARY
def test_r32_the_tone_that_is_asked_for_reaches_the_sound_system_whole(tmp_path: Path) -> None:
    heard, config = tmp_path / "heard.raw", tmp_path / "asound.conf"
    sink = f"|head -c 400000 > {heard}; cat > /dev/null"
    config.write_text(
        f'pcm.nothing {{ type null }}\npcm.!default {{ type file slave.pcm "nothing" file "{sink}" format "raw" }}\n'
    )
    done = run("high", ALSA_CONFIG_PATH=str(config), PULSE_SERVER="/nowhere")
    if "no sound device" in done.stderr:
        pytest.skip("no ALSA library on this machine")
    assert (done.returncode, done.stdout) == (0, "")
    played, tone = np.fromfile(heard, dtype="<i2"), samples("high")
    begin = int(np.flatnonzero(played)[0]) - int(np.flatnonzero(tone)[0])
    assert np.array_equal(played[begin : begin + tone.size], tone)
    assert not played[begin + tone.size :].any()
