"""Secrets stay hidden in logs and traces, and a source's words stay one plain line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.adapters.redaction import HIDDEN, Redactor, plain

CANARY = "canary-4711"


@given(st.text(max_size=400))
def test_s6_text_from_outside_is_one_printable_line(text: str) -> None:
    line = plain(text, 80)
    assert line.isprintable()
    assert len(line) <= 80


def test_bidi_and_control_characters_are_shown_as_escapes() -> None:
    assert plain("a\u202eb\x1b[31m\r\nERROR") == "a\\u202eb\\u001b[31m ERROR"


def test_s5_a_longer_secret_leaves_no_tail_readable() -> None:
    redact = Redactor()
    redact.learn(CANARY)
    redact.learn(CANARY + "-longer")
    assert redact(f"token {CANARY} and {CANARY}-longer") == f"token {HIDDEN} and {HIDDEN}"


def test_a_secret_as_short_as_a_word_does_not_blot_out_the_log() -> None:
    redact = Redactor()
    redact.learn("on")
    assert redact("only on Monday") == "only on Monday"
