"""Turns the Site API's answer about one machine into its parts, in canonical units; pure, or BadAnswer.

The wire format is `GET /v1/miners/{miner_id}` of `resources/siteapi/openapi.yaml`.
"""

from __future__ import annotations

import math

import msgspec

from console.adapters.decode import Strict
from console.adapters.redaction import plain
from console.adapters.siteapi.parse import Quantities, canonical, epoch_ms
from console.domain.errors import BadAnswer
from console.domain.machine_detail import Board, Fan, MachineDetail, Pool, plausible
from console.domain.units import Dimension

RPM = "rpm"


class BoardWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """One hashboard; numbers in the answer's units."""

    name: str
    hashrate: float | None = None
    board_temperature: float | None = None
    chip_temperature: float | None = None
    chips_working: int | None = None
    chips_expected: int | None = None


class FanWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fan."""

    name: str
    speed: float | None = None


class PoolWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """One pool."""

    host: str
    alive: bool | None = None
    in_use: bool | None = None
    accepted: int | None = None
    rejected: int | None = None


class MachineWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """GET /v1/miners/{miner_id}."""

    miner_id: str
    measured_at: str
    units: dict[str, str] = {}
    boards: list[BoardWire] = []
    fans: list[FanWire] = []
    pools: list[PoolWire] = []
    errors: list[str] = []


def machine_detail(body: bytes, miner_id: str) -> MachineDetail:
    """The parts of the machine that was asked for; raises BadAnswer for another one's and for a number without unit."""
    wire = Strict(MachineWire).decode(body)
    if wire.miner_id != miner_id:
        raise BadAnswer(f'found the machine "{plain(wire.miner_id, 40)}", expected the one that was asked for')
    if any(fan.speed is not None for fan in wire.fans) and wire.units.get("fan_speed") != RPM:
        raise BadAnswer(f'fan_speed: found the unit "{plain(wire.units.get("fan_speed", ""), 20)}", expected "{RPM}"')
    hashrate_hs = _column(wire, "hashrate", Dimension.HASHRATE, [board.hashrate for board in wire.boards])
    board_c = _column(wire, "temperature", Dimension.TEMPERATURE, [board.board_temperature for board in wire.boards])
    chip_c = _column(wire, "temperature", Dimension.TEMPERATURE, [board.chip_temperature for board in wire.boards])
    boards = tuple(
        Board(
            name=board.name,
            hashrate_hs=hashrate_hs[place],
            board_c=board_c[place],
            chip_c=chip_c[place],
            chips_working=board.chips_working,
            chips_expected=board.chips_expected,
        )
        for place, board in enumerate(wire.boards)
    )
    return plausible(
        MachineDetail(
            at_ms=epoch_ms(wire.measured_at),
            boards=boards,
            fans=tuple(Fan(name=fan.name, speed_rpm=fan.speed) for fan in wire.fans),
            pools=tuple(Pool(**msgspec.structs.asdict(pool)) for pool in wire.pools),
            errors=tuple(wire.errors),
        )
    )


def _column(wire: MachineWire, name: str, dimension: Dimension, told: list[float | None]) -> list[float | None]:
    """The values in the canonical unit; a column of nothing needs no unit."""
    if all(value is None for value in told):
        return told
    values = canonical(name, Quantities(wire.units.get(name, ""), told), dimension)
    return [None if math.isnan(value) else float(value) for value in values.tolist()]
