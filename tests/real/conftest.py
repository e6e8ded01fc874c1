"""Real servers, started once for the whole run: Debian's VictoriaMetrics and Prometheus on loopback ports."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real import past
from tests.real.debian import free_port, program, running
from tests.real.exporter import Exporter
from tests.real.sites import push

PROMETHEUS = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: fleet
    honor_labels: true
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


@pytest.fixture(scope="session")
def victoria_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a VictoriaMetrics with its defaults, its 30 s latency offset among them."""
    folder = tmp_path_factory.mktemp("victoria")
    binary, port = program("victoria-metrics", "victoria-metrics"), free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(binary), f"-storageDataPath={folder / 'data'}", f"-httpListenAddr=127.0.0.1:{port}"]
    with running([*command, "-retentionPeriod=3"], folder, f"{url}/health"):
        yield url


@pytest.fixture(scope="session")
def exporter() -> Iterator[Exporter]:
    """A small exporter that Prometheus scrapes every second."""
    with Exporter() as one:
        yield one


@pytest.fixture(scope="session")
def prometheus_url(tmp_path_factory: pytest.TempPathFactory, exporter: Exporter) -> Iterator[str]:
    """The base URL of a Prometheus that scrapes the exporter."""
    folder = tmp_path_factory.mktemp("prometheus")
    binary, port = program("prometheus", "prometheus"), free_port()
    url = f"http://127.0.0.1:{port}"
    config = folder / "prometheus.yml"
    backfill(folder, binary.with_name("promtool"))
    config.write_text(PROMETHEUS.format(port=exporter.port), encoding="utf-8")
    command = [str(binary), f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
    with running([*command, f"--web.listen-address=127.0.0.1:{port}"], folder, f"{url}/-/ready"):
        yield url


def backfill(folder: Path, promtool: Path) -> None:
    """Give the Prometheus that will run in `folder` the hour and a half of `tests.real.past`."""
    text = folder / "past.om"
    text.write_text(f"# TYPE {past.METRIC} gauge\n{past.exposition(per_ms=1000)}# EOF\n", encoding="utf-8")
    command = [str(promtool), "tsdb", "create-blocks-from", "openmetrics", str(text), str(folder / "data")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="session", params=["VictoriaMetrics", "Prometheus"])
def past_url(request: pytest.FixtureRequest) -> str:
    """The base URL of each server in turn, with the hour and a half of `tests.real.past` in it."""
    if request.param == "Prometheus":
        return str(request.getfixturevalue("prometheus_url"))
    url = str(request.getfixturevalue("victoria_url"))
    push(url, past.exposition())
    return url
