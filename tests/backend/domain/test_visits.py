"""A collector or a surveyor is on the way: said once, ended by arrival, by a word, or by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain import commands as c
from backend.domain.clocks.running import running
from backend.domain.effects import EffectKind, effects_of
from backend.domain.notices.news import News, farmer_key, farmer_news
from backend.domain.notices.steps import Promises
from backend.domain.parties import MACHINE, Officer
from backend.domain.problems import MoveNotAllowed, NotAllowed
from backend.domain.visits.approach import FURTHEST_M, shown_distance_m, time_left
from backend.domain.visits.events import VisitEnded, VisitStarted
from backend.domain.visits.problems import NothingToVisit
from backend.domain.visits.visit import LASTS
from backend.domain.visits.words import ExpectedFrom, VisitEnd, VisitKind
from backend.domain.words import Lane, State
from backend.timetables.load import office_hours
from tests.builders import ALL_THREE, an_officer, handover
from tests.stories import Story, a_story, a_story_in

COLLECTOR = an_officer(None)
SURVEYOR = an_officer(Lane.INSURER)
PROMISES = Promises(office_hours())


def at_home(story: Story) -> Story:
    """Whoever goes is of an office of the claim's county."""
    story.facts = replace(story.facts, office_county=story.claim.report.policy.county)
    return story


def news_of_last(story: Story) -> News | None:
    return farmer_news(story.claim, story.events[-1], story.claim, PROMISES)


def test_who_sets_out_is_told_to_the_farmer_with_the_hour_that_they_said() -> None:
    story = at_home(a_story(approved_by=ALL_THREE))
    expected = story.at + timedelta(minutes=40)

    [event] = story.give(
        c.StartVisit(officer=COLLECTOR, expected_at=expected, expected_from=ExpectedFrom.SAID)
    )

    assert event == VisitStarted(
        kind=VisitKind.COLLECTION, expected_at=expected, expected_from=ExpectedFrom.SAID
    )
    [visit] = story.claim.visits
    assert (visit.no, visit.officer) == (story.events[-1].seq, COLLECTOR.id)
    news = news_of_last(story)
    assert news is not None
    assert (news.key, news.facts["visitor"]) == ("visit-started", "collection")
    assert set(news.facts) == {"visitor", "expected"}


def test_an_estimate_is_told_as_one() -> None:
    story = at_home(a_story())

    story.give(
        c.StartVisit(
            officer=SURVEYOR,
            expected_at=story.at + timedelta(minutes=15),
            expected_from=ExpectedFrom.DISTANCE,
        )
    )

    news = news_of_last(story)
    assert news is not None
    assert set(news.facts) == {"visitor", "about"}
    assert story.claim.visits[0].kind is VisitKind.SURVEY


def test_setting_out_twice_is_one_visit_and_two_people_are_two() -> None:
    story = at_home(a_story())
    story.give(c.StartVisit(officer=COLLECTOR))

    again = story.give(c.StartVisit(officer=COLLECTOR), after=timedelta(hours=1))
    story.give(c.StartVisit(officer=SURVEYOR))

    assert again == []
    assert [one.officer for one in story.claim.visits] == [COLLECTOR.id, SURVEYOR.id]


@pytest.mark.parametrize("how", [VisitEnd.ARRIVED, VisitEnd.CALLED_OFF])
def test_whoever_waits_hears_only_that_nobody_comes(how: VisitEnd) -> None:
    story = at_home(a_story())
    story.give(c.StartVisit(officer=COLLECTOR))
    started = story.events[-1].seq

    [event] = story.give(c.EndVisit(how=how, officer=COLLECTOR))

    assert event == VisitEnded(visit=started, kind=VisitKind.COLLECTION, how=how)
    assert story.claim.visits == ()
    key = farmer_key(story.claim, story.events[-1], story.claim)
    assert key == (None if how is VisitEnd.ARRIVED else "visit-called-off")


