"""Farmers rate stages that are over; a bad rating opens a ticket that somebody has to answer, in time and in words."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.clocks.deadlines import ClockName
from backend.domain.clocks.events import ClaimEscalated, DeadlineBreached
from backend.domain.clocks.running import running
from backend.domain.decisions.facts import Clocks
from backend.domain.decisions.rating import rateable
from backend.domain.events import Event
from backend.domain.ids import OfficerId
from backend.domain.problems import InvalidInput
from backend.domain.ratings.events import ClaimRated
from backend.domain.ratings.problems import RatingStands
from backend.domain.ratings.terms import SHIPPED_TERMS, terms_on
from backend.domain.ratings.words import RatedStage
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.tickets.owner import Candidate, owner_of
from backend.domain.tickets.ticket import claim_and_no, ticket_name
from backend.domain.words import ActorKind, Lane, State
from backend.timetables.load import timetable
from tests.builders import FARMER, an_officer, certificate, facts
from tests.stories import Story, a_story, a_story_in
from tests.voices import HOLDER, SERVICE, a_rating, closing, taking

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMED = replace(facts(), clocks=Clocks(timetable=timetable()))


def a_paid_story() -> Story:
    story = a_story_in(State.PAID)
    story.facts = TIMED
    return story


def types(events: Collection[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


@pytest.mark.parametrize("state", State)
def test_in_every_state_a_farmer_rates_the_report_and_a_bad_rating_is_answered(state: State) -> None:
    story = a_story_in(state)

    rated = story.give(a_rating(reporting=1))
    taken = story.give(taking())
    ended = story.give(closing())

    assert types([*rated, *taken, *ended]) == [ClaimRated, TicketOpened, TicketAssigned, TicketClosed]
    assert story.state is state
    assert story.claim.open_ticket is None


@pytest.mark.parametrize(
    ("state", "over"),
    [
        (State.REPORTED, 1),
        (State.JOINT_REVIEW, 2),
        (State.OFFERED, 3),
        (State.REJECTED, 3),
        (State.PAYABLE, 4),
        (State.PAID, 5),
    ],
)
def test_a_stage_is_rated_once_it_is_over(state: State, over: int) -> None:
    story = a_story_in(state)
    stages = list(RatedStage)

    assert rateable(story.claim) == tuple(stages[:over])
    for early in stages[over:]:
        with pytest.raises(InvalidInput) as refused:
            story.give(a_rating(recommend=None, by=FARMER, words="", **{early.value: 5}))
        assert [error.pointer for error in refused.value.errors] == [f"/scores/{early}"]


def test_the_recommendation_is_asked_once_the_money_is_there() -> None:
    early, paid = a_story_in(State.PAYING), a_paid_story()

    with pytest.raises(InvalidInput, match="cannot be kept"):
        early.give(a_rating(recommend=9))
    assert types(paid.give(a_rating(recommend=9))) == [ClaimRated]
    assert paid.claim.voice.recommend is not None


@pytest.mark.parametrize(
    ("rating", "opens"),
    [
        (a_rating(reporting=3), False),
        (a_rating(reporting=2), True),
        (a_rating(payment=5, recommend=7), False),
        (a_rating(recommend=6), True),
    ],
    ids=["so-so", "bad", "passive", "detractor"],
)
def test_what_is_bad_opens_a_ticket(rating: c.RateClaim, *, opens: bool) -> None:
    story = a_paid_story()

    assert (TicketOpened in types(story.give(rating))) is opens


def test_one_claim_has_one_open_ticket_and_a_new_bad_rating_after_its_end_opens_another() -> None:
    story = a_paid_story()
    story.give(a_rating(reporting=1))

    assert types(story.give(a_rating(handover=1))) == [ClaimRated]
    for command in (taking(), closing()):
        story.give(command)
    again = story.give(a_rating(payment=2))

    assert types(again) == [ClaimRated, TicketOpened]
    assert [one.no for one in story.claim.tickets] == [1, 2]


def test_the_same_rating_again_records_nothing() -> None:
    story = a_paid_story()
    story.give(a_rating(reporting=1, words="nobody called"))

    assert story.give(a_rating(reporting=1, words="nobody called"), after=2 * DAY) == []
    assert story.give(a_rating(reporting=1), after=DAY) == []


def test_within_a_day_one_may_say_otherwise_and_later_not() -> None:
    story = a_paid_story()
    story.give(a_rating(reporting=5))

    story.give(a_rating(reporting=4), after=24 * HOUR)

    assert story.claim.voice.figures == {"reporting": 4}
    with pytest.raises(RatingStands):
        story.give(a_rating(reporting=5), after=timedelta(seconds=1))


def test_a_link_changes_nothing_that_the_farmer_said_and_the_farmer_corrects_a_link() -> None:
    story = a_paid_story()
    story.give(a_rating(by=HOLDER, reporting=1))

    story.give(a_rating(reporting=5), after=30 * DAY)

    assert story.claim.voice.figures == {"reporting": 5}
    assert story.claim.voice.scores[RatedStage.REPORTING].by.kind is ActorKind.FARMER
    with pytest.raises(RatingStands):
        story.give(a_rating(by=HOLDER, reporting=1))


def test_a_link_makes_nothing_its_own_by_repeating_what_the_farmer_said() -> None:
    story = a_paid_story()
    story.give(a_rating(reporting=1, recommend=0, words="nobody called"))

    repeated = story.give(a_rating(by=HOLDER, reporting=1, recommend=0, words="nobody called"))

    assert repeated == []
    for changed in (a_rating(by=HOLDER, reporting=5), a_rating(by=HOLDER, recommend=10)):
        with pytest.raises(RatingStands):
            story.give(changed)
    with pytest.raises(RatingStands):
        story.give(a_rating(by=HOLDER, payment=5, words="all was well"))
    story.give(a_rating(by=HOLDER, payment=5, reporting=1))
    assert story.claim.voice.words == "nobody called"
    assert story.claim.voice.scores[RatedStage.REPORTING].by.kind is ActorKind.FARMER


def test_another_link_changes_nothing_either() -> None:
    story = a_paid_story()
    story.give(a_rating(by=HOLDER, reporting=4))

    with pytest.raises(RatingStands):
        story.give(a_rating(by=replace(HOLDER, id="link-2"), reporting=1))


def test_a_ticket_is_due_after_three_days_of_office_hours() -> None:
    story = a_paid_story()
    story.facts = replace(TIMED, candidates=(Candidate(SERVICE.id, 1, 0),))

    story.give(a_rating(reporting=1))

    ticket = story.claim.open_ticket
    assert ticket is not None
    assert ticket.owner == SERVICE.id
    assert ticket.opened.due_at is not None
    worked = timetable().hours.open_between(ticket.opened_at, ticket.opened.due_at)
    assert worked == 24 * HOUR
    [clock] = [one for one in running(story.claim, timetable()) if one.clock is ClockName.TICKET]
    assert clock.due_at == ticket.opened.due_at


def test_a_ticket_that_nobody_answers_is_escalated_and_each_ticket_anew() -> None:
    story = a_paid_story()
    story.give(certificate())

    def left_alone() -> list[Event]:
        return [
            one
            for one in story.give(c.RecordDeadlines(), after=7 * DAY)
            if isinstance(one, DeadlineBreached | ClaimEscalated)
        ]

    story.give(a_rating(reporting=1))
    first = left_alone()
    for command in (taking(), closing()):
        story.give(command)
    story.give(a_rating(payment=1))
    second = left_alone()

    assert {one.clock for one in (*first, *second)} == {ClockName.TICKET}  # type: ignore[union-attr]
    assert {one.held_by for one in (*first, *second)} == {"insurer"}  # type: ignore[union-attr]
    levels = [{one.level for one in said if isinstance(one, ClaimEscalated)} for said in (first, second)]
    assert levels[0] == levels[1] >= {1, 2}


@given(
    st.lists(
        st.builds(Candidate, st.sampled_from("abcdef").map(OfficerId), st.integers(1, 4), st.integers(0, 9)),
        unique_by=lambda one: one.officer,
    ),
    st.frozensets(st.sampled_from("abcdef").map(OfficerId)),
)
def test_the_owner_is_the_least_busy_of_the_lowest_level_who_did_not_decide(
    candidates: list[Candidate], decided: frozenset[OfficerId]
) -> None:
    owner = owner_of(candidates, decided)

    free = [one for one in candidates if one.officer not in decided] or candidates
    if not free:
        assert owner is None
        return
    [chosen] = [one for one in free if one.officer == owner]
    lowest = min(one.level for one in free)
    assert chosen.level == lowest
    assert chosen.open_tickets == min(one.open_tickets for one in free if one.level == lowest)


def test_who_decided_on_the_claim_does_not_answer_for_it_where_another_can() -> None:
    story = a_story(approved_by=(Lane.INSURER,))
    decider = an_officer(Lane.INSURER)
    story.facts = replace(TIMED, candidates=(Candidate(decider.id, 1, 0), Candidate(SERVICE.id, 4, 7)))

    story.give(a_rating(checking=1))

    assert story.claim.open_ticket is not None
    assert story.claim.open_ticket.owner == SERVICE.id


def test_terms_are_those_of_the_day_of_the_rating() -> None:
    later = replace(SHIPPED_TERMS, since=date(2027, 1, 1), bad_at_most=3)

    assert terms_on((SHIPPED_TERMS, later), date(2026, 12, 31)) == SHIPPED_TERMS
    assert terms_on((SHIPPED_TERMS, later), date(2027, 1, 1)) == later
    assert terms_on((), date(2020, 1, 1)) == SHIPPED_TERMS


def test_a_ticket_is_called_by_its_claim_and_its_number() -> None:
    assert claim_and_no(ticket_name("FC-20261123-0042", 3)) == ("FC-20261123-0042", 3)


def test_closing_again_in_the_same_words_records_nothing() -> None:
    story = a_paid_story()
    for command in (a_rating(by=FARMER), taking(), closing()):
        story.give(command)

    assert story.give(closing()) == []
