"""Holds: while one is set nothing is paid, and SIGNALS opens no lane until a named person has looked."""

from dataclasses import replace

import pytest

from backend.domain import commands as c
from backend.domain.problems import (
    ClaimOnHold,
    HoldNotSet,
    MoveNotAllowed,
    NotAllowed,
    ReasonNeeded,
    WrongLane,
)
from backend.domain.words import Decision, HoldKind, Lane, LaneState, Path, ReasonCode, State
from tests.builders import (
    ALL_THREE,
    a_hold,
    a_photo_id,
    a_release,
    a_report,
    acceptance,
    an_officer,
    assessment,
    confirmed_by_bank,
    decision,
    evidence,
    facts,
    handover,
    pigs,
    rejection,
)
from tests.stories import Story, a_story, a_story_in

EARLIER = ("FC-20261120-0009",)
OTHERS = [HoldKind.QUARANTINE, HoldKind.PAYEE_CHANGED, HoldKind.STOP_PAYMENTS]
TAG = "137080012345678"


def test_a_photo_used_on_another_claim_holds_the_claim() -> None:
    story = a_story(world=facts(sightings={a_photo_id(): EARLIER}))

    assert story.state is State.TRIAGED
    assert story.claim.path is Path.HOLD
    hold = story.claim.hold(HoldKind.SIGNALS)
    assert hold is not None
    assert hold.reason == ReasonCode.DUPLICATE_PHOTO
    assert hold.because == (f"DUPLICATE_PHOTO:{a_photo_id()}",)


def test_a_second_claim_for_the_same_ear_tag_is_held() -> None:
    tagged = (replace(pigs("95")[0], tag=TAG),)

    story = a_story(report=a_report("95", animals=tagged), world=facts(tag_claims={TAG: EARLIER}))

    assert story.state is State.TRIAGED
    assert [doubt.facts for doubt in story.claim.findings] == [{"tag": TAG, "claims": EARLIER[0]}]


@pytest.mark.parametrize("said", [Decision.APPROVE, Decision.ASK])
@pytest.mark.parametrize("lane", Lane)
def test_no_lane_opens_while_the_claim_is_on_hold(lane: Lane, said: Decision) -> None:
    story = a_story_in(State.TRIAGED)

    with pytest.raises(ClaimOnHold):
        story.give(decision(story.claim, lane, said))

    assert story.state is State.TRIAGED


def test_the_farmer_cannot_accept_an_offer_of_a_held_claim() -> None:
    story = a_story_in(State.TRIAGED)

    with pytest.raises(MoveNotAllowed):
        story.give(acceptance(story.claim))


def test_a_released_claim_goes_on_assisted() -> None:
    story = a_story_in(State.TRIAGED)

    story.give(a_release())

    assert story.state is State.JOINT_REVIEW
    assert story.claim.path is Path.ASSISTED
    assert story.claim.findings != (), "the doubt stays in sight"


def test_a_doubt_that_a_person_released_does_not_hold_again() -> None:
    story = a_story_in(State.TRIAGED)
    story.give(a_release())

    story.give(evidence(note="the neighbour used my photo"))
    story.verify()

    assert story.claim.path is Path.ASSISTED
    assert story.state is State.JOINT_REVIEW


def test_another_doubt_holds_again_after_a_release() -> None:
    story = a_story_in(State.TRIAGED)
    story.give(a_release())
    story.facts = facts(sightings={a_photo_id(): EARLIER, a_photo_id("photo-2"): EARLIER})

    story.give(evidence("photo-2"))
    story.verify()

    assert story.claim.path is Path.HOLD
    hold = story.claim.hold(HoldKind.SIGNALS)
    assert hold is not None
    assert hold.because == (f"DUPLICATE_PHOTO:{a_photo_id('photo-2')}",)


def test_a_release_clears_what_came_to_light_while_the_hold_was_set() -> None:
    story = a_story_in(State.TRIAGED)
    story.facts = facts(sightings={a_photo_id(): EARLIER, a_photo_id("photo-2"): EARLIER})
    story.give(evidence("photo-2"))
    story.verify()

    story.give(a_release())
    story.give(evidence(note="both photos are from the same truck"))
    story.verify()

    assert story.claim.path is Path.ASSISTED


@pytest.mark.parametrize("lane", Lane)
def test_a_held_claim_can_be_rejected_by_a_person(lane: Lane) -> None:
    story = a_story_in(State.TRIAGED)

    story.give(rejection(story.claim, lane, reason_code=ReasonCode.DUPLICATE_PHOTO))

    assert story.state is State.REJECTED


def test_only_the_insurer_releases_and_says_what_was_found() -> None:
    story = a_story_in(State.TRIAGED)

    for lane in (Lane.VETERINARY, Lane.INSPECTION):
        with pytest.raises(WrongLane):
            story.give(a_release(lane=lane))
    with pytest.raises(ReasonNeeded):
        story.give(replace(a_release(), reason=" "))


