"""The child process that sweeps: requests in on stdin, sightings out on stdout, a JSON line each.

It ends when stdin does, so it never outlives the collector, however that dies.
"""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

from console.adapters.lan.devices import Closely, Devices
from console.adapters.lan.sighting import Sighting
from console.adapters.lan.sweep import Sweep
from console.adapters.lan.sweep_wire import SweepAnswer, SweepRequest


def serve() -> None:
    """SweepAnswer requests until there are no more. Never returns: see the last line."""
    loop = asyncio.new_event_loop()
    devices = Devices()
    sweep, decoder, encoder = Sweep(devices), msgspec.json.Decoder(SweepRequest), msgspec.json.Encoder()

    def write(answer: SweepAnswer) -> None:
        sys.stdout.buffer.write(encoder.encode(answer) + b"\n")
        sys.stdout.buffer.flush()

    try:
        for line in sys.stdin.buffer:
            request = decoder.decode(line)
            run = request.run

            def seen(sighting: Sighting, run: int = run) -> None:
                write(SweepAnswer(run=run, sighting=sighting))

            if request.closely:
                found = loop.run_until_complete(_closely(devices, request))
                if found is not None:
                    write(SweepAnswer(run=run, sighting=found[0], detail=found[1]))
            else:
                loop.run_until_complete(sweep.run(request.addresses, request.within_s, request.at_once, seen))
            write(SweepAnswer(run=run, done=True))
    except BrokenPipeError:
        pass
    os._exit(0)  # an orderly end would race the library's threads for the interpreter, and abort now and then


async def _closely(devices: Devices, request: SweepRequest) -> Closely | None:
    try:
        return await asyncio.wait_for(devices.look_closely(request.addresses[0]), request.within_s)
    except TimeoutError:
        return None
