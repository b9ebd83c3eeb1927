"""A regulator sees whole months, county by county, and cannot make out a handful of claims."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import InvalidInput
from backend.domain.suppression import FEWEST
from backend.insight.regulator import OUTCOMES, Month, month_of, regulator
from tests.backend.store.county import County

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
NOVEMBER = Month(date(2026, 11, 1))


def table(installation: County, month: Month = NOVEMBER) -> dict[str, Any]:
    now = installation.clock()
    return installation.store.engine.read(
        lambda connection: regulator(connection, None, month, now), EVERYWHERE
    )


def test_a_regulator_does_not_see_a_handful_of_claims(county: County) -> None:
    county.report()

    told = table(county)

    for row in (told["total"], *told["groups"]):
        assert row["suppressed"] is True
        assert {row[name] for name in row if name not in {"group", "suppressed"}} == {None}


def test_a_regulator_sees_what_became_of_a_countys_claims_but_no_count_of_few(busy: County) -> None:
    told = table(busy)

    [group] = told["groups"]
    assert group["claims"] == told["total"]["claims"] >= FEWEST
    for name in OUTCOMES:
        assert group[name] is None or group[name] == 0 or group[name] >= FEWEST


def test_claims_of_another_month_are_in_another_table(busy: County) -> None:
    told = table(busy, Month(date(2026, 10, 1)))

    assert (told["groups"], told["total"]["claims"]) == ([], 0)


def test_only_whole_months_that_are_over_have_a_table() -> None:
    assert str(month_of(None, NOW)) == "2026-11"
    assert month_of("2026-02", NOW).last == date(2026, 2, 28)
    for wrong in ("2026-12", "2027-01", "2026-13", "november", "2026-11-01"):
        with pytest.raises(InvalidInput):
            month_of(wrong, NOW)


def test_a_month_ends_at_midnight_in_shanghai() -> None:
    last_minute = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)

    assert str(month_of(None, last_minute)) == "2026-10"
    assert str(month_of(None, last_minute + timedelta(minutes=1))) == "2026-11"
