"""S5, S6: the log is JSON lines without secrets and without smuggled lines."""

from __future__ import annotations

import json
import logging
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from console.collect.diary import Diary


def diary() -> tuple[Diary, StringIO]:
    stream = StringIO()
    return Diary(lambda text: text.replace("hunter22", "•••"), [logging.StreamHandler(stream)]), stream


@given(st.text(max_size=80), st.text(max_size=80))
def test_s6_whatever_a_source_says_stays_one_line_of_ascii(what: str, error: str) -> None:
    book, stream = diary()
    book.warn(what, site="a", error=error)
    [line] = stream.getvalue().split("\n")[:-1]
    assert line.isascii()
    assert line.isprintable()
    told = json.loads(line)
    assert (told["level"], told["site"]) == ("warning", "a")
    if "hunter22" not in what + error:
        assert (told["what"], told["error"]) == (what, error)


def test_s5_secrets_are_taken_out_of_messages_facts_and_traces() -> None:
    book, stream = diary()
    book.say("key hunter22", error="key hunter22")
    book.trace("broke", ValueError("hunter22"))
    assert "hunter22" not in stream.getvalue()
    assert "ValueError" in json.loads(stream.getvalue().splitlines()[1])["trace"]


def test_two_diaries_do_not_write_into_each_other() -> None:
    first, one = diary()
    second, two = diary()
    first.say("a")
    second.say("b")
    assert "b" not in one.getvalue()
    assert "a" not in json.loads(two.getvalue())["what"]
