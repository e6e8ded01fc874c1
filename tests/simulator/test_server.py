"""The simulator over real HTTP: paths, tokens, caching, the faults on the line, and how it ends."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from console.__main__ import main
from console.domain.errors import ConfigError
from console.fleet import load_fleet
from console.simulator.faults import Fault, parse_faults
from console.simulator.fleet_file import fleet_toml
from console.simulator.plan import demo_sites, scaled
from console.simulator.server import FleetServer

ROOT = Path(__file__).resolve().parents[2]
SITE = "us-ga-1"
WORD = "open-sesame"


def get(server: FleetServer, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{server.base_url}/sites/{SITE}{path}", headers=sent)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def test_an_unchanged_sample_is_304_and_nothing_newer_is_204(start_fleet) -> None:
    server = start_fleet()
    for _ in range(3):  # between two asks a new sample may fall
        status, body, headers = get(server, "/v1/telemetry")
        again = get(server, "/v1/telemetry", If_None_Match=headers["ETag"])[0]
        newer = get(server, f"/v1/telemetry?since={json.loads(body)['measured_at']}")[0]
        if (again, newer) == (304, 204):
            break
    assert (status, again, newer) == (200, 304, 204)


def test_rows_say_the_same_as_columns(start_fleet) -> None:
    server = start_fleet()
    for _ in range(3):
        columns = json.loads(get(server, "/v1/telemetry")[1])
        rows = json.loads(get(server, "/v1/telemetry?format=rows")[1])
        if rows["measured_at"] == columns["measured_at"]:
            break
    roster = json.loads(get(server, "/v1/roster")[1])
    assert [row["miner"] for row in rows["rows"]] == [miner["id"] for miner in roster["miners"]]
    for name, told in columns["metrics"].items():
        assert rows["units"][name] == told["unit"]
        assert [row[name] for row in rows["rows"]] == told["values"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/nothing", 404),
        ("/v1/telemetry?format=xml", 400),
        ("/v1/telemetry?since=yesterday", 400),
        ("/v1/history", 400),
        ("/v1/history?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&step=61", 400),
        ("/v1/site?a=1&a=2", 400),
    ],
)
def test_a_bad_request_is_answered_with_a_problem(start_fleet, path: str, status: int) -> None:
    found, body, headers = get(start_fleet(), path)
    assert found == status
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["status"] == status


def test_a_token_is_asked_for_and_checked(start_fleet) -> None:
    server = start_fleet(token=WORD)
    assert get(server, "/v1/site")[0] == 401
    assert get(server, "/v1/site", Authorization="Bearer wrong")[0] == 401
    assert get(server, "/v1/site", Authorization=f"Bearer {WORD}")[0] == 200


@pytest.mark.parametrize(
    ("given", "reads", "commands"), [(None, 401, 401), ("wrong", 401, 401), (WORD, 200, 403), ("command-me", 200, 404)]
)
def test_a_token_that_reads_may_not_command_and_one_that_commands_may_read(
    start_fleet, given: str | None, reads: int, commands: int
) -> None:
    server = start_fleet(token=WORD, control_token="command-me")
    headers = {} if given is None else {"Authorization": f"Bearer {given}"}
    assert get(server, "/v1/site", **headers)[0] == reads
    assert get(server, "/v1/commands/nothing", **headers)[0] == commands


def test_a_control_token_alone_leaves_reading_open(start_fleet) -> None:
    server = start_fleet(control_token="command-me")
    assert get(server, "/v1/site")[0] == 200
    assert get(server, "/v1/commands/nothing")[0] == 401


def test_the_help_names_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", "--help"])
    told = "".join(capsys.readouterr().out.split())  # the terminal's width breaks words at their hyphens
    assert [fault for fault in Fault if fault not in told] == []


def test_the_fleet_file_names_both_credentials_and_says_that_its_sites_are_simulated(tmp_path: Path) -> None:
    path = tmp_path / "fleet.toml"
    text = fleet_toml(scaled(demo_sites(), 2, 100), "http://127.0.0.1:1", "reads", "commands")
    path.write_text(text, encoding="utf-8")
    fleet = load_fleet(path)
    assert {(site.source.credential, site.source.control_credential) for site in fleet.sites} == {("reads", "commands")}
    assert all(site.simulated for site in fleet.sites)


def test_history_comes_in_pages_that_join(start_fleet) -> None:
    server = start_fleet()
    end_s = time.time() // 3600 * 3600
    stretch = f"start={stamp(end_s - 7200)}&end={stamp(end_s)}"
    whole = json.loads(get(server, f"/v1/history?{stretch}")[1])
    assert whole["points"] == 120
    assert whole["next"] is None
    values: list[float | None] = []
    cursor = ""
    while cursor is not None:
        query = f"/v1/history?{stretch}&limit=50" + (f"&cursor={cursor}" if cursor else "")
        page = json.loads(get(server, query)[1])
        values += page["series"][0]["metrics"]["hashrate"]["values"]
        cursor = page["next"]
    assert values == whole["series"][0]["metrics"]["hashrate"]["values"]


def stamp(at_s: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))


def test_a_host_keeps_thirty_days_and_no_future(start_fleet) -> None:
    server = start_fleet()
    now = time.time()
    query = f"/v1/history?start={stamp(now - 40 * 86400)}&end={stamp(now + 86400)}&step=86400"
    assert 29 <= json.loads(get(server, query)[1])["points"] <= 30


def test_faults_are_switched_while_the_fleet_runs(start_fleet) -> None:
    server = start_fleet()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    for wanted, status in (({SITE: "500"}, 500), ({SITE: None}, 200), ({"all": "401"}, 401), ({"all": None}, 200)):
        connection.request("POST", "/simulator/faults", json.dumps(wanted))
        connection.getresponse().read()
        assert get(server, "/v1/site")[0] == status
    connection.close()


def test_a_wrong_fault_is_refused_with_every_problem() -> None:
    with pytest.raises(ConfigError) as refused:
        parse_faults(["us-ga-1=melt", "mars-1=hang", "all=hang"], ["us-ga-1"])
    assert len(refused.value.problems) == 2
    assert parse_faults(["all=hang"], ["a", "b"]) == {"a": Fault.HANG, "b": Fault.HANG}


def start(*more: str, stdin: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "console", "simulate", "--port", "0", "--miners", "200", "--sites", "2", *more]
    process = subprocess.Popen(command, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready http://127.0.0.1:")
    return process


def finish(process: subprocess.Popen[str]) -> int:
    code = process.wait(timeout=20)
    for pipe in (process.stdout, process.stdin):
        if pipe is not None:
            pipe.close()
    return code


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_cleanly_even_with_a_hanging_client(name: str, tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.toml"
    process = start("--fault", f"{SITE}=hang", "--fleet-out", str(fleet))
    port = int(fleet.read_text(encoding="utf-8").split("127.0.0.1:")[1].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/sites/{SITE}/v1/site")
    process.send_signal(getattr(signal, name))
    assert finish(process) == 0
    connection.close()


def test_it_ends_with_its_standard_input() -> None:
    process = start("--until-stdin-ends", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert finish(process) == 0


def test_it_ends_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process = start("--parent-pid", str(parent.pid))
    parent.kill()
    parent.wait()
    assert finish(process) == 0
