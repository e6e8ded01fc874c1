"""A WhatsMiner (versions 1 and 2 of its API) that keeps state: it reads tokens and ciphers as a real one does.

Its key is AES-256 of sha256(md5crypt(password, salt)); a token is md5crypt(key + time, newsalt). It obeys, refuses,
pretends (says yes and does nothing), hangs, or cuts the line after it did what it was told.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import json
import socket
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.adapters.lan.fakes import DETAILS, ERROR, SUMMARY, VERSION, Device, command_of, reply

PASSWORD = "admin"
SALT, NEW_SALT, TIME = "BQ5hoXV9", "jbzkfQls", "7183"
ALPHABET = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FULL_W, RESTING_W = 3200, 45
YES = {"STATUS": "S", "Code": 131, "Msg": "API command OK"}
NO = {"STATUS": "E", "Code": 132, "Msg": "command error"}


class Manner(enum.Enum):
    """How the machine takes an order."""

    OBEYS = enum.auto()
    REFUSES = enum.auto()
    PRETENDS = enum.auto()
    HANGS = enum.auto()
    CUTS = enum.auto()  # does it, and breaks the line instead of answering


def md5crypt(password: str, salt: str) -> str:
    """The last part of crypt(3)'s `$1$` hash."""
    secret, salty = password.encode(), salt.encode()
    inner = hashlib.md5(secret + salty + secret, usedforsecurity=False).digest()
    start = secret + b"$1$" + salty
    start += (inner * (len(secret) // 16 + 1))[: len(secret)]
    length = len(secret)
    while length:
        start += b"\0" if length & 1 else secret[:1]
        length >>= 1
    digest = hashlib.md5(start, usedforsecurity=False).digest()
    for turn in range(1000):
        text = secret if turn & 1 else digest
        text += (salty if turn % 3 else b"") + (secret if turn % 7 else b"")
        digest = hashlib.md5(text + (digest if turn & 1 else secret), usedforsecurity=False).digest()
    groups = [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)]
    told = bytearray()
    for high, middle, low in groups:
        value = digest[high] << 16 | digest[middle] << 8 | digest[low]
        told += bytes(ALPHABET[value >> 6 * place & 63] for place in range(4))
    told += bytes(ALPHABET[digest[11] >> 6 * place & 63] for place in range(2))
    return told.decode()


class Whatsminer:
    """One machine; `orders` holds every order in clear text that reached it under a good token."""

    def __init__(self, manner: Manner = Manner.OBEYS, password: str = PASSWORD, mac: str = "D4:01:02:03:04:05") -> None:
        self.manner, self.mac = manner, mac
        self.orders: list[dict[str, Any]] = []
        self.mining, self.limit_w, self.led, self.boots = True, 0, "auto", 0
        self.pools: list[str] = []
        self.write_open = True
        key = md5crypt(password, SALT)
        self._token = md5crypt(key + TIME, NEW_SALT)
        aes = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.ECB())  # noqa: S305 - the maker's
        self._aes = aes

    def __call__(self, connection: socket.socket, command: str, device: Device) -> None:
        """A `Behaviour` for one connection."""
        request = json.loads(device.asked[-1].rstrip(b"\0\r\n"))
        if "enc" in request:
            self._obey(connection, self._clear(request["data"]), device)
        else:
            reply(connection, self._told(command_of(device.asked[-1])))

    def _told(self, command: str) -> Any:
        power = FULL_W if self.mining else RESTING_W
        told = {**SUMMARY["SUMMARY"][0], "Power": min(power, self.limit_w or power), "MAC": self.mac}
        told["HS RT"] = 124.5e6 if self.mining else 0.0
        return {
            "devdetails": DETAILS,
            "get_version": VERSION,
            "summary": {**SUMMARY, "SUMMARY": [told]},
            "status": {"STATUS": "S", "Msg": {"mineroff": str(not self.mining).lower()}},
            "get_miner_info": {"STATUS": "S", "Code": 131, "Msg": {"ledstat": self.led, "mac": self.mac}},
            "pools": {"STATUS": [{"STATUS": "S", "Msg": "Pools"}], "POOLS": self._pools()},
            "get_token": {"STATUS": "S", "Code": 134, "Msg": {"time": TIME, "salt": SALT, "newsalt": NEW_SALT}},
        }.get(command, ERROR)

    def _pools(self) -> list[dict[str, Any]]:
        return [
            {"POOL": number, "URL": url, "User": "w", "Status": "Alive", "Priority": number - 1, "Stratum Active": True}
            for number, url in enumerate(self.pools, 1)
        ]

    def _obey(self, connection: socket.socket, order: dict[str, Any] | None, device: Device) -> None:
        if order is None or order.get("token") != self._token:
            reply(connection, {"STATUS": "E", "Code": 135, "Msg": "check token err"})
            return
        if not self.write_open:
            reply(connection, {"STATUS": "E", "Code": 45, "Msg": "permission denied"})
            return
        self.orders.append(order)
        if self.manner is Manner.HANGS:
            device.ending.wait(30)
            return
        if self.manner in (Manner.OBEYS, Manner.CUTS):
            self._do(order)
        if self.manner is Manner.CUTS:
            return
        refused = self.manner is Manner.REFUSES
        answer = (
            {"STATUS": "E", "Code": 132, "Msg": "command error"}
            if refused
            else {"STATUS": "S", "Code": 131, "Msg": "API command OK"}
        )
        reply(connection, {"enc": self._cipher(answer)})

    def _do(self, order: dict[str, Any]) -> None:
        match order.get("cmd") or order.get("command"):
            case "power_off":
                self.mining = False
            case "power_on":
                self.mining = True
            case "adjust_power_limit":
                self.limit_w = int(order["power_limit"])
            case "reboot":
                self.boots += 1
            case "set_led":
                self.led = str(order.get("param") or order.get("color"))
            case "update_pools":
                self.pools = [order[f"pool{number}"] for number in (1, 2, 3) if order.get(f"pool{number}")]

    def _clear(self, text: str) -> dict[str, Any] | None:
        raw = base64.b64decode(text)
        if len(raw) % 16:
            return None
        opener = self._aes.decryptor()
        try:
            return json.loads((opener.update(raw) + opener.finalize()).rstrip(b"\0"))
        except ValueError:
            return None

    def _cipher(self, answer: dict[str, Any]) -> str:
        raw = json.dumps(answer).encode()
        sealer = self._aes.encryptor()
        return base64.b64encode(sealer.update(raw + b"\0" * (-len(raw) % 16)) + sealer.finalize()).decode()
