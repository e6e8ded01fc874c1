"""Turns what one device tells of its boards, fans, pools and errors into a detail in canonical units. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from console.adapters.lan.sighting import hottest, number, words
from console.domain.errors import UnitError
from console.domain.machine_detail import Board, Fan, MachineDetail, Pool, plausible
from console.domain.units import Dimension, unit

MHS = unit("MH/s", Dimension.HASHRATE)


def from_library(data: Any, at_ms: int) -> MachineDetail:
    """The library's data: it states the unit of a hashrate, temperatures are °C and fans in rpm."""
    boards = tuple(
        Board(
            name=f"board {board.position}",
            hashrate_hs=stated_hs(board.hashrate),
            board_c=hottest([board.board_temperature]),
            chip_c=hottest([*(chip.temperature for chip in board.chips or ()), board.outlet_chip_temperature]),
            chips_working=_count(board.working_chips),
            chips_expected=_count(board.expected_chips),
        )
        for board in data.hashboards
    )
    fans = [Fan(name=f"fan {fan.position}", speed_rpm=number(fan.rpm)) for fan in data.fans]
    fans += [Fan(name=f"supply fan {fan.position}", speed_rpm=number(fan.rpm)) for fan in data.psu_fans]
    pools = tuple(
        Pool(
            host=_host(str(pool.url)),
            alive=pool.alive,
            in_use=pool.active,
            accepted=_count(pool.accepted_shares),
            rejected=_count(pool.rejected_shares),
        )
        for group in data.pools
        for pool in group.pools
        if pool.url is not None
    )
    errors = tuple(words(message.message) for message in data.messages)
    return plausible(MachineDetail(at_ms=at_ms, boards=boards, fans=tuple(fans), pools=pools, errors=errors))


def from_whatsminer(summary: Any, devs: Any, pools: Any, errors: Any, at_ms: int) -> MachineDetail:
    """Replies of WhatsMiner versions 1 and 2: hashrates in MH/s, temperatures in °C, two fans in rpm."""
    told = _rows(summary, "SUMMARY")
    fans = [("intake", told[0].get("Fan Speed In")), ("outlet", told[0].get("Fan Speed Out"))] if told else []
    return plausible(
        MachineDetail(
            at_ms=at_ms,
            boards=tuple(map(_whatsminer_board, _rows(devs, "DEVS"))),
            fans=tuple(Fan(name=f"fan {name}", speed_rpm=number(rpm)) for name, rpm in fans if rpm is not None),
            pools=tuple(map(_whatsminer_pool, _rows(pools, "POOLS"))),
            errors=_whatsminer_errors(errors),
        )
    )


def _whatsminer_board(row: Mapping[str, Any]) -> Board:
    hashrate = number(row.get("MHS av"))
    return Board(
        name=f"board {row.get('Slot', row.get('ASC', ''))}".strip(),
        hashrate_hs=None if hashrate is None else float(MHS.canonical(hashrate)),
        board_c=hottest([row.get("Temperature")]),
        chip_c=hottest([row.get("Chip Temp Max")]),
        chips_working=_count(row.get("Effective Chips")),
    )


def _whatsminer_pool(row: Mapping[str, Any]) -> Pool:
    status = words(row.get("Status")).lower()
    in_use = row.get("Stratum Active")
    return Pool(
        host=_host(words(row.get("URL"))),
        alive=status == "alive" if status else None,
        in_use=in_use if isinstance(in_use, bool) else None,
        accepted=_count(row.get("Accepted")),
        rejected=_count(row.get("Rejected")),
    )


def _whatsminer_errors(reply: Any) -> tuple[str, ...]:
    """`{"Msg": {"error_code": [{"218": "2024-06-15 10:30:00"}]}}`; the device's own clock, so without a zone."""
    message = reply.get("Msg") if isinstance(reply, dict) else None
    codes = message.get("error_code") if isinstance(message, dict) else None
    found = [code for code in codes if isinstance(code, dict)] if isinstance(codes, list) else []
    return tuple(
        words(f"code {number}", f"since {since} by its own clock") for code in found for number, since in code.items()
    )


def _rows(reply: Any, key: str) -> list[dict[str, Any]]:
    rows = reply.get(key) if isinstance(reply, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def stated_hs(value: Any) -> float | None:
    """A hashrate with its unit; one in a unit that is not in our table is refused, not guessed."""
    known = number(value.value) if value is not None else None
    if known is None:
        return None
    try:
        return float(unit(str(value.unit), Dimension.HASHRATE).canonical(known))
    except UnitError:
        return None


def _count(value: object) -> int | None:
    known = number(value)
    return int(known) if known is not None and known == int(known) else None


def _host(url: str) -> str:
    """Host and port of a pool's address, without scheme, account and path."""
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = f":{parts.port}" if parts.port else ""
        return words(f"{parts.hostname or ''}{port}")
    except ValueError:
        return ""
