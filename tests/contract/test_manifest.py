"""What every adapter of this installation says of itself, third-party ones among them."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from console.adapters.base import Capability, History, Reader, Rung
from console.adapters.control import Controls
from console.adapters.registry import BUILT_IN, Registry
from console.adapters.source_settings import settings_of
from tests.contract.case import Case
from tests.contract.cases import CASES
from tests.hostile import Reply, serving


@pytest.fixture(params=sorted(BUILT_IN))
def name(request: pytest.FixtureRequest) -> str:
    entry = Registry().entry(request.param)
    if entry.adapter is None:
        pytest.skip(f"{request.param} is not usable here: {entry.error}")
    return request.param


@pytest.fixture
def manifest(name: str):
    return Registry().entry(name).adapter.manifest


def test_it_names_itself_and_says_what_it_is_for(manifest) -> None:
    assert manifest.name in BUILT_IN
    assert manifest.vendor
    assert 10 < len(manifest.summary) < 200
    assert manifest.rung in Rung
    assert Capability.READ in manifest.capabilities
    assert manifest.requests_per_s > 0


def test_whoever_says_that_it_commands_can_and_nobody_else(name: str) -> None:
    adapter = Registry().entry(name).adapter
    assert isinstance(adapter, Controls) is (Capability.CONTROL in adapter.manifest.capabilities)
    assert (adapter.manifest.rung is Rung.GOLD) is (Capability.CONTROL in adapter.manifest.capabilities)


def test_every_setting_is_explained_and_the_struct_is_frozen(manifest) -> None:
    settings = settings_of(manifest.config)
    assert settings
    assert [setting.key for setting in settings if len(setting.help) < 10] == []
    assert [setting.key for setting in settings if setting.holds == "another kind of value"] == []
    assert manifest.config.__struct_config__.frozen


def test_no_setting_asks_for_a_secret(manifest) -> None:
    words = ("password", "secret", "token", "key")
    assert [s.key for s in settings_of(manifest.config) if any(word in s.key for word in words)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_opening_asks_nothing_and_closing_twice_is_fine(case: Case) -> None:
    with serving(Reply(b"{}")) as server:
        reader = case.open(server.url)
        assert isinstance(reader, Reader)
        assert isinstance(reader, History) is (Capability.HISTORY in case.adapter.manifest.capabilities)
        reader.close()
        reader.close()
        assert server.connections == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_its_module_speaks_no_english_of_another_adapter(case: Case) -> None:
    source = inspect.getsource(inspect.getmodule(type(case.adapter)))
    assert [name for name in BUILT_IN if name != case.name and f"adapters.{name}" in source] == []


def test_a_config_is_a_struct(manifest) -> None:
    assert issubclass(manifest.config, msgspec.Struct)
