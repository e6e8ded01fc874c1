"""Link states: one word, since when, what is news, what is said."""

from __future__ import annotations

from console.collect.link_book import LONGEST_ERROR, LinkBook, Outcome
from console.domain.errors import BadAnswer, Unreachable
from console.domain.link_state import Link
from tests.collect.fakes import make_site


def outcome(at_ms: int, error: BaseException | None = None, ahead_s: float = 0.0) -> Outcome:
    return Outcome("site-1", at_ms - 100, at_ms, 100.0, at_ms, ahead_s, error)


def book() -> LinkBook:
    return LinkBook([make_site()], {"fake": "gold"}, lambda text: text.replace("s3cret", "•••"))


def test_a_link_is_never_until_it_is_polled() -> None:
    state = book().state("site-1")
    assert (state.link, state.polls, state.last_ok_ms, state.rung) == (Link.NEVER, 0, None, "gold")


def test_since_moves_only_when_the_word_changes() -> None:
    links = book()
    links.note(outcome(1000))
    assert links.note(outcome(2000)).before is None
    assert links.state("site-1").since_ms == 1000
    assert links.state("site-1").last_ok_ms == 2000
    news = links.note(outcome(3000, Unreachable("refused")))
    assert news.lost
    assert not news.back
    assert (news.state.since_ms, news.state.last_ok_ms, news.state.failures) == (3000, 2000, 1)


def test_r12_lost_and_back_are_each_told_once() -> None:
    links = book()
    assert not links.note(outcome(1000)).back, "the first answer ever is not a return"
    assert links.note(outcome(2000, Unreachable("x"))).lost
    between = links.note(outcome(3000, BadAnswer("y")))
    assert not between.lost, "another word for a link that is lost already"
    assert between.before is not None
    assert links.note(outcome(4000)).back


def test_an_error_is_one_short_line_without_secrets() -> None:
    text = book().note(outcome(1, Unreachable("a\r\nb s3cret " + "x" * 900))).state.error
    assert text.startswith("a b ••• x")
    assert len(text) == LONGEST_ERROR


def test_a_small_skew_is_not_worth_a_word() -> None:
    links = book()
    assert links.note(outcome(1, ahead_s=29.0)).state.error == ""
    assert "31 s ahead" in links.note(outcome(2, ahead_s=31.0)).state.error
