"""Offices with their queues, virtual time, and the question how many people it takes: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clocks.office_hours import ALWAYS
from backend.domain.problems import InvalidInput
from backend.domain.words import Lane
from backend.simulation.agenda import Agenda
from backend.simulation.demand import Demand
from backend.simulation.office import Hours
from backend.simulation.plan import Plan, Staff
from backend.simulation.staffing import needed, paid_in_time
from backend.timetables.load import office_hours

MONDAY = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OPEN = office_hours()


def demands(number: int, apart: timedelta, lane_minutes: float = 4.0) -> list[Demand]:
    """Claims that come one after the other and ask the same of everybody."""
    return [
        Demand(
            MONDAY + apart * place,
            triaged_after=MINUTE,
            lanes=dict.fromkeys(Lane, timedelta(minutes=lane_minutes)),
            collecting=6 * MINUTE,
            paying=MINUTE,
        )
        for place in range(number)
    ]


def test_what_was_entered_first_is_done_first_at_one_moment() -> None:
    agenda, done = Agenda(MONDAY), []

    for name in "abc":
        agenda.at(MONDAY + MINUTE, lambda name=name: done.append(name))  # type: ignore[misc]
    agenda.run(MONDAY + 2 * MINUTE)

    assert done == ["a", "b", "c"]
    assert agenda.now == MONDAY + 2 * MINUTE


@given(
    begins=st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20), timezones=st.just(UTC)),  # noqa: DTZ001
    worked=st.timedeltas(timedelta(seconds=1), timedelta(hours=30)),
)
def test_work_ends_when_office_hours_say_and_somebody_is_there(begins: datetime, worked: timedelta) -> None:
    begins = OPEN.next_open(begins)

    done = Hours(OPEN).after(begins, worked)

    assert OPEN.is_open(done)
    assert OPEN.open_between(begins, done) == worked


def test_one_officer_is_enough_where_claims_come_slowly() -> None:
    found = needed(demands(20, timedelta(minutes=30)), ALWAYS, ALWAYS)

    assert found.staff == Staff(1, 1, 1, 1)
    assert found.share == 1.0


def test_claims_that_come_together_need_more_people() -> None:
    crowd = demands(60, timedelta(seconds=60))

    found = needed(crowd, ALWAYS, ALWAYS)

    assert found.staff is not None
    assert min(found.staff.insurer, found.staff.veterinary, found.staff.inspection) > 1
    assert found.share >= 0.5 > paid_in_time(crowd, Staff(1, 1, 1, 1), ALWAYS, ALWAYS)


def test_no_number_of_people_makes_an_office_open_at_night() -> None:
    by_night = [Demand(MONDAY + timedelta(hours=12), lanes=dict.fromkeys(Lane, MINUTE), collecting=MINUTE)]

    found = needed(by_night, OPEN, ALWAYS)

    assert found.staff is None
    assert found.share == 0.0


def test_nothing_asked_is_nothing_found() -> None:
    assert needed([], ALWAYS, ALWAYS).staff is None


@pytest.mark.parametrize("written", ["lawyer=2", "insurer=0", "insurer=many", "insurer"])
def test_staff_that_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        Staff.parse(written)


def test_an_office_that_is_not_named_keeps_its_people() -> None:
    assert Staff.parse("insurer=7, disposal=9") == Staff(insurer=7, disposal=9)


@pytest.mark.parametrize("wrong", [{"counties": 0}, {"days": 400}, {"claims": 0}])
def test_a_plan_beyond_its_limits_is_refused(wrong: dict[str, int]) -> None:
    right = {"counties": 1, "days": 1, "claims": 1}

    with pytest.raises(InvalidInput):
        Plan(**right | wrong, staff=Staff(), seed=1, begins=date(2026, 9, 1))


def test_claims_are_shared_out_among_the_counties() -> None:
    plan = Plan(counties=3, days=1, claims=10, staff=Staff(), seed=1, begins=date(2026, 9, 1))

    assert [plan.claims_of(place) for place in range(3)] == [4, 3, 3]
