"""Breakers to test against: a real pymodbus server on a loopback port, and a raw one that says what it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

READ_COILS, WRITE_COIL = 1, 5
COILS = 8
MOST_W = 1_500_000


class Panel:
    """A real Modbus server whose devices 1 and 2 have eight coils each and a meter that follows coil 0.

    `welded`: coils that say yes to everything and stay as they are. `answers`: an exception for a function code.
    `wrote` holds what was ever written, as (device, coil, on).
    """

    def __init__(self) -> None:
        self.wrote: list[tuple[int, int, bool]] = []
        self.welded = False
        self.answers: dict[int, ExcCodes] = {}
        self._port: asyncio.Future[int] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="panel", daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)

    async def _serve(self) -> int:
        devices = [self._device(number) for number in (1, 2)]
        self._server = ModbusTcpServer(devices, address=("127.0.0.1", 0))
        await self._server.serve_forever(background=True)
        return int(self._server.transport.sockets[0].getsockname()[1])

    def _device(self, number: int) -> SimDevice:
        on = dict.fromkeys(range(COILS), True)

        async def act(function, start, address, count, registers, values) -> ExcCodes | None:
            if function in self.answers:
                return self.answers[function]
            if function == WRITE_COIL and values is not None:
                self.wrote.append((number, address, values[0]))
                on[address] = on[address] if self.welded else values[0]
            if function == READ_COILS:
                registers[0] = sum(1 << coil for coil, state in on.items() if state)
            if function in (3, 4) and start == 0 and address == 0:
                registers[0:2] = divmod(MOST_W if on[0] else 0, 65_536)
            return None

        blocks = (
            [SimData(0, values=[True] * 16, datatype=DataType.BITS)],
            [SimData(0, values=[False] * 16, datatype=DataType.BITS)],
            [SimData(0, values=[0, 0, 150, 0xFFFF, 0xFFFF], datatype=DataType.REGISTERS)],
            [SimData(0, values=[0, 0, 150, 0xFFFF, 0xFFFF], datatype=DataType.REGISTERS)],
        )
        return SimDevice(number, blocks, action=act)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


Saying = Callable[[socket.socket, bytes], None]


@contextlib.contextmanager
def saying(play: Saying) -> Iterator[tuple[int, list[bytes]]]:
    """A server that gives every request to `play`; the port, and every request that came."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()

    def serve(sock: socket.socket) -> None:
        sock.settimeout(5)
        with contextlib.suppress(OSError), sock:
            while not ending.is_set() and (request := sock.recv(300)):
                asked.append(request)
                play(sock, request)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        ending.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def frame(request: bytes, body: bytes, device: int | None = None, transaction: int | None = None) -> bytes:
    """An answer to `request` as Modbus TCP frames it."""
    tid = request[:2] if transaction is None else transaction.to_bytes(2, "big")
    unit = request[6:7] if device is None else bytes((device,))
    return tid + b"\0\0" + (len(body) + 1).to_bytes(2, "big") + unit + body


def honest(request: bytes) -> bytes:
    """What a healthy breaker that is on answers: its coil, or the echo of what it was told."""
    body = request[7:12]
    return frame(request, b"\x01\x01\x01" if body[0] == READ_COILS else body)