def test_what_is_not_held_cannot_be_released() -> None:
    story = a_story()

    with pytest.raises(HoldNotSet):
        story.give(a_release())
    with pytest.raises(HoldNotSet):
        story.give(a_release(HoldKind.QUARANTINE))


@pytest.mark.parametrize("lane", Lane)
def test_each_office_may_stop_a_claim(lane: Lane) -> None:
    story = a_story()

    story.give(a_hold(lane=lane))

    assert story.state is State.TRIAGED
    assert story.claim.path is Path.HOLD


def test_nobody_else_stops_a_claim_and_nobody_without_a_reason() -> None:
    story = a_story()

    with pytest.raises(NotAllowed):
        story.give(a_hold(lane=None))
    with pytest.raises(ReasonNeeded):
        story.give(replace(a_hold(), reason=""))


def test_a_hold_that_is_set_is_not_set_twice() -> None:
    story = a_story()

    assert story.give(a_hold()) != []
    assert story.give(a_hold(lane=Lane.INSURER)) == []


def test_a_hold_placed_before_the_triage_outlasts_a_clean_one() -> None:
    story = a_story(verified=False)
    story.give(a_hold())

    story.verify()

    assert story.state is State.TRIAGED


@pytest.mark.parametrize("kind", OTHERS)
def test_the_other_holds_leave_the_lanes_open_and_stop_the_money(kind: HoldKind) -> None:
    story = a_story()

    story.give(a_hold(kind))
    for lane in Lane:
        story.give(decision(story.claim, lane))
    story.give(acceptance(story.claim))
    story.give(handover())

    assert story.state is State.ACCEPTED
    with pytest.raises(MoveNotAllowed):
        story.give(c.StartPayout())
    story.give(a_release(kind))
    assert story.state is State.PAYABLE


def test_a_refusal_on_hold_names_the_hold_that_shuts_the_lanes() -> None:
    story = a_story()
    story.give(a_hold(HoldKind.QUARANTINE))
    story.give(replace(a_hold(), reason="the tag was cut out"))

    with pytest.raises(ClaimOnHold, match="the tag was cut out"):
        story.give(decision(story.claim, Lane.INSURER))


def over_insured_at_payout() -> Story:
    """Two heads are offered, and by the time of the payout another claim has left only one."""
    story = a_story_in(State.PAYABLE)
    story.facts = facts(heads_paid=99)
    story.give(c.StartPayout())
    return story


def test_heads_that_another_claim_used_up_hold_the_payout() -> None:
    story = over_insured_at_payout()

    assert story.claim.payout is None
    assert story.state is State.TRIAGED
    hold = story.claim.hold(HoldKind.SIGNALS)
    assert hold is not None
    assert hold.reason == ReasonCode.OVER_INSURED_COUNT


def test_a_release_alone_does_not_pay_more_heads_than_are_insured() -> None:
    story = over_insured_at_payout()

    story.give(a_release())
    assert story.state is State.PAYABLE
    story.give(c.StartPayout())

    assert story.claim.payout is None
    assert story.state is State.TRIAGED


def test_an_over_insured_claim_is_assessed_anew_on_hold_and_paid_for_the_heads_left() -> None:
    story = over_insured_at_payout()

    story.give(assessment("95", "95", reason="one insured head is left"))
    story.give(a_release())
    for lane in Lane:
        story.give(decision(story.claim, lane))
    story.give(acceptance(story.claim))
    story.give(c.StartPayout())
    story.give(confirmed_by_bank(story.claim))

    assert story.claim.payout is not None
    assert str(story.claim.payout.amount) == "700.00"
    assert story.state is State.PAID


@pytest.mark.parametrize("lane", Lane)
def test_a_claim_stopped_after_its_approvals_can_still_be_rejected(lane: Lane) -> None:
    story = over_insured_at_payout()
    colleague = an_officer(lane, name="zhao")

    story.give(rejection(story.claim, lane, officer=colleague, reason_code=ReasonCode.OVER_INSURED_COUNT))

    assert story.state is State.REJECTED
    assert story.claim.lanes[lane].state is LaneState.REJECTED


@pytest.mark.parametrize("state", [State.OFFERED, State.ACCEPTED, State.PAYABLE])
def test_a_person_can_stop_a_claim_until_the_money_leaves(state: State) -> None:
    story = a_story_in(state)

    story.give(a_hold())
    assert story.state is State.TRIAGED
    story.give(a_release())

    assert story.state is state
    assert {story.claim.lanes[lane].state for lane in ALL_THREE} == {LaneState.APPROVED}


def test_a_payout_under_way_is_no_longer_stopped() -> None:
    story = a_story_in(State.PAYING)

    with pytest.raises(MoveNotAllowed):
        story.give(a_hold())
