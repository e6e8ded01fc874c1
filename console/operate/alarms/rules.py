"""Reads alarm rules from TOML: the shipped ones, a fleet's own over them. Refuses an alarm that nobody could answer.

Every problem is told at once as `file:line: key: what`. A rule without cause, consequence, response, guidance, view or
a reason for its priority is no alarm (R21).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any

import msgspec

from console.domain.alarm import Priority
from console.domain.alarm_rule import Condition, Enabling, Level, Rule, distribution_warnings
from console.domain.errors import ConfigError
from console.domain.units import Dimension
from console.fleet.lines import Path
from console.fleet.table import Problems, Quantity, found, read_table, suggestion
from console.fleet.text import read_text, read_toml
from console.operate.alarms.rules_limits import read_limits

EXPECTED = "a file of alarm rules"
FILE_NAME = "alarms.toml"
VIEWS = ("world", "region", "site", "container", "miner")
MOST_GUIDANCE = 20_000

Line = Annotated[
    str, msgspec.Meta(pattern=r"\A(?=.*\S)[^\x00-\x1f\x7f]+\Z", max_length=400, description="a line of text")
]
RuleId = Annotated[
    str,
    msgspec.Meta(pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=64, description='a name such as "container-hot"'),
]
LevelWord = Annotated[Level, msgspec.Meta(description="one of " + ", ".join(Level))]
ConditionWord = Annotated[Condition, msgspec.Meta(description="one of " + ", ".join(Condition))]
EnablingWords = Annotated[
    tuple[Enabling, ...], msgspec.Meta(description="a list of " + " and ".join(f'"{word}"' for word in Enabling))
]
PriorityWord = Annotated[
    str,
    msgspec.Meta(pattern=r"\A(low|medium|high|critical)\Z", description='"low", "medium", "high" or "critical"'),
]
ViewWord = Annotated[str, msgspec.Meta(pattern=rf"\A({'|'.join(VIEWS)})\Z", description="a view: " + ", ".join(VIEWS))]
Steps = Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, description="a list of at least one step")]
GuidanceName = Annotated[
    str,
    msgspec.Meta(pattern=r"\A[a-z0-9-]+\.md\Z", max_length=80, description='a file name such as "container-hot.md"'),
]
Delay = Annotated[float, Quantity(Dimension.DURATION, 0.0, 7 * 86_400.0, 'a duration from "0 s" to "7 d"')]


class RulesTable(msgspec.Struct):
    """`[rules]`: whether the shipped ones are used too, and which of them not."""

    shipped: bool = True
    without: tuple[RuleId, ...] = ()


class AlarmTable(msgspec.Struct, kw_only=True):
    """`[[alarm]]`; limit and dead-band are read by their signal's unit."""

    id: RuleId
    title: Line
    level: LevelWord
    signal: Line
    condition: ConditionWord
    relative_to: Line | None = None
    on_delay: Delay = 0.0
    off_delay: Delay = 0.0
    enabled_when: EnablingWords = (Enabling.FRESH,)
    priority: PriorityWord
    priority_reason: Line
    cause: Line
    consequence: Line
    response: Steps
    guidance: GuidanceName
    view: ViewWord
    parent: RuleId | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules that hold, and what is worth saying about them (R20)."""

    rules: tuple[Rule, ...]
    warnings: tuple[str, ...]


def shipped_file(resources: FilePath) -> FilePath:
    """Where the rules lie that come with the program."""
    return resources / "alarms" / FILE_NAME


def load_rules(own: FilePath | None, resources: FilePath) -> RuleSet:
    """The shipped rules with a fleet's `own` file over them, where there is one: the same id replaces.

    Raises ConfigError with every problem of both files.
    """
    if own is None or not own.exists():
        return _judged(read_rules(shipped_file(resources), resources), str(shipped_file(resources)))
    head, rules = _read(own, resources)
    shipped = read_rules(shipped_file(resources), resources) if head.shipped else ()
    replaced = {rule.id for rule in rules} | set(head.without)
    together = (*(rule for rule in shipped if rule.id not in replaced), *rules)
    return _judged(together, str(own))


def read_rules(path: FilePath, resources: FilePath) -> tuple[Rule, ...]:
    """The rules of one file alone. Raises ConfigError with every problem of it."""
    return _read(path, resources)[1]


def _judged(rules: tuple[Rule, ...], file: str) -> RuleSet:
    _check_parents_of(rules, file)
    return RuleSet(rules, distribution_warnings(rules))


def _read(path: FilePath, resources: FilePath) -> tuple[RulesTable, tuple[Rule, ...]]:
    file = str(path)
    data, lines = read_toml(read_text(path, file, EXPECTED), file, EXPECTED)
    problems = Problems(file, lines)
    for key in data.keys() - {"rules", "alarm"}:
        problems.add((key,), f"unknown key{suggestion(key, ('rules', 'alarm'))} (known: rules, alarm)")
    head = data.get("rules", {})
    if not isinstance(head, dict):
        problems.add(("rules",), f"{found(head)}, expected a [rules] table")
        head = {}
    values = read_table(RulesTable, head, ("rules",), problems)
    folders = (path.parent / "guidance", resources / "guidance")
    tables = data.get("alarm", [])
    if not isinstance(tables, list):
        problems.add(("alarm",), f"{found(tables)}, expected [[alarm]] tables")
        tables = []
    rules = [_rule(table, ("alarm", index), problems, folders) for index, table in enumerate(tables)]
    _refuse_twins(tables, problems)
    problems.raise_any()
    return RulesTable(**values), tuple(rule for rule in rules if rule is not None)


def _rule(table: object, path: Path, problems: Problems, folders: Iterable[FilePath]) -> Rule | None:
    if not isinstance(table, dict):
        problems.add(path, f"{found(table)}, expected an [[alarm]] table")
        return None
    before = len(problems.found)
    numbers = {key: table[key] for key in ("limit", "deadband") if key in table}
    values = read_table(AlarmTable, {key: table[key] for key in table if key not in numbers}, path, problems)
    limit, deadband = read_limits(numbers, values, path, problems)
    text = _guidance(values.get("guidance"), (*path, "guidance"), problems, folders)
    if len(problems.found) > before or limit is None:
        return None
    told = AlarmTable(**values)
    fields = {name: getattr(told, name) for name in _SAME}
    return Rule(
        **fields,
        limit=limit,
        deadband=deadband,
        on_delay_s=told.on_delay,
        off_delay_s=told.off_delay,
        priority=Priority[told.priority.upper()],
        guidance_text=text,
    )


_SAME = (
    "id", "title", "level", "signal", "condition", "relative_to", "enabled_when", "priority_reason", "cause",
    "consequence", "response", "guidance", "view", "parent",
)  # fmt: skip


def _guidance(name: str | None, path: Path, problems: Problems, folders: Iterable[FilePath]) -> str:
    """What stands in the guidance file, from the first folder that has it."""
    if name is None:
        return ""
    for folder in folders:
        if (folder / name).is_file():
            try:
                text = read_text(folder / name, name, "guidance").strip()
            except ConfigError as error:
                problems.add(path, str(error))
                return ""
            if not text or len(text) > MOST_GUIDANCE:
                problems.add(path, f"{found(name)}, expected guidance of 1 to {MOST_GUIDANCE} characters in that file")
            return text
    places = " or ".join(str(folder) for folder in folders)
    problems.add(path, f"{found(name)}, expected a file of that name in {places}")
    return ""


def _refuse_twins(tables: list[Any], problems: Problems) -> None:
    seen: dict[str, int] = {}
    for index, table in enumerate(tables):
        name = table.get("id") if isinstance(table, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            line = problems.line_of(("alarm", seen[name], "id"))
            problems.add(("alarm", index, "id"), f"{found(name)} again, expected an id of its own (first: line {line})")
        seen.setdefault(name, index)


def _check_parents_of(rules: tuple[Rule, ...], file: str) -> None:
    """A parent must be a rule that holds, and as urgent as what stands beneath it, else it would hide it (R27)."""
    known = {rule.id: rule for rule in rules}
    problems = []
    for rule in rules:
        parent = known.get(rule.parent) if rule.parent is not None else rule
        where = f'{file}: parent of "{rule.id}"'
        if parent is None:
            problems.append(f'{where}: found "{rule.parent}", expected a rule that holds')
        elif parent.priority < rule.priority:
            problems.append(f'{where}: found "{rule.parent}" of a lower priority, expected one that is as urgent')
    if problems:
        raise ConfigError(tuple(problems))
