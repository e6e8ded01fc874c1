"""`meridian command`: what the words mean, and what it says where nothing can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.__main__ import build_parser, main
from console.cli.command_wish import command_of
from console.domain.command import SleepWindow, Verb
from console.domain.errors import ConfigError
from console.store import open_writer
from tests.operate.commands.field import Field, curtail, field_of


@pytest.fixture
def field(tmp_path: Path) -> Field:
    with field_of(tmp_path, {"alpha": 40, "beta": 40}) as made:
        made.writer.put_fleet(made.fleet)
        yield made


def wish(field: Field, *words: str) -> object:
    args = build_parser().parse_args(["command", *words, "--reason", "r", "--preview"])
    return command_of(args, field.reader, field.fleet)


@pytest.mark.parametrize("power", ["20MW", "20 MW", "20000kW"])
def test_quantities_are_the_houses_own(field: Field, power: str) -> None:
    command = wish(field, "curtail", "--site", "alpha", "--power", power, "--revert-in", "30min")
    assert command.arguments.site_power_w == 20e6
    assert command.revert_after_s == 1_800
    assert command.verb is Verb.CURTAIL


def test_verbs_and_their_arguments(field: Field) -> None:
    assert wish(field, "power-target", "--fleet", "--share", "80%").arguments.machine_share == 0.8
    assert wish(field, "power-target", "--fleet", "--machine-power", "3000W").arguments.machine_power_w == 3_000
    sleep = wish(field, "sleep-schedule", "--site", "alpha", "--sleep", "16:00-20:00").arguments.sleep
    assert sleep == (SleepWindow(960, 1200),)
    pool = wish(field, "change-pool", "--site", "beta", "--pool", "stratum+tcp://p:1", "--worker", "w").arguments
    assert (pool.pool_url, pool.pool_worker) == ("stratum+tcp://p:1", "w")
    assert not wish(field, "locate", "--site", "alpha", "--off").arguments.led_on


def test_selections(field: Field, tmp_path: Path) -> None:
    assert wish(field, "reboot", "--region", "Somewhere").selector.title == "Somewhere"
    assert wish(field, "reboot", "--fleet").selector.sites == ("alpha", "beta")
    assert wish(field, "reboot", "--site", "beta", "--container", "C1").selector.containers == {"beta": ("C1",)}
    listed = tmp_path / "machines.txt"
    listed.write_text("# by hand\nalpha alpha-m0001\nbeta beta-m0002\nalpha alpha-m0003\n")
    machines = wish(field, "reboot", "--machines", str(listed)).selector.machines
    assert machines == {"alpha": ("alpha-m0001", "alpha-m0003"), "beta": ("beta-m0002",)}
    found = wish(field, "reboot", "--query", "container:C2 site:beta").selector
    assert found.sites == ("beta",)
    assert len(found.machines["beta"]) == 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("curtail", "--site", "gamma"), "--site: the fleet has no gamma"),
        (("curtail",), "which machines?"),
        (("curtail", "--site", "alpha", "--power", "20"), "--power: found the bare number"),
        (("power-target", "--site", "alpha", "--share", "0.8"), "--share: found"),
        (("sleep-schedule", "--site", "alpha", "--sleep", "25:00-26:00"), "--sleep: found"),
        (("curtail", "--site", "alpha", "--site", "beta", "--container", "C1"), "exactly one --site"),
        (("curtail", "--query", "model:nothing"), "finds no machine"),
    ],
)
def test_what_cannot_be_meant_names_its_option(field: Field, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("?", r"\?")):
        wish(field, *words)


def test_a_line_of_a_list_is_named(field: Field, tmp_path: Path) -> None:
    listed = tmp_path / "machines.txt"
    listed.write_text("alpha alpha-m0001\nnowhere m1\n")
    with pytest.raises(ConfigError, match=r"machines\.txt:2"):
        wish(field, "reboot", "--machines", str(listed))


def test_it_names_the_next_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["command", "curtail", "--site", "a", "--reason", "r", "--preview", "--profile", str(tmp_path)]
    assert main(words) == 1
    assert f"`meridian collect --profile {tmp_path}`" in capsys.readouterr().err
    with field_of(tmp_path, {"a": 1}) as field:
        field.writer.put_fleet(field.fleet)
    (tmp_path / "store.db").rename(tmp_path / "meridian.db")
    assert main([*words, "--as", "Ada"]) == 1
    assert f"`meridian operators add NAME --role administrator --profile {tmp_path}`" in capsys.readouterr().err
    from console.domain.access import Role
    from console.domain.account import new_account

    writer = open_writer(tmp_path / "meridian.db")
    writer.put_account(new_account("Ada", Role.OPERATOR, "a long enough one", 0))
    writer.close()
    assert main([*words, "--as", "Ada"]) == 1
    assert "no collector runs on this profile" in capsys.readouterr().err


def test_list_and_show_tell_what_the_journal_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with field_of(tmp_path, {"alpha": 40}) as field:
        command = curtail("alpha")
        assert field.select(command) == ()
    (tmp_path / "store.db").rename(tmp_path / "meridian.db")
    assert main(["command", "list", "--profile", str(tmp_path)]) == 0
    assert command.id in capsys.readouterr().out
    assert main(["command", "show", command.id, "--json", "--profile", str(tmp_path)]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["machines"], facts["by"], facts["allowed"], len(facts["by_batch"])) == (40, "Ada", True, 2)
    assert main(["command", "show", command.id, "--profile", str(tmp_path)]) == 0
    assert "Contract floor" in capsys.readouterr().out
    assert main(["command", "show", "nothing", "--profile", str(tmp_path)]) == 1
