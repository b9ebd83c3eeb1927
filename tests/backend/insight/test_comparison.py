"""Two periods side by side: what is sure, what is not, and periods that hold nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.authority.sight import EVERYWHERE
from backend.insight.comparison import before, comparison, difference, period
from backend.insight.figures import insight
from backend.insight.survival import UNKNOWN, Estimate
from backend.insight.wanted import Wanted
from tests.backend.store.county import County

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)


def test_limits_of_a_difference_are_made_of_those_of_both_figures() -> None:
    now, was = Estimate(0.6, 0.52, 0.67), Estimate(0.4, 0.33, 0.48)

    found = difference(now, was)

    assert found.value == pytest.approx(0.2)
    # Newcombe's example of the same form: d - sqrt((p1 - l1)^2 + (u2 - p2)^2), d + sqrt((u1 - p1)^2 + (p2 - l2)^2).
    assert found.low == pytest.approx(0.2 - (0.08**2 + 0.08**2) ** 0.5)
    assert found.high == pytest.approx(0.2 + (0.07**2 + 0.07**2) ** 0.5)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_figures_that_are_the_same_never_differ_surely(value: float, below: float, above: float) -> None:
    same = Estimate(value, value - below, value + above)

    found = difference(same, same)

    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0 <= found.high


def test_what_is_unknown_in_one_period_has_no_difference() -> None:
    assert difference(UNKNOWN, Estimate(1, 0, 2)) == UNKNOWN
    assert difference(Estimate(3, None, None), Estimate(1, 0, 2)) == Estimate(2, None, None)


@pytest.mark.parametrize(
    ("wanted", "days"),
    [
        (Wanted(), (date(2026, 11, 20), date(2026, 11, 26))),
        (Wanted(first=date(2026, 11, 1)), (date(2026, 11, 1), date(2026, 11, 26))),
        (Wanted(last=date(2026, 11, 9)), (date(2026, 11, 3), date(2026, 11, 9))),
        (Wanted(first=date(2027, 1, 1)), (date(2027, 1, 1), date(2027, 1, 1))),
    ],
)
def test_days_that_are_not_named_are_completed(wanted: Wanted, days: tuple[date, date]) -> None:
    assert period(wanted, NOW) == days


def test_the_period_before_is_as_long_and_ends_where_the_other_begins() -> None:
    assert before((date(2026, 11, 20), date(2026, 11, 26))) == (date(2026, 11, 13), date(2026, 11, 19))
    assert before((date(1900, 1, 1), date(9000, 1, 1)))[1] == date(1899, 12, 31)


def test_a_period_says_what_the_figures_of_its_days_say(busy: County) -> None:
    now, day = busy.clock(), busy.clock().date()

    def look(connection: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        wanted = Wanted(first=day - timedelta(days=30), last=day + timedelta(days=1))
        return comparison(connection, wanted, None, now), insight(connection, wanted, now)

    told, figures = busy.store.engine.read(look, EVERYWHERE)

    by_name = {one["figure"]: one for one in told["figures"]}
    assert told["claims"] == {"before": 0, "now": figures["claims"] + figures["ended_unpaid"]}
    assert by_name["paid_within_15_min"]["now"]["value"] == figures["paid_within_15_min"]
    assert by_name["p50_seconds"]["now"]["value"] == figures["stages"][0]["p50_seconds"]
    assert all(one["difference"]["value"] is None for one in told["figures"])
    assert "nan" not in repr(told).lower()


def test_each_step_of_the_funnel_holds_the_ones_after_it(busy: County) -> None:
    told = busy.store.engine.read(lambda connection: insight(connection, Wanted(), busy.clock()), EVERYWHERE)

    counts = [one["claims"] for one in told["funnel"]["steps"]]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == told["claims"] + told["ended_unpaid"]
    assert counts[-1] == told["claims"] - told["open"] > 0


def test_the_curve_rises_within_its_band_and_ends_where_the_figures_do(busy: County) -> None:
    told = busy.store.engine.read(lambda connection: insight(connection, Wanted(), busy.clock()), EVERYWHERE)

    points, marks = told["curve"]["points"], told["curve"]["marks"]
    assert [one["paid"] for one in points] == sorted(one["paid"] for one in points)
    assert all(
        one["paid_low"] <= one["paid"] <= one["paid_high"] for one in points if one["paid_low"] is not None
    )
    quarter = next(one for one in marks if one["seconds"] == 900)
    assert quarter["paid"] == told["paid_within_15_min"]
