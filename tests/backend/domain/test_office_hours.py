"""Office hours: what a promise "next at 08:00" and a clock in office time stand on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clocks.office_hours import ALWAYS, NeverOpen, OfficeHours, Opening
from backend.domain.policy import SHANGHAI
from backend.timetables.load import office_hours

HOURS = office_hours()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=420)).map(lambda since: BEGIN + since)
lengths = st.timedeltas(timedelta(0), timedelta(days=20))


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-11-25 07:59", "2026-11-25 08:00"),
        ("2026-11-25 08:00", "2026-11-25 08:00"),
        ("2026-11-25 12:00", "2026-11-25 14:00"),
        ("2026-11-25 22:40", "2026-11-26 08:00"),
        ("2026-11-27 18:00", "2026-11-30 08:00"),
        ("2026-09-30 22:40", "2026-10-08 08:00"),
        ("2026-10-09 22:40", "2026-10-10 08:00"),
        ("2026-02-13 22:40", "2026-02-14 08:00"),
        ("2026-02-14 18:00", "2026-02-24 08:00"),
    ],
)
def test_the_next_opening_knows_nights_weekends_holidays_and_days_worked_in_exchange(
    asked: str, opens: str
) -> None:
    assert HOURS.next_open(at(asked)) == at(opens)


@given(moments)
def test_an_office_is_open_when_it_opens_next(moment: datetime) -> None:
    opens = HOURS.next_open(moment)

    assert HOURS.is_open(opens)
    assert (opens == moment) == HOURS.is_open(moment)
    assert HOURS.open_between(moment, opens) == timedelta(0)


@given(st.lists(moments, min_size=3, max_size=3))
def test_office_time_adds_up_and_is_never_more_than_time(three: list[datetime]) -> None:
    first, second, third = sorted(three)

    whole = HOURS.open_between(first, third)

    assert whole == HOURS.open_between(first, second) + HOURS.open_between(second, third)
    assert timedelta(0) <= whole <= third - first


@given(moments, lengths)
def test_the_moment_after_some_office_time_has_exactly_that_much_before_it(
    start: datetime, worked: timedelta
) -> None:
    done = HOURS.after(start, worked)

    assert HOURS.open_between(start, done) == worked
    assert done == start or HOURS.open_between(start, done - timedelta(microseconds=1)) < worked


@given(moments, lengths)
def test_an_office_that_never_closes_counts_plain_time(start: datetime, length: timedelta) -> None:
    assert ALWAYS.after(start, length) == start + length
    assert ALWAYS.open_between(start, start + length) == length


@given(moments)
def test_the_zone_that_a_moment_is_written_in_changes_nothing(moment: datetime) -> None:
    assert HOURS.is_open(moment) == HOURS.is_open(moment.astimezone(SHANGHAI))


def test_a_year_whose_holidays_are_not_published_says_so() -> None:
    assert HOURS.knows(date(2026, 10, 1))
    assert not HOURS.knows(date(2027, 10, 1))


def test_an_office_that_never_opens_promises_nothing() -> None:
    shut = OfficeHours(week=((),) * 7)

    with pytest.raises(NeverOpen, match="60 days"):
        shut.next_open(at("2026-11-25 08:00"))


def test_openings_that_overlap_are_refused() -> None:
    morning, late_morning = (
        Opening(timedelta(hours=8), timedelta(hours=12)),
        Opening(timedelta(hours=11), timedelta(hours=13)),
    )

    with pytest.raises(ValueError, match="overlap"):
        OfficeHours(week=((morning, late_morning),) * 7)
