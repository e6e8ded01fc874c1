"""One conversation with one Modbus device over TCP: a coil read, a coil switched, a power read. Knows no container.

Wraps `pymodbus`, and is the only module that imports it. The library by itself would send a switching order up to
four times (`retries`) and waits a time-out for every piece of an answer; here nothing is sent twice, and one deadline
holds for the whole conversation, because the line cuts the socket.
"""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import ReadCoilsResponse, WriteSingleCoilResponse
from pymodbus.pdu.register_message import ReadHoldingRegistersResponse, ReadInputRegistersResponse

from console.adapters.base import Deadline
from console.adapters.dial import PRIVATE, Line
from console.adapters.modbus.breakers import Breaker, PowerMeter
from console.domain.errors import BadAnswer, CommandLost, CommandRefused, NotSent, SourceError, TooSlow, Unreachable
from console.domain.units import Dimension, unit

MOST_BYTES = 1024  # of one answer; the protocol's own limit is 260
WATCHDOG_FIRST_S = 5.0  # the library's own time-out comes after the line's, which knows what it means
NO_VALUE = {1: 0xFFFF, 2: 0xFFFFFFFF}
EXCEPTIONS = {
    1: "it has no such function",
    2: "it has no such address",
    3: "it takes no such value",
    4: "it failed while it did so",
    5: "it took the order and is still at it",
    6: "it is busy",
    8: "its memory failed a check",
    10: "its gateway has no way to that device",
    11: "the device behind the gateway did not answer",
}
WROTE, STILL_AT_IT = WriteSingleCoilResponse.function_code | 0x80, 5
NOTHING_DONE = frozenset({1, 2, 3, 6, 10})  # with any other exception the coil may have moved
P = TypeVar("P", bound=ModbusPDU)
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # what it complains of is told once, in our words


class Talk:
    """An open conversation; made by `talking`."""

    def __init__(self, client: ModbusTcpClient, line: Line, where: str) -> None:
        self._client, self._line, self._where = client, line, where

    def is_on(self, breaker: Breaker) -> bool:
        """Whether the coil is on. Raises a SourceError."""
        answer = self._ask(lambda to: to.read_coils(breaker.coil, count=1, device_id=breaker.device_id))
        bits = self._proper(answer, ReadCoilsResponse).bits
        if not bits:
            raise BadAnswer(f"{self._where} answered without the coil that it was asked for")
        return bool(bits[0])

    def power_w(self, breaker: Breaker, meter: PowerMeter) -> float:
        """The power in W, NaN where the device says that it has none. Raises a SourceError."""
        where = {"address": meter.register, "count": meter.words, "device_id": breaker.device_id}
        if meter.kind == "input":
            answer = self._ask(lambda to: to.read_input_registers(**where))
            words = self._proper(answer, ReadInputRegistersResponse).registers
        else:
            answer = self._ask(lambda to: to.read_holding_registers(**where))
            words = self._proper(answer, ReadHoldingRegistersResponse).registers
        if len(words) != meter.words:
            raise BadAnswer(f"{self._where} answered with {len(words)} registers, expected {meter.words}")
        counts = sum(word << 16 * place for place, word in enumerate(reversed(words)))
        if counts == NO_VALUE[meter.words]:
            return math.nan
        return unit(meter.unit, Dimension.POWER).canonical(counts * meter.scale)

    def switch(self, breaker: Breaker, *, on: bool) -> None:
        """Write the coil once. Raises NotSent, CommandRefused or CommandLost; its echo is no proof that it moved."""
        self._line.spoke = False
        try:
            answer = self._ask(lambda to: to.write_coil(breaker.coil, on, device_id=breaker.device_id))
        except SourceError as error:
            if self._line.spoke:
                raise CommandLost(f"{error}; whether the coil moved is not known") from None
            raise NotSent(str(error)) from None
        if isinstance(answer, ExceptionResponse):
            self._judge(answer)
        elif not isinstance(answer, WriteSingleCoilResponse):
            raise CommandLost(f"{self._where} answered something else; whether the coil moved is not known")
        elif answer.address != breaker.coil or answer.bits != [on]:
            raise CommandLost(f"{self._where} confirmed another order than it was given")

    def _judge(self, answer: ExceptionResponse) -> None:
        """What a device's exception to a switching order means; returns where it took the order all the same."""
        if answer.function_code == WROTE and answer.exception_code == STILL_AT_IT:
            return
        if answer.function_code == WROTE and answer.exception_code in NOTHING_DONE:
            raise CommandRefused(f"{self._where} refuses: {_exception(answer)}")
        raise CommandLost(f"{self._where}: {_exception(answer)}; whether the coil moved is not known")

    def _ask(self, ask: Callable[[Any], Any]) -> Any:
        try:
            return ask(self._client)
        except (ModbusException, OSError, ValueError, IndexError) as error:
            if self._line.cut:
                raise TooSlow(f"{self._where} gave no complete answer within the poll's deadline") from None
            if isinstance(error, ConnectionError) or not self._client.connected:
                raise Unreachable(f"{self._where} closed the connection without an answer") from None
            raise BadAnswer(f"{self._where} did not answer in proper Modbus") from None

    def _proper(self, answer: Any, kind: type[P]) -> P:
        if isinstance(answer, ExceptionResponse):
            raise BadAnswer(f"{self._where} refuses to tell: {_exception(answer)}")
        if not isinstance(answer, kind):
            raise BadAnswer(f"{self._where} answered something else than it was asked for")
        return answer


@contextlib.contextmanager
def talking(breaker: Breaker, deadline: Deadline) -> Iterator[Talk]:
    """A conversation with the breaker's gateway on a connection of its own. Raises Unreachable or TooSlow."""
    where = f"{breaker.host}:{breaker.port}"
    line = Line("modbus", PRIVATE)

    def seen(sending: bool, data: bytes) -> bytes:
        line.spoke = line.spoke or sending
        if len(data) > MOST_BYTES:
            raise BadAnswer(f"{where} answered with more than Modbus ever does")
        return data

    patience_s = deadline.remaining_s() + WATCHDOG_FIRST_S
    client = ModbusTcpClient(breaker.host, port=breaker.port, timeout=patience_s, retries=0, trace_packet=seen)
    try:
        with line.request(deadline):
            client.socket = line.dial(breaker.host, breaker.port)
            yield Talk(client, line, where)
    finally:
        client.close()  # type: ignore[no-untyped-call]
        line.close()


def _exception(answer: ExceptionResponse) -> str:
    return EXCEPTIONS.get(answer.exception_code, "it gives a reason that Modbus does not have")
