"""A host of many sites for benchmarks: canned Site API answers over real HTTP, each a minute newer than the last."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from tests.bench.noise import MINUTE_MS, T0, make_fleet, make_frame, make_roster

STAMP = b"1970-01-01T00:00:00Z"
WIRE = {"hashrate_hs": ("hashrate", "TH/s", 1e12, 2), "power_w": ("power", "W", 1.0, 0),
        "board_c": ("board_temperature", "C", 1.0, 1), "inlet_c": ("inlet_temperature", "C", 1.0, 1)}  # fmt: skip


def telemetry(number: int, miners: int) -> bytes:
    """The columnar body of one site, with `STAMP` where its moment goes."""
    roster = make_roster(make_fleet(number + 1).sites[number].id, miners)
    frame = make_frame(roster, T0, np.random.default_rng(number))
    metrics = {}
    for metric, (name, unit, scale, digits) in WIRE.items():
        rounded = np.round(frame.columns[metric].astype(np.float64) / scale, digits).tolist()
        metrics[name] = {"unit": unit, "values": [None if value != value else value for value in rounded]}
    state = frame.columns["state"]
    words = {
        "words": ["hashing", "off"],
        "values": [None if code != code else int(code == 3) for code in state.tolist()],
    }
    body = {"roster_version": "v1", "measured_at": STAMP.decode(), "metrics": metrics, "state": words}
    return json.dumps(body, separators=(",", ":")).encode()


def in_rows(body: bytes) -> bytes:
    """The same samples as one object a machine, the way most vendors write them."""
    told = json.loads(body)
    names = [*told["metrics"], "state"]
    columns = [told["metrics"][name]["values"] for name in told["metrics"]] + [told["state"]["values"]]
    machines = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return json.dumps([{"id": f"C01-R01-{n:05d}", **machine} for n, machine in enumerate(machines)]).encode()


def roster(number: int, miners: int) -> bytes:
    """The roster that the columns are in the order of."""
    machines = make_roster(make_fleet(number + 1).sites[number].id, miners).miners
    rows = [{"id": miner.id, "container": miner.container, "rated_hashrate": 141.0} for miner in machines]
    return json.dumps({"roster_version": "v1", "units": {"rated_hashrate": "TH/s"}, "miners": rows}).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        _, _, site, *rest = self.path.split("?")[0].split("/")
        bodies: list[tuple[bytes, bytes]] = self.server.bodies
        asked: list[int] = self.server.asked
        telemetry_body, roster_body = bodies[int(site)]
        if rest[-1] == "roster":
            body = roster_body
        else:
            asked[int(site)] += 1
            moment = datetime.fromtimestamp((T0 + asked[int(site)] * MINUTE_MS) / 1000, UTC)
            body = telemetry_body.replace(STAMP, moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), 1)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


@contextmanager
def site_host(sites: int, miners: int) -> Iterator[str]:
    """Serve in a process of its own; gives the base URL, under which each site is `/sites/<number>`."""
    command = [sys.executable, "-m", "tests.bench.site_host", str(sites), str(miners)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield child.stdout.readline().decode().strip()
    finally:
        child.stdin.close()
        child.wait(20)
        child.stdout.close()


def serve(sites: int, miners: int) -> None:
    """Until standard input ends."""
    import threading

    server = _Server(("127.0.0.1", 0), _Handler)
    server.bodies = [(telemetry(number, miners), roster(number, miners)) for number in range(sites)]
    server.asked = [0] * sites
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
