"""Reads a WhatsMiner over its own protocol, and can do nothing but read.

The library answers a WhatsMiner's error by sending `open_write_api` with the maker's password: a look at a machine
would unlock it. So its client is used to recognise the device only; these few commands ask for the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from console.adapters.lan.parts import from_whatsminer
from console.adapters.lan.sighting import Sighting, hottest, number, words
from console.domain.machine_detail import MachineDetail
from console.domain.units import Dimension, unit

PORT, PORT_V3 = 4028, 4433
FIRST_V3_FIRMWARE = 20241101
MOST_BYTES = 1024 * 1024
READS = frozenset({"get_version", "summary", "devs", "status", "pools", "get_error_code"})
READS_V3 = frozenset({"get.device.info", "get.miner.status"})

MHS, GHS, THS = (unit(symbol, Dimension.HASHRATE) for symbol in ("MH/s", "GH/s", "TH/s"))


async def read(ip: str, model: str) -> Sighting | None:
    """One device; None where it gave no answer that can be used."""
    version = await ask(ip, "get_version")
    firmware = _table(version, "Msg").get("fw_ver")
    if _date(firmware) >= FIRST_V3_FIRMWARE:
        return await _read_v3(ip, model)
    summary = await ask(ip, "summary")
    if summary is None:
        return None
    return sighting_v2(ip, model, words(firmware), summary, await ask(ip, "devs"), await ask(ip, "status"))


async def read_closely(ip: str, model: str, at_ms: int) -> tuple[Sighting, MachineDetail] | None:
    """One device with its parts; version 3 tells its fans only."""
    seen = await read(ip, model)
    if seen is None:
        return None
    if _date(seen.firmware) >= FIRST_V3_FIRMWARE:
        told = _table(_table(await ask_v3(ip, "get.miner.status", "summary"), "msg"), "summary")
        fans = {"Fan Speed In": told.get("fan-speed-in"), "Fan Speed Out": told.get("fan-speed-out")}
        return seen, from_whatsminer({"SUMMARY": [fans]}, None, None, None, at_ms)
    summary, devs = await ask(ip, "summary"), await ask(ip, "devs")
    return seen, from_whatsminer(summary, devs, await ask(ip, "pools"), await ask(ip, "get_error_code"), at_ms)


async def ask(ip: str, command: str) -> dict[str, Any] | None:
    """One reading command of versions 1 and 2: JSON one way, JSON up to the end of the stream the other way."""
    if command not in READS:
        raise ValueError(f"{command} is not a reading command")
    return await _exchange(ip, PORT, json.dumps({"command": command}).encode(), _until_end)


async def ask_v3(ip: str, command: str, param: str) -> dict[str, Any] | None:
    """One reading command of version 3: JSON behind four bytes of length, both ways."""
    if command not in READS_V3:
        raise ValueError(f"{command} is not a reading command")
    request = json.dumps({"cmd": command, "param": param}).encode()
    return await _exchange(ip, PORT_V3, len(request).to_bytes(4, "little") + request, _length_first)


async def _read_v3(ip: str, model: str) -> Sighting | None:
    summary = await ask_v3(ip, "get.miner.status", "summary")
    if summary is None:
        return None
    return sighting_v3(ip, model, summary, await ask_v3(ip, "get.device.info", ""))


def sighting_v2(ip: str, model: str, firmware: str, summary: Any, devs: Any, status: Any) -> Sighting | None:
    """Replies of versions 1 and 2: "HS RT" in MH/s, "Factory GHS" in GH/s, power in W, temperatures in °C."""
    told = _first(summary, "SUMMARY")
    if not told:
        return None
    boards = devs.get("DEVS") if isinstance(devs, dict) else None
    temperatures = [_table(board).get("Temperature") for board in boards] if isinstance(boards, list) else []
    realtime = told.get("HS RT")
    return Sighting(
        ip=ip,
        model=words(model),
        mac=words(told.get("MAC")).upper(),
        firmware=firmware,
        rated_hs=_hashrate(told.get("Factory GHS"), GHS),
        hashrate_hs=_hashrate(realtime if realtime is not None else told.get("MHS av"), MHS),
        power_w=number(told.get("Power")),
        board_c=hottest(temperatures),
        inlet_c=number(told.get("Env Temp")),
        curtailed=words(_table(status, "Msg").get("mineroff")).lower() == "true",
    )


def sighting_v3(ip: str, model: str, summary: Any, device: Any) -> Sighting | None:
    """Replies of version 3: hashrates in TH/s, power in W, temperatures in °C."""
    told = _table(_table(summary, "msg"), "summary")
    if not told:
        return None
    about = _table(device, "msg")
    return Sighting(
        ip=ip,
        model=words(model),
        serial=words(_table(about, "miner").get("miner-sn")),
        mac=words(_table(about, "network").get("mac")).upper(),
        firmware=words(_table(about, "system").get("fwversion")),
        rated_hs=_hashrate(told.get("factory-hash"), THS),
        hashrate_hs=_hashrate(told.get("hash-realtime"), THS),
        power_w=number(told.get("power-realtime")),
        board_c=hottest(told.get("board-temperature")),
        inlet_c=number(told.get("environment-temperature")),
    )


def _hashrate(value: object, told_in: Any) -> float | None:
    known = number(value)
    return None if known is None else float(told_in.canonical(known))


def _table(value: Any, key: str | None = None) -> Mapping[str, Any]:
    """`value[key]` (or `value`) where that is a table, else an empty one."""
    inner = value if key is None else value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _first(value: Any, key: str) -> Mapping[str, Any]:
    rows = value.get(key) if isinstance(value, dict) else None
    return _table(rows[0]) if isinstance(rows, list) and rows else {}


def _date(firmware: Any) -> int:
    head = firmware.partition(".")[0] if isinstance(firmware, str) else ""
    return int(head) if len(head) == 8 and head.isascii() and head.isdigit() else 0


async def _until_end(stream: asyncio.StreamReader) -> bytes:
    """Everything up to the closing NUL or the end; a reply longer than 1 MiB is cut, and then is no JSON."""
    reply = b""
    while len(reply) <= MOST_BYTES:
        chunk = await stream.read(65536)
        reply += chunk
        if not chunk or chunk.endswith(b"\0"):
            break
    return reply.rstrip(b"\0")


async def _length_first(stream: asyncio.StreamReader) -> bytes:
    length = int.from_bytes(await stream.readexactly(4), "little")
    return await stream.readexactly(length) if length <= MOST_BYTES else b""


async def _exchange(ip: str, port: int, request: bytes, receive: Any) -> dict[str, Any] | None:
    """One connection, one question, one answer; None for everything that is not a JSON table. Never waits by itself:
    the sweep's limit for a device bounds the whole of it."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection(ip, port)
        writer.write(request)
        await writer.drain()
        reply = json.loads(await receive(reader))
    except (OSError, EOFError, ValueError, RecursionError):
        return None
    finally:
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    return reply if isinstance(reply, dict) else None
