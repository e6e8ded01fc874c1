"""The child process that commands machines: requests in on stdin, fates out on stdout, a JSON line each.

It ends when stdin does, so it never outlives the collector, however that dies.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque
from collections.abc import Callable

import msgspec

from console.adapters.lan.devices import Devices
from console.adapters.lan.order_devices import Finds, serve_one
from console.adapters.lan.order_wire import Fate, OrderAnswer, OrderRequest, Told

LATE = "was not asked: the time for it was over"


async def run(devices: Finds, request: OrderRequest, told: Callable[[Told], None]) -> None:
    """Serve every address, `at_once` at a time; whoever is not begun when the time is over is unsent."""
    ends_s = time.monotonic() + request.within_s
    waiting = deque(request.addresses)

    async def work() -> None:
        while waiting:
            ip, left_s = waiting.popleft(), ends_s - time.monotonic()
            told(Told(ip, Fate.UNSENT, LATE) if left_s <= 0 else await serve_one(devices, ip, request, left_s))

    await asyncio.gather(*(work() for _ in range(min(request.at_once, len(waiting)))))


def serve() -> None:
    """Answer requests until there are no more. Never returns: see the last line."""
    loop = asyncio.new_event_loop()
    devices, decoder, encoder = Devices(), msgspec.json.Decoder(OrderRequest), msgspec.json.Encoder()

    def write(answer: OrderAnswer) -> None:
        sys.stdout.buffer.write(encoder.encode(answer) + b"\n")
        sys.stdout.buffer.flush()

    try:
        for line in sys.stdin.buffer:
            request = decoder.decode(line)

            def told(one: Told, number: int = request.run) -> None:
                write(OrderAnswer(run=number, told=one))

            loop.run_until_complete(run(devices, request, told))
            write(OrderAnswer(run=request.run, done=True))
    except BrokenPipeError:
        pass
    os._exit(0)  # an orderly end would race the library's threads for the interpreter, and abort now and then
