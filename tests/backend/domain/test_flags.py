"""Flags: which doubts are flags, who clears or confirms them, and what that does to a claim."""

from dataclasses import replace

import pytest

from backend.domain.elsewhere import Elsewhere, Together
from backend.domain.events import HoldPlaced, HoldReleased
from backend.domain.findings import Refer
from backend.domain.flags.events import FlagJudged
from backend.domain.flags.flag import kind_of
from backend.domain.flags.words import FlagKind, FlagState
from backend.domain.ids import OfficerId
from backend.domain.problems import InvalidInput, NotAllowed, ReasonNeeded, WrongLane
from backend.domain.rules.people import SECOND_LOOK
from backend.domain.words import HoldKind, Lane, Path, ReasonCode, State
from tests.builders import (
    ALL_THREE,
    a_flag_judgement,
    a_hold,
    a_photo_id,
    a_release,
    a_report,
    a_scene,
    an_officer,
    evidence,
    facts,
    pigs,
)
from tests.stories import Story, a_story

EARLIER = ("FC-20261120-0009",)
TAG = "137080012345678"
PHOTO_FLAG = f"DUPLICATE_PHOTO:{a_photo_id()}"


def reused_photo() -> Story:
    return a_story(world=facts(sightings={a_photo_id(): EARLIER}))


def photo_and_tag() -> Story:
    tagged = (replace(pigs("95")[0], tag=TAG),)
    world = facts(sightings={a_photo_id(): EARLIER}, tag_claims={TAG: EARLIER})
    return a_story(report=a_report("95", animals=tagged), world=world)


def test_only_doubts_of_the_kind_that_fraud_has_are_flags() -> None:
    kinds = {code: kind_of(Refer(code)) for code in ReasonCode}

    assert {code for code, kind in kinds.items() if kind} == {
        *(ReasonCode.DUPLICATE_PHOTO, ReasonCode.DUPLICATE_ANIMAL, ReasonCode.DUPLICATE_TAG),
        *(ReasonCode.COUNT_MISMATCH, ReasonCode.PAYEE_MISMATCH),
    }
    assert kind_of(Refer(ReasonCode.EVIDENCE_MISSING, {"what": SECOND_LOOK})) is FlagKind.PEOPLE


def test_a_triage_raises_flags_that_wait_for_a_person() -> None:
    flag = reused_photo().claim.flags[PHOTO_FLAG]

    assert (flag.kind, flag.state, flag.judged_by) == (FlagKind.PHOTO, FlagState.OPEN, None)


def test_clearing_the_flag_behind_a_hold_lets_the_claim_go_on() -> None:
    story = reused_photo()

    events = story.give(a_flag_judgement(PHOTO_FLAG))

    assert [type(event) for event in events] == [FlagJudged, HoldReleased]
    assert story.state is State.JOINT_REVIEW
    assert story.claim.path is Path.ASSISTED
    assert story.claim.flags[PHOTO_FLAG].state is FlagState.CLEARED


def test_of_two_flags_behind_a_hold_the_last_that_is_cleared_releases_it() -> None:
    story = photo_and_tag()

    first = story.give(a_flag_judgement(PHOTO_FLAG))
    held = story.state
    second = story.give(a_flag_judgement(f"DUPLICATE_TAG:{TAG}"))

    assert [len(first), held, len(second)] == [1, State.TRIAGED, 2]
    assert story.state is State.JOINT_REVIEW


def test_a_hold_that_a_person_placed_stands_whatever_flags_come_to() -> None:
    story = a_story(scene=a_scene(7))
    story.give(a_hold())

    events = story.give(a_flag_judgement("COUNT_MISMATCH:"))

    assert [type(event) for event in events] == [FlagJudged]
    assert story.claim.hold(HoldKind.SIGNALS) is not None


def test_confirming_a_flag_stops_the_claim_and_rejects_nothing() -> None:
    story = a_story(scene=a_scene(7))

    events = story.give(a_flag_judgement("COUNT_MISMATCH:", confirmed=True))

    assert [type(event) for event in events] == [FlagJudged, HoldPlaced]
    assert story.state is State.TRIAGED
    assert story.claim.rejection is None


def test_releasing_the_hold_clears_the_flags_behind_it_and_not_a_confirmed_one() -> None:
    released, confirmed = reused_photo(), photo_and_tag()
    confirmed.give(a_flag_judgement(PHOTO_FLAG, confirmed=True))

    released.give(a_release())
    confirmed.give(a_release())

    flag = released.claim.flags[PHOTO_FLAG]
    assert (flag.state, flag.by_release, flag.reason) == (FlagState.CLEARED, True, "called, all well")
    assert {key: one.state for key, one in confirmed.claim.flags.items()} == {
        PHOTO_FLAG: FlagState.CONFIRMED,
        f"DUPLICATE_TAG:{TAG}": FlagState.CLEARED,
    }


def test_a_flag_is_judged_after_the_payment_too_and_the_money_is_not_touched() -> None:
    story = a_story(scene=a_scene(7), approved_by=ALL_THREE, accepted=True, handed_over=True)
    story.pay()

    events = story.give(a_flag_judgement("COUNT_MISMATCH:", confirmed=True))

    assert [type(event) for event in events] == [FlagJudged]
    assert (story.state, story.claim.holds) == (State.PAID, ())


def test_another_triage_keeps_what_was_judged_and_drops_what_is_no_longer_found() -> None:
    judged, dropped = a_story(scene=a_scene(7)), a_story(scene=a_scene(7))
    judged.give(a_flag_judgement("COUNT_MISMATCH:"))

    for story in (judged, dropped):
        story.give(evidence("photo-2"))
        story.verify(scene=a_scene(2))

    assert judged.claim.flags["COUNT_MISMATCH:"].state is FlagState.CLEARED
    assert dropped.claim.flags == {}


def test_the_same_judgement_again_changes_nothing_and_another_one_stands_instead() -> None:
    story = a_story(scene=a_scene(7))
    story.give(a_flag_judgement("COUNT_MISMATCH:"))

    again = story.give(a_flag_judgement("COUNT_MISMATCH:"))
    other = story.give(a_flag_judgement("COUNT_MISMATCH:", confirmed=True))

    assert again == []
    assert isinstance(other[0], FlagJudged)
    assert story.claim.flags["COUNT_MISMATCH:"].state is FlagState.CONFIRMED


def test_whom_a_flag_is_about_does_not_clear_it() -> None:
    insurer = an_officer(Lane.INSURER)
    pair = Together(officer=insurer.id, collector=OfficerId("truck"), claims=5, of=5, officers=3)
    story = a_story(world=replace(facts(), elsewhere=Elsewhere(together=pair)))
    colleague = replace(insurer, id=OfficerId("colleague"))

    with pytest.raises(NotAllowed):
        story.give(a_flag_judgement("EVIDENCE_MISSING:people"))
    story.give(a_flag_judgement("EVIDENCE_MISSING:people", officer=colleague))

    assert story.claim.flags["EVIDENCE_MISSING:people"].state is FlagState.CLEARED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"flag": "COUNT_MISMATCH:nothing"}, InvalidInput),
        ({"state": FlagState.OPEN}, InvalidInput),
        ({"reason": " "}, ReasonNeeded),
        ({"officer": an_officer(Lane.VETERINARY)}, WrongLane),
    ],
)
def test_a_flag_is_not_judged_without_a_flag_an_answer_a_reason_or_the_insurer(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    story = a_story(scene=a_scene(7))

    with pytest.raises(refusal):
        story.give(a_flag_judgement(**{"flag": "COUNT_MISMATCH:"} | changes))
