"""Secrets stay hidden in logs and traces, and a source's words stay one plain line."""

from __future__ import annotations

import io
import logging

from hypothesis import given
from hypothesis import strategies as st

from console.adapters.redaction import HIDDEN, RedactingFilter, Redactor, host_of, plain

CANARY = "canary-4711"


@given(st.text(max_size=400))
def test_s6_text_from_outside_is_one_printable_line(text: str) -> None:
    line = plain(text, 80)
    assert line.isprintable()
    assert len(line) <= 80


def test_bidi_and_control_characters_are_shown_as_escapes() -> None:
    assert plain("a\u202eb\x1b[31m\r\nERROR") == "a\\u202eb\\u001b[31m ERROR"


def test_of_a_url_only_the_host_is_shown() -> None:
    assert host_of("https://user:pw@host.example:8443/path?key=1") == "host.example:8443"


def test_s5_a_secret_is_hidden_in_message_arguments_and_trace() -> None:
    redact, stream = Redactor(), io.StringIO()
    redact.learn(CANARY)
    redact.learn(CANARY + "-longer")
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter(redact))
    logger = logging.Logger("site")  # noqa: LOG001 - one of its own, so that no other test hears it
    logger.addHandler(handler)
    try:
        int(f"header {CANARY}")
    except ValueError:
        logger.exception("token %s and %s", CANARY, CANARY + "-longer")
    assert "canary" not in stream.getvalue()
    assert "-longer" not in stream.getvalue()
    assert stream.getvalue().startswith(f"token {HIDDEN} and {HIDDEN}")
    assert "ValueError" in stream.getvalue()


def test_a_secret_as_short_as_a_word_does_not_blot_out_the_log() -> None:
    redact = Redactor()
    redact.learn("on")
    assert redact("only on Monday") == "only on Monday"
