"""Says commands in words: title, risk, way back, phase, states. Pure; the widgets only place what is said here."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from console.domain.command import REVERSIBLE, Command, Preview, Risk, TargetState, Verb
from console.domain.command_journal import HOLDS_TARGETS, CommandRecord, Phase
from console.ui.numbers import NO_VALUE, decimal, hashrate_text, integer, power_text, utc_time

MW = 1e6
Names = Mapping[str, str]  # site id -> name
DONE_WORDS = {
    Verb.CURTAIL: "Curtail",
    Verb.RESUME: "Resume",
    Verb.POWER_TARGET: "Set power of",
    Verb.REBOOT: "Reboot",
    Verb.LOCATE: "Locate",
    Verb.CHANGE_POOL: "Change pool of",
    Verb.SLEEP_SCHEDULE: "Set sleep schedule of",
}
RISK_WORDS = {
    Risk.LOW: ("moves no power", "press the button"),
    Risk.MEDIUM: ("a few machines", "confirm with the button"),
    Risk.HIGH: ("one site", "hold the button for 2 s"),
    Risk.FLEET: ("several sites", "type the name, then hold"),
}
STATE_MARKS = {  # a mark beside the word: a state is never told by its colour
    TargetState.REQUESTED: "○",
    TargetState.SENT: "◔",
    TargetState.ACCEPTED: "◑",
    TargetState.VERIFIED: "✓",
    TargetState.UNVERIFIED: "!",
    TargetState.REFUSED: "✕",
    TargetState.UNKNOWN: "?",
    TargetState.SKIPPED: "–",
}


def targets_words(command: Command, names: Names) -> str:
    """`West Texas 1`, `5 sites`, `37 machines at West Texas 1`, `C01 of West Texas 1`."""
    selector = command.selector
    sites = selector.sites
    machines = sum(len(some) for some in selector.machines.values())
    where = names.get(sites[0], sites[0]) if len(sites) == 1 else f"{len(sites)} sites"
    if machines:
        one = next((some[0] for some in selector.machines.values() if some), "")
        return f"{one} at {where}" if machines == 1 else f"{integer(machines)} machines at {where}"
    containers = [name for some in selector.containers.values() for name in some]
    if containers:
        return f"{', '.join(containers) if len(containers) <= 3 else f'{len(containers)} containers'} of {where}"
    return where


def asked_words(command: Command) -> str:
    """What beyond the verb is asked: `to 9.5 MW`, `to 80 % of rated power`; empty where nothing is."""
    given = command.arguments
    if given.site_power_w is not None:
        each = " each" if len(command.selector.sites) > 1 else ""
        return f"to {power_words(given.site_power_w)}{each}"
    if given.machine_power_w is not None:
        return f"to {power_words(given.machine_power_w)} a machine"
    if given.machine_share is not None:
        return f"to {decimal(given.machine_share * 100)} % of rated power"
    if given.pool_url:
        return f"to {given.pool_url}"
    if command.verb is Verb.LOCATE:
        return "lights on" if given.led_on else "lights off"
    if command.verb is Verb.SLEEP_SCHEDULE:
        spans = ", ".join(f"{clock(one.start_min)}–{clock(one.end_min)}" for one in given.sleep)
        return f"to {spans} UTC" if spans else "to none"
    return "" if command.verb is not Verb.CURTAIL else "whole"


def title(command: Command, names: Names) -> str:
    """`Curtail West Texas 1 to 9.5 MW`."""
    asked = asked_words(command)
    if command.verb is Verb.CURTAIL and asked == "whole":
        asked = ""
    parts = (DONE_WORDS[command.verb], targets_words(command, names), asked)
    return " ".join(part for part in parts if part)


def act_words(preview: Preview, names: Names) -> str:
    """What the last button says: `Curtail 5 sites, −115.7 MW`."""
    command, sites = preview.command, len(preview.command.selector.sites)
    whom = targets_words(command, names)
    if 0 < len(preview.targets) < sites:
        whom = f"{len(preview.targets)} of {sites} sites"  # what is skipped is not acted upon
    words = f"{DONE_WORDS[command.verb]} {whom}"
    return f"{words}, {signed_power(preview.delta_w)}" if round(preview.delta_w) else words


def power_words(power_w: float | None) -> str:
    """`28.9 MW`."""
    return " ".join(power_text(power_w))


def signed_power(power_w: float) -> str:
    """`−115.7 MW`, `+2.0 MW`."""
    return signed(power_w, power_words)


def signed_hashrate(hashrate_hs: float) -> str:
    """`−4,940 PH/s`."""
    return signed(hashrate_hs, lambda value: " ".join(hashrate_text(value)))


def signed(value: float, words: object) -> str:
    """With a plus where it grows; the minus is the number's own."""
    text = words(value)
    return f"+{text}" if value > 0 and text != NO_VALUE else text


