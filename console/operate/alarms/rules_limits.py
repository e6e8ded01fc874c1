"""Reads the limit and the dead-band of an alarm rule in the unit of the signal that the rule watches."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from console.domain.alarm_rule import Condition, Level
from console.domain.alarm_signals import NUMBER, SHARE, WATCHABLE
from console.domain.errors import UnitError
from console.domain.units import Dimension, parse
from console.fleet.lines import Path
from console.fleet.table import Problems, found, shown_error, suggestion

SHARE_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")


def read_limits(
    numbers: Mapping[str, Any], values: Mapping[str, Any], path: Path, problems: Problems
) -> tuple[float | None, float]:
    """Limit and dead-band in the signal's canonical unit; what is wrong with signal, reference or number is told."""
    if "limit" not in numbers:
        problems.add((*path, "limit"), 'missing, expected a limit with its unit, e.g. "35 °C" or "80 %"')
    signal, reference = values.get("signal"), values.get("relative_to")
    known = True
    for key, name in (("signal", signal), ("relative_to", reference)):
        if name is not None:
            known &= _check_signal(name, values.get("level"), (*path, key), problems)
    if signal is None or not known:
        return None, 0.0
    kind = SHARE if reference is not None else WATCHABLE[signal].kind
    per_minute = values.get("condition") in (Condition.RISES, Condition.FALLS)
    read: dict[str, float] = {}
    for key, value in numbers.items():
        try:
            read[key] = _number(value, kind, per_minute)
        except ValueError as error:
            problems.add((*path, key), shown_error(error))
    deadband = read.get("deadband", 0.0)
    if deadband < 0:
        problems.add((*path, "deadband"), f"{found(numbers['deadband'])}, expected zero or more")
    return read.get("limit"), deadband


def _check_signal(name: str, level: Level | None, path: Path, problems: Problems) -> bool:
    if name not in WATCHABLE:
        problems.add(path, f"{found(name)}, expected a signal{suggestion(name, WATCHABLE)} ({', '.join(WATCHABLE)})")
        return False
    levels = WATCHABLE[name].levels
    if level is not None and level not in levels:
        problems.add(path, f"{found(name)}, which is known of {', '.join(sorted(levels))} and not of a {level}")
        return False
    return True


def _number(value: object, kind: Dimension | str, per_minute: bool) -> float:
    """A limit as people write it; raises ValueError "found …, expected …"."""
    if kind == NUMBER:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        raise ValueError(f"{found(value)}, expected a bare number: this signal is a count")
    text = value
    if per_minute:
        if not isinstance(value, str) or not value.endswith("/min"):
            raise ValueError(f'{found(value)}, expected a change a minute, e.g. "2 °C/min"')
        text = value.removesuffix("/min")
    if kind == SHARE:
        return _share(text)
    try:
        return parse(text, Dimension(kind))
    except UnitError as error:
        raise ValueError(str(error)) from None


def _share(text: object) -> float:
    if isinstance(text, str) and text.strip().endswith("%"):
        number = SHARE_NUMBER.fullmatch(text.strip().removesuffix("%").strip())
        if number:
            return float(number.group()) / 100
    raise ValueError(f'{found(text)}, expected a share in percent, e.g. "80 %"')