def test_the_receipt_ends_its_collectors_visit_and_nobody_elses() -> None:
    story = at_home(a_story(approved_by=ALL_THREE))
    receipt = handover(heads=story.claim.heads)
    story.give(c.StartVisit(officer=receipt.collector))
    story.give(c.StartVisit(officer=SURVEYOR))

    story.give(receipt)

    assert [one.officer for one in story.claim.visits] == [SURVEYOR.id]


def test_a_visit_that_nobody_ends_is_over_by_itself_and_not_a_minute_before() -> None:
    story = at_home(a_story())
    before = story.claim
    story.give(c.StartVisit(officer=COLLECTOR))
    started = story.events[-1]
    timers = [
        one
        for one in effects_of(before, started, story.claim, story.facts.clocks)
        if one.kind is EffectKind.END_VISIT
    ]
    end = c.EndVisit(how=VisitEnd.FORGOTTEN, no=started.seq)

    early = story.give(end, after=LASTS - timedelta(minutes=1))
    late = story.give(end, after=timedelta(minutes=1))
    once_more = story.give(end)

    assert [(one.due_at, one.arguments) for one in timers] == [
        (started.at + LASTS, {"visit": str(started.seq)})
    ]
    assert early == once_more == []
    assert late == [VisitEnded(visit=started.seq, kind=VisitKind.COLLECTION, how=VisitEnd.FORGOTTEN)]
    assert story.events[-1].actor == MACHINE


def test_who_sets_out_anew_before_the_timer_went_off_begins_another_visit() -> None:
    story = at_home(a_story())
    story.give(c.StartVisit(officer=COLLECTOR))

    events = story.give(c.StartVisit(officer=COLLECTOR), after=LASTS)

    assert [type(one) for one in events] == [VisitEnded, VisitStarted]
    assert [one.no for one in story.claim.visits] == [story.events[-1].seq]


@pytest.mark.parametrize("lane", [Lane.VETERINARY, Lane.INSPECTION])
def test_only_collectors_and_surveyors_of_the_county_set_out(lane: Lane) -> None:
    story = at_home(a_story())

    with pytest.raises(NotAllowed):
        story.give(c.StartVisit(officer=an_officer(lane)))
    with pytest.raises(NotAllowed):
        story.give(c.StartVisit(officer=replace(COLLECTOR, is_regulator=True)))
    story.facts = replace(story.facts, office_county="430199")
    with pytest.raises(NotAllowed, match="offices of that county"):
        story.give(c.StartVisit(officer=COLLECTOR))


@pytest.mark.parametrize("state", list(State))
def test_who_may_go_in_which_state(state: State) -> None:
    story = at_home(a_story_in(state))
    needs_collector = story.claim.handover is None or bool(story.claim.receipt_gaps)
    held = running(story.claim, story.facts.clocks.timetable)

    def goes(officer: Officer) -> bool:
        try:
            story.give(c.StartVisit(officer=officer))
        except (NothingToVisit, MoveNotAllowed):
            return False
        story.give(c.EndVisit(how=VisitEnd.CALLED_OFF, officer=officer))
        return True

    assert goes(COLLECTOR) == (needs_collector and state is not State.CLOSED)
    assert goes(SURVEYOR) == (
        state
        not in {
            *(State.PAYING, State.PAYMENT_UNKNOWN, State.PAYMENT_FAILED, State.PAID),
            *(State.CLOSED, State.REJECTED, State.WITHDRAWN),
        }
    )
    assert story.state is state
    assert running(story.claim, story.facts.clocks.timetable) == held


def test_the_straight_line_gives_an_estimate_in_steps_of_five_minutes_and_none_from_far_away() -> None:
    told = [time_left(metres) for metres in (0.0, 2_000.0, 3_200.0, 20_000.0, FURTHEST_M + 1)]

    assert told == [*(timedelta(minutes=one) for one in (5, 5, 10, 50)), None]
    assert [shown_distance_m(metres) for metres in (12.0, 3_249.0)] == [0, 3_200]
