"""What the insurer does about a claim that is stuck: its holder is asked to go on, or somebody is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain import commands as c
from backend.domain.duties.events import HolderNudged, LaneAssigned
from backend.domain.duties.offices import Offices
from backend.domain.duties.problems import CannotBeAssigned, NudgedAlready
from backend.domain.duties.words import TieKind
from backend.domain.effects import EffectKind, effects_of
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.notices.news import farmer_key
from backend.domain.parties import Officer
from backend.domain.words import Lane, State
from tests.builders import an_officer
from tests.stories import Story, a_story, a_story_in

INSURER = an_officer(Lane.INSURER)
COLLEAGUE = an_officer(Lane.INSURER, name="liu")
HOLDERS = (OfficerId("vet-1"), OfficerId("vet-2"))


def a_review() -> Story:
    story = a_story()
    story.facts = replace(story.facts, holders=HOLDERS, named=COLLEAGUE)
    return story


def assigned(to: Officer = COLLEAGUE) -> c.AssignLane:
    return c.AssignLane(officer=INSURER, to=to.id, reason="on leave")


def test_officers_who_hold_a_claim_are_told_by_name() -> None:
    story = a_review()
    before = story.claim

    story.give(c.Nudge(officer=INSURER, note=" please "))

    recorded = story.events[-1]
    assert recorded.event == HolderNudged(
        held_by="insurer+veterinary+inspection", told=HOLDERS, note="please"
    )
    effects = effects_of(before, recorded, story.claim, story.facts.clocks)
    assert [(one.kind, one.arguments["officer"]) for one in effects] == [
        (EffectKind.ESCALATE, officer) for officer in HOLDERS
    ]
    assert farmer_key(before, recorded, story.claim) is None


def test_a_farmer_who_holds_a_claim_is_told_and_no_officer_is() -> None:
    story = a_story_in(State.OFFERED)
    story.facts = replace(story.facts, holders=HOLDERS)
    before = story.claim

    story.give(c.Nudge(officer=INSURER))

    event = story.events[-1].event
    assert isinstance(event, HolderNudged)
    assert (event.held_by, event.told) == ("farmer", ())
    assert farmer_key(before, story.events[-1], story.claim) == "nudged"


def test_a_claim_is_nudged_again_after_an_hour_and_not_before() -> None:
    story, nudge = a_review(), c.Nudge(officer=INSURER)
    story.give(nudge)

    with pytest.raises(NudgedAlready, match="again from"):
        story.give(nudge, after=timedelta(minutes=59))
    story.give(nudge, after=timedelta(hours=1))

    assert [type(one.event) for one in story.events].count(HolderNudged) == 2


def test_money_that_came_back_is_the_insurers_to_be_nudged_about() -> None:
    story = a_story_in(State.PAYMENT_FAILED)
    story.facts = replace(story.facts, holders=(COLLEAGUE.id,))

    story.give(c.Nudge(officer=INSURER))

    event = story.events[-1].event
    assert isinstance(event, HolderNudged)
    assert (event.held_by, event.told) == ("insurer", (COLLEAGUE.id,))


def test_whoever_is_named_is_told_and_named_again_changes_nothing() -> None:
    story = a_review()
    before = story.claim

    story.give(assigned())

    recorded = story.events[-1]
    assert recorded.event == LaneAssigned(lane=Lane.INSURER, to=COLLEAGUE.id, reason="on leave")
    assert story.claim.assigned == COLLEAGUE.id
    [effect] = effects_of(before, recorded, story.claim, story.facts.clocks)
    assert effect.arguments["officer"] == COLLEAGUE.id
    assert story.give(assigned()) == []


def test_whoever_steps_back_has_the_claim_no_more() -> None:
    story = a_review()
    story.give(assigned())

    story.give(c.Recuse(officer=COLLEAGUE, reason="my brother's farm"))

    assert story.claim.assigned is None
    with pytest.raises(CannotBeAssigned):
        story.give(assigned())


@pytest.mark.parametrize(
    ("named", "offices"),
    [
        (None, Offices()),
        (an_officer(Lane.VETERINARY), Offices()),
        (COLLEAGUE, Offices(home=frozenset({OrganisationId("another")}))),
        (COLLEAGUE, Offices(tie=TieKind.RELATIVE)),
    ],
    ids=["suspended or unknown", "another lane", "another office", "tied to the farm"],
)
def test_nobody_is_named_who_could_not_decide(named: Officer | None, offices: Offices) -> None:
    story = a_review()
    story.facts = replace(story.facts, named=named, offices=offices)

    with pytest.raises(CannotBeAssigned):
        story.give(assigned())