def risk_words(risk: Risk, sites: int, second: str = "") -> tuple[str, str]:
    """`Risk 4 of 4, several sites` and the gestures that it asks for; `second` is how a second person is called for."""
    what, gesture = RISK_WORDS[risk]
    if risk is Risk.FLEET:
        what = "several sites" if sites > 1 else "many machines, no way back"
    if second:
        gesture = f"type the name, then {second}, then hold" if risk is Risk.FLEET else f"{second}, then {gesture}"
    return f"Risk {int(risk)} of {len(Risk)}, {what}", gesture


def second_asked(record: CommandRecord) -> str:
    """`second person (−12.4 MW in an hour)` where the sum asks for one; empty where nobody does."""
    if not record.needs_second:
        return ""
    if not record.lately_w:
        return "second person"
    change = signed_power(record.delta_w + record.lately_w)
    return f"second person ({change} in an hour)"


def way_back(command: Command) -> tuple[str, str]:
    """Whether there is one, and when it is taken by itself."""
    if command.verb not in REVERSIBLE:
        return "none", "a restart or a new pool is not taken back" if command.verb is not Verb.REBOOT else (
            "a restart cannot be taken back"
        )
    if command.revert_after_s:
        return "reversible", f"by itself after {minutes(command.revert_after_s)}, unless confirmed"
    return "reversible", "by another command"


def phase_words(record: CommandRecord) -> str:
    """`running, batch 3 of 8`; what waits for a second person says so."""
    if record.phase is Phase.PREVIEWED:
        if record.needs_second and record.approval is None:
            return "waits for a second person"
        return "agreed, not sent yet" if record.approval else "selected, not sent"
    if record.phase is Phase.RUNNING and record.batches:
        return f"running, batch {min(record.batches_sent + 1, record.batches)} of {record.batches}"
    if record.phase is Phase.DONE and record.words.startswith(Phase.ABORTED):
        return Phase.ABORTED.value  # what was sent is read back; the rest was never sent, and that is what matters
    failed = sum(record.counts.get(state, 0) for state in (TargetState.REFUSED, TargetState.UNVERIFIED))
    unknown = record.counts.get(TargetState.UNKNOWN, 0)
    if record.phase is Phase.DONE and (failed or unknown):
        return "ended, not all verified"
    return "verified" if record.phase is Phase.DONE else record.phase.value


def counts_words(counts: Mapping[TargetState, int], first: Container[TargetState] = ()) -> str:
    """`✓ 1,200 verified · ! 3 unverified`, in the order of their lives; those of `first` before the others."""
    states = sorted(TargetState, key=lambda state: state not in first)
    shown = [(state, counts[state]) for state in states if counts.get(state)]
    return " · ".join(f"{STATE_MARKS[state]} {integer(count)} {state.value}" for state, count in shown)


def second_words(record: CommandRecord) -> str:
    """Who agreed or refused."""
    word = record.approval
    if word is None:
        return ""
    said = "agreed" if word.agreed else "refused"
    note = f": {word.note}" if word.note else ""
    return f"{word.by} at {word.desk} {said}, {utc_time(word.at_ms)} UTC{note}"


def why_nothing(preview: Preview) -> str:
    """Why a preview cannot be executed at all; empty where it can."""
    if not preview.targets:
        return "Off: nothing is left to command, all is skipped"
    failed = [check for check in preview.checks if not check.passed]
    return f"Off: {failed[0].name}, {failed[0].detail}" if failed else ""


def is_open(record: CommandRecord) -> bool:
    """Whether it still holds targets."""
    return record.phase in HOLDS_TARGETS


def minutes(seconds: float) -> str:
    """`30 min`, `2 h`, `90 s`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 120 or whole % 60 else f"{whole // 60} h"


def countdown(left_s: float) -> str:
    """`1:39`."""
    left = max(0, int(left_s))
    return f"{left // 60}:{left % 60:02d}"


def clock(minute: int) -> str:
    """`22:30` of a minute of the day."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def joined(words: Iterable[str]) -> str:
    """Parts that are there, with a middle dot between."""
    return " · ".join(word for word in words if word)
