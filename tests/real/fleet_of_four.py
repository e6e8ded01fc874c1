"""A fleet of four kinds of source as a fleet file, and an independent question to each: no code of the program's."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared"
REPLAY, RECORDINGS = SHARED / "tools" / "replay_miner.py", SHARED / "data" / "recordings"

SITE = """
[[site]]
id = "{id}"
name = "{id}"
region = "{region}"
country = "United States"
latitude = {latitude}
longitude = -82.8
time_zone = "America/New_York"
ownership = "hosted"
deployed = "20 PH/s"
capacity = "2 MW"
power_price = "75.8 USD/MWh"
poll_period = "30 s"
source = {source}
"""


def fleet_text(sources: Mapping[str, Mapping[str, Any]]) -> str:
    """The fleet file: a site for each source, by id."""
    tables = (
        SITE.format(id=site_id, region=f"Region {index}", latitude=30 + index, source=toml(source))
        for index, (site_id, source) in enumerate(sources.items())
    )
    return '[fleet]\nname = "Four sources"\n' + "".join(tables)


def toml(value: Any) -> str:
    """An inline value; TOML's basic strings, numbers and lists are JSON's."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


@contextlib.contextmanager
def replayed_antminers(addresses: list[str]) -> Iterator[None]:
    """Recorded Antminers at these addresses."""
    command = [sys.executable, str(REPLAY), str(RECORDINGS / "antminer"), *addresses]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline().startswith(b"replaying")
            yield
        finally:
            process.terminate()


@contextlib.contextmanager
def simulated_site(folder: Path) -> Iterator[tuple[str, str]]:
    """One site of the simulator; gives its id and its base URL."""
    out = folder / "simulated.toml"
    command = [sys.executable, "-m", "console", "simulate", "--sites", "1", "--miners", "200", "--port", "0"]
    options = {"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([*command, "--until-stdin-ends", "--fleet-out", str(out)], **options) as process:
        try:
            url = process.stdout.readline().decode().removeprefix("ready ").strip()
            site_id = next(line for line in out.read_text().splitlines() if line.startswith("id = ")).split('"')[1]
            yield site_id, f"{url}/sites/{site_id}"
        finally:
            process.terminate()


def telemetry(base_url: str) -> dict[str, Any]:
    """What a host's Site API says now."""
    with urllib.request.urlopen(f"{base_url}/v1/telemetry", timeout=10) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def antminer_ghs(address: str) -> float:
    """What one Antminer says of its hashrate, asked over its own protocol; in GH/s."""
    with socket.create_connection((address, 4028), timeout=5) as line:
        line.sendall(b'{"command":"summary"}')
        reply = b""
        while chunk := line.recv(65536):
            reply += chunk
    return float(json.loads(reply.rstrip(b"\0"))["SUMMARY"][0]["GHS 5s"])


def collect_once(fleet: Path, profile: Path) -> str:
    """One round of the real collector process; what it said of each site."""
    command = [sys.executable, "-m", "console", "collect", "--fleet", str(fleet), "--profile", str(profile), "--once"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
