"""Real servers, started once for the whole run: Debian's VictoriaMetrics and Prometheus on loopback ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.real.debian import free_port, program, running
from tests.real.exporter import Exporter

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
    binary, port = program("victoria-metrics", "victoria-metrics", folder), free_port()
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
    binary, port = program("prometheus", "prometheus", folder), free_port()
    url = f"http://127.0.0.1:{port}"
    config = folder / "prometheus.yml"
    config.write_text(PROMETHEUS.format(port=exporter.port), encoding="utf-8")
    command = [str(binary), f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
    with running([*command, f"--web.listen-address=127.0.0.1:{port}"], folder, f"{url}/-/ready"):
        yield url
