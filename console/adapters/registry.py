"""Knows which adapters there are: the built-in ones and those that other packages offer; a broken one is listed.

An adapter is imported when it is first asked for. Nothing that goes wrong inside one, not even `sys.exit` at import,
may end the program: it becomes an entry with its error in plain words (P1).
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from console.adapters.base import ENTRY_POINT_GROUP, Adapter, Capability, Manifest, Reader, Secrets
from console.adapters.control import Controller, Controls
from console.adapters.redaction import plain
from console.adapters.source_settings import as_config
from console.domain.errors import AuthRefused, ConfigError, MeridianError, SourceError, Unsupported
from console.domain.site import Site, Source
from console.domain.struct_learning import learn_all

BUILT_IN = {name: f"console.adapters.{name}" for name in ("siteapi", "promql", "lan", "modbus")}
T = TypeVar("T")
EXTRAS = {"pyasic_rs": "lan", "pymodbus": "modbus"}  # an importable module -> the extra of our own that brings it


@dataclass(frozen=True, slots=True)
class Entry:
    """One adapter as listed: either `adapter` is there, or `error` says why not. `origin`: the package it is from."""

    name: str
    origin: str
    adapter: Adapter | None = None
    error: str = ""


class Registry:
    """The adapters of this installation; loads each at most once. Used by one thread at a time."""

    def __init__(self, plugins: Iterable[importlib.metadata.EntryPoint] | None = None) -> None:
        offered = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP) if plugins is None else plugins
        self._loaders: dict[str, tuple[str, Callable[[], Any]]] = {
            name: ("Meridian", _built_in(module)) for name, module in BUILT_IN.items()
        }
        self._clashes: list[Entry] = []
        for point in sorted(offered, key=lambda point: (point.name, point.value)):
            self._offer(point)
        self._entries: dict[str, Entry] = {}

    def _offer(self, point: importlib.metadata.EntryPoint) -> None:
        origin = point.dist.name if point.dist is not None else point.module
        if point.name not in self._loaders:
            self._loaders[point.name] = (plain(origin), point.load)
        elif point.module != BUILT_IN.get(point.name):  # our own are entry points too, once installed
            taken = f"the name is taken by {self._loaders[point.name][0]}, so this one is not used"
            self._clashes.append(Entry(plain(point.name), plain(origin), error=taken))

    def entries(self) -> tuple[Entry, ...]:
        """Every adapter, broken ones and clashes among them, built-in ones first."""
        return (*(self.entry(name) for name in self._loaders), *self._clashes)

    def entry(self, name: str) -> Entry:
        """The entry of that name; one that says so where there is none."""
        if name not in self._loaders:
            known = ", ".join(self._loaders)
            return Entry(name, "", error=f"there is no adapter of that name, only {known}")
        if name not in self._entries:
            origin, load = self._loaders[name]
            self._entries[name] = _load(name, origin, load)
        return self._entries[name]

    def adapter(self, name: str) -> Adapter:
        """The adapter of that name; raises ConfigError with the reason where it cannot be used."""
        entry = self.entry(name)
        if entry.adapter is None:
            raise ConfigError((f'adapter: "{plain(name, 60)}" cannot be used: {entry.error}',))
        return entry.adapter

    def config(self, source: Source) -> Any:
        """The source's settings as its adapter's config; raises ConfigError, each problem as `key: what`."""
        return as_config(self.adapter(source.adapter).manifest.config, source.settings)

    def check(self, site: Site) -> tuple[str, ...]:
        """Every problem of a site's source that shows without asking it, each as `key: what`; empty when well."""
        try:
            self.open(site, _no_secret).close()
        except ConfigError as error:
            return error.problems
        return ()

    def open(self, site: Site, secrets: Secrets) -> Reader:
        """A session for the site, without any request yet; raises ConfigError, or SourceError for a broken plugin."""
        adapter, config = self.adapter(site.source.adapter), self.config(site.source)
        return _opened(site, lambda: adapter.open(site, config, secrets))

    def open_control(self, site: Site, secrets: Secrets) -> Controller:
        """A controller for the site, without any request yet.

        Raises Unsupported where its adapter cannot command, or not the sites of a simulated fleet (R60), AuthRefused
        where the source reads with a credential and has none to command with, else as `open`.
        """
        source = site.source
        adapter, config = self.adapter(source.adapter), self.config(source)
        if Capability.CONTROL not in adapter.manifest.capabilities or not isinstance(adapter, Controls):
            raise Unsupported(f"the adapter {source.adapter} only reads: it cannot command a site")
        if site.simulated and not adapter.manifest.tells_simulated:
            raise Unsupported(f"the fleet is simulated, and the adapter {source.adapter} reaches real machines")
        if source.credential is not None and source.control_credential is None:
            raise AuthRefused("no control credential is configured: a credential that reads may not command")
        return _opened(site, lambda: adapter.open_control(site, config, secrets))


def _opened(site: Site, door: Callable[[], T]) -> T:
    """What an adapter opens; a plugin's fault stays its own (P1)."""
    try:
        return door()
    except MeridianError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a plugin does wrong is an error of its source
        raise SourceError(f"the adapter {site.source.adapter} failed: {type(error).__name__}") from None


def _no_secret(name: str) -> str:
    raise SourceError(f"the credential {name} is not looked up while only the settings are checked")


def _built_in(module: str) -> Callable[[], Any]:
    return lambda: importlib.import_module(module).ADAPTER


def _load(name: str, origin: str, load: Callable[[], Any]) -> Entry:
    try:
        adapter = load()
        learn_all()  # its sites are polled by threads
        error = _shape_error(name, adapter)
    except ImportError as trouble:
        return Entry(name, origin, error=_missing(trouble))
    except (Exception, SystemExit) as trouble:  # noqa: BLE001 - whatever a plugin does at import, it is only listed
        return Entry(name, origin, error=f"it fails when loaded: {plain(f'{type(trouble).__name__}: {trouble}')}")
    return Entry(name, origin, error=error) if error else Entry(name, origin, adapter)


def _missing(trouble: ImportError) -> str:
    extra = EXTRAS.get((trouble.name or "").partition(".")[0])
    if extra:
        return f"it needs the package {trouble.name}: install meridian-console[{extra}]"
    return f"a module it needs is missing or does not load: {plain(str(trouble))}"


def _shape_error(name: str, adapter: Any) -> str:
    """What keeps `adapter` from being one, or nothing."""
    manifest = adapter.manifest
    if not isinstance(manifest, Manifest) or not callable(getattr(adapter, "open", None)):
        return "it does not keep to the adapter contract: expected a manifest and open()"
    if manifest.name != name:
        return f'its manifest calls it "{plain(manifest.name, 60)}"'
    if not (isinstance(manifest.config, type) and issubclass(manifest.config, msgspec.Struct)):
        return "its manifest's config is not a msgspec.Struct"
    return ""
