"""A played county keeps every law of the claim process, however much goes wrong in it."""

from dataclasses import replace
from statistics import median

import pytest

from backend.domain.events import HoldPlaced, PayoutConfirmed, PayoutReturned, PayoutStarted
from backend.domain.fold import fold
from backend.domain.words import ActorKind, HoldKind, Path, PayoutState, State
from backend.simulation.course import Course, Fraud
from backend.simulation.habits import HABITS
from backend.simulation.plan import Staff
from backend.timetables.load import office_hours
from tests.backend.simulation.counties import PLAN, STAFF, played

HELD = {Fraud.REUSED_PHOTO, Fraud.TAG_TWICE}


@pytest.fixture(scope="module")
def county() -> list[Course]:
    return played()


def paid_after_minutes(courses: list[Course]) -> list[float]:
    claims = (course.claim for course in courses)
    return [(one.paid_at - one.reported_at).total_seconds() / 60 for one in claims if one.paid_at]


def test_every_report_becomes_one_claim(county: list[Course]) -> None:
    numbers = {course.number for course in county}

    assert len(county) == len(numbers) == PLAN.claims


def test_a_claim_is_the_fold_of_what_was_recorded(county: list[Course]) -> None:
    for course in county:
        assert fold([entry for _, entry, _ in course.steps]) == course.claim


def test_nothing_is_paid_before_all_gates_are_complete(county: list[Course]) -> None:
    before = [
        step[0] for course in county for step in course.steps if isinstance(step[1].event, PayoutStarted)
    ]

    assert before
    assert {claim.state for claim in before if claim} == {State.PAYABLE}


def test_no_claim_is_paid_twice(county: list[Course]) -> None:
    for course in county:
        events = [entry.event for _, entry, _ in course.steps]
        arrived = sum(isinstance(one, PayoutConfirmed) for one in events)
        came_back = sum(isinstance(one, PayoutReturned) for one in events)
        assert arrived - came_back in {0, 1}
        assert sum(one.state is PayoutState.CONFIRMED for one in course.claim.payouts) <= 1


def test_insured_heads_are_never_paid_beyond(county: list[Course]) -> None:
    paid: dict[str, int] = {}
    for course in county:
        paid[course.farm.policy.number] = paid.get(course.farm.policy.number, 0) + course.heads_committed

    for course in county:
        assert paid[course.farm.policy.number] <= course.farm.policy.terms.insured_heads


def test_officers_act_in_office_hours_alone(county: list[Course]) -> None:
    hours = office_hours()
    acted = [
        entry.at for course in county for _, entry, _ in course.steps if entry.actor.kind is ActorKind.OFFICER
    ]

    assert acted
    assert all(hours.is_open(at) for at in acted)


def test_planted_frauds_never_go_the_fast_way_to_the_money(county: list[Course]) -> None:
    frauds = [course for course in county if course.fraud]
    fast = [course for course in frauds if course.claim.path is Path.FAST and course.claim.paid_at]

    assert {course.fraud for course in frauds} == set(Fraud)
    assert not fast


def test_a_photo_or_a_tag_of_another_claim_is_held_for_a_person(county: list[Course]) -> None:
    frauds = [one for one in county if one.fraud in HELD and one.claim.triaged_at]
    held = [
        course
        for course in frauds
        if any(
            isinstance(step[1].event, HoldPlaced) and step[1].event.kind is HoldKind.SIGNALS
            for step in course.steps
        )
    ]

    # Nobody can know of a photo that never arrived, nor of a claim that was taken back.
    assert len(held) > len(frauds) * 0.7


def test_only_people_reject(county: list[Course]) -> None:
    rejected = [course.claim.rejection for course in county if course.claim.rejection]

    assert rejected
    assert all(one.decision.reason_code and one.decision.by for one in rejected)


def test_a_zone_holds_the_money_of_its_farms_until_it_is_lifted(county: list[Course]) -> None:
    held = [
        course
        for course in county
        if any(
            isinstance(step[1].event, HoldPlaced) and step[1].event.kind is HoldKind.QUARANTINE
            for step in course.steps
        )
    ]

    assert held
    assert all(course.claim.hold(HoldKind.QUARANTINE) is None for course in held if course.claim.paid_at)


def test_a_claim_that_ended_before_its_zone_was_lifted_is_handed_over_once() -> None:
    habits = replace(HABITS, stands_outside=0.5, days_between_outbreaks=6, dies_in_epidemic=0.8)

    over = played(replace(PLAN, claims=60), habits)

    ended = [one for one in over if one.claim.rejection and one.claim.hold(HoldKind.QUARANTINE)]
    assert ended
    assert len({one.number for one in over}) == len(over) == 60


def test_with_more_people_half_of_the_claims_are_paid_sooner() -> None:
    busy = replace(PLAN, claims=120, days=2, is_on_call=True, seed=3)

    few = median(paid_after_minutes(played(replace(busy, staff=Staff(1, 1, 1, 1)), HABITS)))
    many = median(paid_after_minutes(played(replace(busy, staff=Staff(4, 4, 4, 8)), HABITS)))

    assert many < few / 2


def test_round_the_clock_nobody_waits_for_the_morning() -> None:
    in_hours = median(paid_after_minutes(played(replace(PLAN, claims=80), HABITS)))
    on_call = median(paid_after_minutes(played(replace(PLAN, claims=80, is_on_call=True), HABITS)))

    assert on_call < in_hours


def test_another_seed_is_another_county() -> None:
    small = replace(PLAN, claims=12, staff=STAFF)

    same = [[course.report for course in played(small)] for _ in range(2)]
    other = [course.report for course in played(replace(small, seed=6))]

    assert same[0] == same[1] != other
