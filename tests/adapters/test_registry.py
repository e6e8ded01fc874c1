"""Adapters of other packages: found, listed when broken, and never the end of the program (P1)."""

from __future__ import annotations

import importlib.metadata
import sys
import textwrap
from pathlib import Path

import pytest

from console.__main__ import main
from console.adapters.registry import BUILT_IN, Registry
from console.domain.errors import ConfigError, SourceError, Unsupported
from console.domain.site import Ownership, Site, Source

GOOD = """
import msgspec
from console.adapters.base import Capability, Manifest, Rung

class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    '''Settings.

    speed: how fast
    '''
    speed: int
    mode: str = "slow"

class Adapter:
    manifest = Manifest("good", "Test", "a plugin that is as it should be", Config,
                        frozenset({Capability.READ}), Rung.BRONZE, 1.0)

    def open(self, site, config, secrets):
        if config.mode == "broken":
            raise RuntimeError("secret-in-the-trace")
        return self

    def close(self):
        pass

ADAPTER = Adapter()
"""
HOSTILE = {
    "raises": ("raise RuntimeError('no <b>way</b>\\x1b[31m')", "RuntimeError: no <b>way</b>"),
    "exits": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "syntax": ("def broken(:", "SyntaxError"),
    "imports": ("import a_module_that_nobody_has", "a_module_that_nobody_has"),
    "empty": ("", "AttributeError"),
    "nothing": ("ADAPTER = None", "AttributeError"),
    "mislabelled": (GOOD, 'its manifest calls it "good"'),
    "recursion": ("def f(): f()\nf()", "RecursionError"),
}


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[importlib.metadata.EntryPoint]:
    """Hostile plugins, a good one, and one that takes a name of ours."""
    monkeypatch.syspath_prepend(tmp_path)
    codes = {"good": GOOD, "promql": GOOD, **{name: code for name, (code, _) in HOSTILE.items()}}
    points = []
    for name, code in codes.items():
        module = f"meridian_test_{name}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(code), encoding="utf-8")
        monkeypatch.delitem(sys.modules, module, raising=False)
        points.append(importlib.metadata.EntryPoint(name, f"{module}:ADAPTER", "meridian.adapters"))
    return points


@pytest.fixture
def registry(plugins: list[importlib.metadata.EntryPoint]) -> Registry:
    return Registry(plugins)


@pytest.mark.parametrize("name", HOSTILE)
def test_p1_a_broken_plugin_is_listed_with_its_error(registry: Registry, name: str) -> None:
    entry = registry.entry(name)
    assert entry.adapter is None
    assert HOSTILE[name][1] in entry.error
    assert entry.error.isprintable()


def test_p1_the_others_work_beside_broken_ones(registry: Registry) -> None:
    listed = {(entry.name, entry.adapter is not None) for entry in registry.entries()}
    assert {("good", True), ("promql", True), ("siteapi", True), ("raises", False)} <= listed


def test_a_plugin_cannot_take_the_place_of_a_built_in_one(registry: Registry) -> None:
    assert registry.adapter("promql").manifest.vendor.startswith("Prometheus")
    clash = [entry for entry in registry.entries() if entry.name == "promql" and entry.adapter is None]
    assert [entry.error for entry in clash] == ["the name is taken by Meridian, so this one is not used"]


def test_our_own_entry_points_are_no_clash() -> None:
    own = [importlib.metadata.EntryPoint(n, f"{module}:ADAPTER", "meridian.adapters") for n, module in BUILT_IN.items()]
    assert [entry.name for entry in Registry(own).entries()] == list(BUILT_IN)


def test_a_missing_extra_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'pyasic_rs'", name="pyasic_rs")

    monkeypatch.setattr("importlib.import_module", missing)
    error = Registry(()).entry("lan").error
    assert error == "it needs the package pyasic_rs: install meridian-console[lan]"


PROMQL = {
    "base_url": "https://metrics.example",
    "labels": {"miner": "miner"},
    "metrics": {"hashrate": {"metric": "hashrate_ths", "unit": "TH/s"}},
}


def site(adapter: str, **settings: object) -> Site:
    return Site(
        id="s1", name="S", region="R", country="US", latitude_deg=0, longitude_deg=0, time_zone="UTC",
        ownership=Ownership.OWNED, deployed_hs=1, capacity_w=1, power_price_usd_per_mwh=1, poll_period_s=30,
        source=Source(adapter=adapter, settings=settings),
    )  # fmt: skip


def test_an_unknown_adapter_names_those_that_are_there() -> None:
    with pytest.raises(ConfigError, match='adapter: "forman" cannot be used: there is no adapter of that name, only'):
        Registry(()).adapter("forman")


def test_settings_become_the_config_or_all_their_problems(registry: Registry) -> None:
    assert registry.config(site("good", speed=5).source).speed == 5
    assert registry.check(site("good", speed="fast", mod="x")) == (
        "mod: not a setting of this adapter; did you mean mode?",
        'speed: found "fast", expected a whole number',
    )
    assert registry.check(site("good", speed=5)) == ()
    assert "plain http to 10.0.0.1" in registry.check(site("siteapi", base_url="http://10.0.0.1/"))[0]


def test_p1_a_plugin_that_fails_on_opening_is_a_source_error_without_its_words(registry: Registry) -> None:
    with pytest.raises(SourceError, match="the adapter good failed: RuntimeError") as caught:
        registry.open(site("good", speed=5, mode="broken"), lambda name: name)
    assert "secret-in-the-trace" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_adapter_that_only_reads_is_asked_for_no_controller(registry: Registry) -> None:
    for name, settings in (("good", {"speed": 5}), ("promql", PROMQL)):
        with pytest.raises(Unsupported, match=f"the adapter {name} only reads"):
            registry.open_control(site(name, **settings), lambda name: name)


COMMANDS = """
    def open_control(self, site, config, secrets):
        raise RuntimeError("secret-in-the-trace")
"""


def test_p1_a_plugin_that_fails_on_opening_a_controller_is_a_source_error_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = GOOD.replace("{Capability.READ}", "{Capability.READ, Capability.CONTROL}").replace(
        "\nADAPTER", f"{COMMANDS}\nADAPTER"
    )
    (tmp_path / "meridian_test_commands.py").write_text(textwrap.dedent(code), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    point = importlib.metadata.EntryPoint("good", "meridian_test_commands:ADAPTER", "meridian.adapters")
    with pytest.raises(SourceError, match="the adapter good failed: RuntimeError") as caught:
        Registry([point]).open_control(site("good", speed=5), lambda name: name)
    assert "secret-in-the-trace" not in str(caught.value)


def test_the_command_lists_adapters_with_their_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adapters", "promql"]) == 0
    told = capsys.readouterr().out
    assert "silver: history, read" in told
    assert "base_url: text (required)" in told
    assert 'which label names the miner ("instance" unless told)' in told
    assert main(["adapters"]) == 0
    told = capsys.readouterr().out
    assert all(f"\n{name}  " in f"\n{told}" for name in BUILT_IN)
    assert "gold: control, detail, history, read" in told
    assert "control: true or false (default False)" in told


def test_the_command_fails_for_one_that_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adapters", "nobody"]) == 1
    assert "there is no adapter of that name" in capsys.readouterr().out
