"""P12, the desktop's half: resident memory of a window with the fleet's heat map open at 480,000 machines."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.harness import Measurement, NotRun

TARGET_MIB, MACHINES = 450.0, 480_000
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S, REST_S = 60.0, 8.0


def measure() -> Measurement:
    """A process of its own over a store that another one filled: neither's memory is the other's."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.db"
        for step in ("fill", "look"):
            command = [sys.executable, "-m", "tests.bench.desktop_memory", step, str(store)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                raise NotRun(f"{step} ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    highest, resident = map(float, done.stdout.split()[-2:])
    note = f"desktop, fleet heat map of {MACHINES:,} machines, the highest ever; {resident:.0f} at rest"
    return Measurement(highest, TARGET_MIB, "MiB", TARGET_MIB, absolute=True, part="desktop", note=note)


def look(store: Path) -> None:
    """Open L1, then the heat map, let it live a while, and tell MiB: the highest ever and now."""
    from PySide6.QtCore import QEventLoop, QTimer

    from console.domain.site import Fleet
    from console.store import open_reader
    from console.ui.models.live import LiveFleet
    from console.ui.models.span import TimeBarModel
    from console.ui.process.application import make_application
    from console.ui.shell import Shell
    from console.ui.startup import VIEWS

    app, reader = make_application(), open_reader(store)
    live = LiveFleet(reader, reader, reader.fleet() or Fleet(name="", sites=()))
    shell = Shell(live, TimeBarModel(live.clock()), VIEWS)
    shell.resize(1920, 1080)
    shell.open_view("world")
    shell.show()
    live.start()

    def rest(seconds: float) -> None:
        loop = QEventLoop()  # QApplication.quit would close the window
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    rest(3.0)
    shell.open_view("fleet")
    end_s = time.monotonic() + PATIENCE_S
    machines = shell.view_widget.machines
    while (machines.now is None or len(machines.now) < MACHINES) and time.monotonic() < end_s:
        rest(0.2)
    if machines.now is None or len(machines.now) < MACHINES:
        raise SystemExit(f"not {MACHINES:,} machines on screen after {PATIENCE_S:.0f} s")
    rest(REST_S)
    status = Path("/proc/self/status").read_text("ascii")
    found = [int(re.search(rf"^{field}:\s+(\d+)", status, re.MULTILINE)[1]) / 1024 for field in ("VmHWM", "VmRSS")]
    sys.stdout.write("{:.1f} {:.1f}\n".format(*found))
    sys.stdout.flush()
    shell.close()
    live.close()
    reader.close()
    app.quit()


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        from tests.bench.p13_open_machines import fill

        fill(Path(sys.argv[2]))
    else:
        look(Path(sys.argv[2]))
