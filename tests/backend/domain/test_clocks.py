"""A claim's clocks: what they say, when, and that they say it once, whatever happens to the claim."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import ClockName
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.clocks.pauses import PauseKind
from backend.domain.clocks.running import Running, next_mark, running
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import EffectKind, effects_of
from backend.domain.fold import apply
from backend.domain.policy import SHANGHAI
from backend.domain.words import HoldKind, State
from backend.timetables.load import timetable
from tests.builders import (
    ALL_THREE,
    REPORTED_AT,
    a_hold,
    a_release,
    a_report,
    certificate,
    decision,
    evidence,
    facts,
)
from tests.stories import Story, a_story, a_story_in

TABLE = timetable()
TIMED = facts(clocks=Clocks(timetable=TABLE))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LOOK = c.RecordDeadlines()
Said = tuple[type, ClockName]


def clock(claim: Claim, name: ClockName) -> Running | None:
    return next((one for one in running(claim, TABLE) if one.clock is name), None)


def said(story: Story) -> list[Said]:
    """What the clocks said so far, escalations left out."""
    events = [entry.event for entry in story.events]
    return [(type(one), one.clock) for one in events if isinstance(one, DeadlineAtRisk | DeadlineBreached)]


def test_a_farmer_is_promised_what_the_table_says() -> None:
    claim = a_story(world=TIMED).claim

    assert claim.report.due_at - claim.reported_at == 15 * MINUTE
    assert {one.clock for one in running(claim, TABLE)} == {
        ClockName.PAYOUT,
        ClockName.FIRST_DECISION,
        ClockName.REVIEW,
    }


def test_a_clock_is_at_risk_at_three_quarters_and_broken_at_its_end() -> None:
    story = a_story(world=TIMED)
    start = story.claim.reported_at

    early = story.give(LOOK, after=start + 11 * MINUTE - story.at)
    risk = story.give(LOOK, after=start + 12 * MINUTE - story.at)
    breach = story.give(LOOK, after=start + 15 * MINUTE - story.at)

    assert [type(one) for one in early] == [ClaimEscalated]
    assert [type(one) for one in risk] == [DeadlineAtRisk, ClaimEscalated]
    assert [type(one) for one in breach] == [DeadlineBreached, ClaimEscalated]
    assert story.give(LOOK) == []


def test_who_was_away_for_both_says_only_that_it_is_broken_and_tells_every_level() -> None:
    story = a_story(world=TIMED)

    events = story.give(LOOK, after=20 * MINUTE)

    assert said(story) == [(DeadlineBreached, ClockName.PAYOUT)]
    assert [one.level for one in events if isinstance(one, ClaimEscalated)] == [1, 2, 3]


def test_what_ends_in_time_records_nothing() -> None:
    story = a_story_in(State.CLOSED)
    story.facts = TIMED

    assert story.give(LOOK, after=timedelta(days=30)) == []
    assert next_mark(story.claim, TABLE, story.at) is None


def test_a_certificate_that_is_late_is_told_of_once_also_where_the_money_has_long_arrived() -> None:
    story = a_story(world=TIMED, approved_by=ALL_THREE, accepted=True, handed_over=True)
    story.pay()

    story.give(LOOK, after=49 * HOUR)
    story.give(LOOK, after=48 * HOUR)
    story.give(certificate(story.claim.heads))
    story.give(LOOK, after=48 * HOUR)

    assert said(story) == [(DeadlineBreached, ClockName.CERTIFICATE)]


def test_quarantine_moves_what_is_due_by_as_long_as_it_lasts() -> None:
    story = a_story(world=TIMED)
    before = clock(story.claim, ClockName.FIRST_DECISION)
    assert before is not None
    due = before.due_at
    assert due is not None

    story.give(a_hold(HoldKind.QUARANTINE))
    paused = clock(story.claim, ClockName.FIRST_DECISION)
    nothing = story.give(LOOK, after=timedelta(days=3))
    story.give(a_release(HoldKind.QUARANTINE))
    moved = clock(story.claim, ClockName.FIRST_DECISION)

    assert paused is not None
    assert moved is not None
    assert (paused.is_paused, paused.due_at, nothing) == (True, None, [])
    assert moved.due_at == due + timedelta(days=3, seconds=1)


def test_asking_the_farmer_stops_the_offices_clocks_but_not_the_promise() -> None:
    story = a_story(world=TIMED, report=a_report(photos=()), verified=False)

    assert story.state is State.EVIDENCE_REQUESTED
    promise, first = clock(story.claim, ClockName.PAYOUT), clock(story.claim, ClockName.FIRST_DECISION)
    assert promise is not None
    assert first is not None
    assert (promise.is_paused, first.is_paused) == (False, True)

    story.give(evidence("photo-1"), after=2 * HOUR)
    first = clock(story.claim, ClockName.FIRST_DECISION)
    assert first is not None
    assert first.due_at == story.claim.reported_at + 26 * HOUR


def test_the_review_counts_office_hours_over_night_and_holiday() -> None:
    story = Story(TIMED, at=datetime(2026, 9, 30, 22, 40, tzinfo=SHANGHAI))
    story.give(a_report(occurred_at=story.at - HOUR))
    story.verify()

    review, promise = clock(story.claim, ClockName.REVIEW), clock(story.claim, ClockName.PAYOUT)

    assert review is not None
    assert promise is not None
    assert review.due_at == datetime(2026, 10, 8, 18, 0, tzinfo=SHANGHAI)
    assert promise.due_at == story.claim.reported_at + 15 * MINUTE


def test_a_review_that_starts_anew_says_nothing_twice() -> None:
    story = a_story(world=TIMED)
    story.give(LOOK, after=timedelta(days=4))
    assert (DeadlineBreached, ClockName.REVIEW) in said(story)

    story.give(evidence("photo-2"))
    story.verify()
    story.give(LOOK, after=timedelta(days=4))

    assert said(story).count((DeadlineBreached, ClockName.REVIEW)) == 1


@pytest.mark.parametrize("minutes", [0, 10, 30])
def test_a_timer_is_set_when_a_clock_starts_or_goes_on_and_not_otherwise(minutes: int) -> None:
    story = a_story(world=TIMED)
    story.give(a_hold(HoldKind.QUARANTINE), after=minutes * MINUTE)
    story.give(a_release(HoldKind.QUARANTINE), after=HOUR)
    story.give(decision(story.claim, ALL_THREE[0]))

    timers = []
    claim: Claim | None = None
    for entry in story.events:
        became = apply(claim, entry)
        asked = effects_of(claim, entry, became, TIMED.clocks)
        timers += [entry.event.type for one in asked if one.kind is EffectKind.DEADLINE]
        claim = became

    assert timers == ["claim-reported", "claim-triaged", "hold-released"]


moves = st.lists(
    st.tuples(
        st.sampled_from(["look", "quarantine", "release", "evidence", "verify", "approve"]),
        st.integers(0, 4000),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(moves)
def test_whatever_happens_each_clock_says_each_thing_once_and_never_too_soon(
    told: list[tuple[str, int]],
) -> None:
    story = a_story(world=TIMED)
    for place, (what, minutes) in enumerate(told):
        commands: dict[str, c.Command] = {
            "look": LOOK,
            "quarantine": a_hold(HoldKind.QUARANTINE),
            "evidence": evidence(f"more-{place}"),
        }
        if what == "release" and story.claim.hold(HoldKind.QUARANTINE):
            commands["release"] = a_release(HoldKind.QUARANTINE)
        if what == "approve" and story.state is State.JOINT_REVIEW and story.claim.open_lanes:
            commands["approve"] = decision(story.claim, story.claim.open_lanes[0])
        if what == "verify" and story.state in {State.REPORTED, State.VERIFYING}:
            story.verify()
        elif what in commands and (what != "evidence" or story.state in {State.JOINT_REVIEW, State.OFFERED}):
            story.give(commands[what], after=minutes * MINUTE)

    everything = said(story)
    escalated = [one for entry in story.events if isinstance(one := entry.event, ClaimEscalated)]
    assert len(set(everything)) == len(everything)
    assert len({(one.clock, one.level, one.percent) for one in escalated}) == len(escalated)
    for entry in story.events:
        if isinstance(entry.event, DeadlineBreached):
            paused = sum(
                (
                    min(one.until or entry.at, entry.at) - one.since
                    for one in story.claim.pauses
                    if one.since < entry.at and one.kind is PauseKind.QUARANTINE
                ),
                timedelta(0),
            )
            assert entry.event.due_at <= entry.at
            assert entry.at - REPORTED_AT - paused >= 15 * MINUTE


def test_a_table_from_a_later_day_leaves_claims_of_before_alone() -> None:
    rows = TABLE.deadlines
    stricter = tuple(
        replace(row, since=datetime(2027, 1, 1, tzinfo=SHANGHAI).date(), length=HOUR)
        for row in rows
        if row.clock is ClockName.CERTIFICATE
    )
    later = replace(TABLE, deadlines=(*rows, *stricter))
    old = a_story(world=TIMED, approved_by=ALL_THREE, accepted=True, handed_over=True).claim

    (certificate_due,) = [one.due_at for one in running(old, later) if one.clock is ClockName.CERTIFICATE]

    assert certificate_due == REPORTED_AT + 48 * HOUR
