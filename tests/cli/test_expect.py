"""`meridian expect`: the numbers, the words, and refusals that say what was expected."""

from __future__ import annotations

import json

import pytest

from console.__main__ import main

JULY = ["expect", "--hashrate", "40.91 EH/s", "--from", "2025-07-01", "--to", "2025-08-01"]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_july_2025_over_its_three_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, *JULY)
    assert told["btc"] == pytest.approx(649.0, rel=2e-3)
    assert (told["hashrate_hs"], told["days"], told["difficulty_held"]) == (40.91e18, 31.0, False)
    assert (told["from"], told["to"]) == ("2025-07-01T00:00:00Z", "2025-08-01T00:00:00Z")
    assert len(told["epochs"]) == 3
    assert sum(epoch["btc"] for epoch in told["epochs"]) == pytest.approx(told["btc"])


def test_fees_and_the_pools_share_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    plain = answer(capsys, *JULY)["btc"]
    assert answer(capsys, *JULY, "--fees", "0.3125")["btc"] == pytest.approx(plain * 1.1)
    assert answer(capsys, *JULY, "--pool-fee", "0.01")["btc"] == pytest.approx(plain * 0.99)


def test_people_read_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(JULY) == 0
    told = capsys.readouterr().out
    assert told.startswith("648.3 BTC expected from 40.91 EH/s\n")
    assert "31 days" in told
    assert "estimate" not in told


def test_past_the_table_it_says_that_it_estimates(capsys: pytest.CaptureFixture[str]) -> None:
    ahead = ["expect", "--hashrate", "50 EH/s", "--from", "2026-11-01", "--to", "2026-11-02"]
    assert answer(capsys, *ahead)["difficulty_held"] is True
    assert main(ahead) == 0
    assert "its last value is held: an estimate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--hashrate", "40.91", "--from", "2025-07-01", "--to", "2025-08-01"], 2, "expected a hashrate with its unit"),
        (["--hashrate", "-1 EH/s", "--from", "2025-07-01", "--to", "2025-08-01"], 2, "expected"),
        (["--hashrate", "1 EH/s", "--from", "July", "--to", "2025-08-01"], 2, "expected a date such as 2025-07-01"),
        (["--hashrate", "1 EH/s", "--from", "2025-08-01", "--to", "2025-07-01"], 1, "expected a moment after --from"),
        (["--hashrate", "1 EH/s", "--from", "2010-01-01", "--to", "2010-02-01"], 1, "no difficulty is known"),
        (
            ["--hashrate", "1 EH/s", "--from", "2025-07-01", "--to", "2025-07-02", "--fees", "nan"],
            2,
            "expected a number",
        ),
        (["--hashrate", "1 EH/s", "--from", "2025-07-01", "--to", "2025-07-02", "--pool-fee", "3"], 1, "share"),
    ],
)
def test_what_cannot_be_used_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    try:
        got = main(["expect", *arguments])
    except SystemExit as left:
        got = left.code
    assert got == code
    assert says in capsys.readouterr().err
