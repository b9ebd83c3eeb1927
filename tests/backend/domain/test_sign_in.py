"""Families of tokens, limits of codes: the pure part of farmers' sign-in."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.edges.rates import Rate
from backend.domain.sign_in.family import GRACE, Pair, Verdict, judge
from backend.domain.sign_in.limits import CodeLimits, code_limits
from backend.settings import Settings, SettingUnusable

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_newest_token_gives_the_next_pair() -> None:
    newest = Pair(3, came=True)

    assert judge(newest, newest, AT) is Verdict.NEXT


@pytest.mark.parametrize(
    ("shown", "newest", "verdict"),
    [
        (Pair(2, spent_at=AT - GRACE), Pair(3), Verdict.AGAIN),
        (Pair(2, spent_at=AT - GRACE - SECOND), Pair(3), Verdict.REUSED),
        (Pair(2, spent_at=AT - SECOND), Pair(3, came=True), Verdict.REUSED),
        (Pair(1, spent_at=AT - SECOND), Pair(3), Verdict.REUSED),
        (Pair(2), Pair(3), Verdict.REUSED),
    ],
    ids=["lost-answer", "too-late", "somebody-has-the-next", "two-back", "never-spent"],
)
def test_a_spent_token_is_a_theft_unless_its_answer_was_lost(
    shown: Pair, newest: Pair, verdict: Verdict
) -> None:
    assert judge(shown, newest, AT) is verdict


def test_limits_are_written_as_they_are_read() -> None:
    assert code_limits(str(CodeLimits())) == CodeLimits()
    assert str(CodeLimits()) == "number 5/h 10/d, address 60/h 300/d, county 600/h 3000/d"


def test_what_is_left_out_has_no_limit() -> None:
    limits = code_limits("number 3/10s")

    assert limits == CodeLimits(number=(Rate(3, timedelta(seconds=10)),), address=(), county=())
    assert str(limits) == "number 3/10s"
    assert code_limits("") == CodeLimits((), (), ())


@pytest.mark.parametrize("text", ["number", "phone 3/h", "number 3/week", "number 3/h, number 4/h", ","])
def test_limits_that_say_nothing_are_refused_by_the_settings(text: str) -> None:
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_CODE_LIMITS"):
        Settings.from_environment({"FLASHCLAIM_CODE_LIMITS": text})
