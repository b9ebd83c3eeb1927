"""VERIFYING: photos arrive, are checked, are asked for (domain.md §1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain import commands as c
from backend.domain.decisions.facts import Clocks
from backend.domain.decisions.reporting import MOST_PHOTOS
from backend.domain.events import ClaimTriaged, EvidenceRequested
from backend.domain.evidence import evidence_document, evidence_hash
from backend.domain.problems import InvalidInput, MoveNotAllowed, PhotoNotAnnounced
from backend.domain.words import Decision, Lane, LaneState, Path, ReasonCode, State
from tests.builders import (
    ALL_THREE,
    FARMER,
    SECOND,
    WAIT,
    a_photo_id,
    a_report,
    a_scene,
    checked,
    decision,
    evidence,
    facts,
    photo_checks,
    received,
)
from tests.stories import a_story, a_story_in

TRIAGE = c.Triage(scene=a_scene())


def test_a_report_without_photos_asks_for_one_at_once() -> None:
    story = a_story(report=a_report(photos=()), verified=False)

    assert story.state is State.EVIDENCE_REQUESTED
    assert story.claim.version == 2


def test_the_triage_waits_for_photos_on_their_way() -> None:
    story = a_story(report=a_report(photos=("photo-1", "photo-2")), verified=False)
    story.give(received("photo-1"))
    story.give(checked("photo-1"))

    assert story.give(TRIAGE, after=WAIT - timedelta(seconds=4)) == []
    assert story.state is State.VERIFYING


def test_the_triage_waits_for_photos_that_the_machine_has_not_looked_at() -> None:
    story = a_story(verified=False)
    story.give(received())

    assert story.give(TRIAGE, after=2 * WAIT) == []


def test_after_the_wait_the_triage_goes_on_with_what_is_there() -> None:
    story = a_story(report=a_report(photos=("photo-1", "photo-2")), verified=False)
    story.give(received("photo-1"))
    story.give(checked("photo-1"))
    waited = story.at - story.claim.gathering_since

    story.give(TRIAGE, after=WAIT - waited)

    assert story.state is State.JOINT_REVIEW
    assert story.claim.path is Path.ASSISTED
    assert [doubt.code for doubt in story.claim.findings] == [ReasonCode.EVIDENCE_MISSING]


def test_the_wait_is_a_setting() -> None:
    hasty = facts(clocks=Clocks(verification_wait=timedelta(minutes=1)))
    story = a_story(world=hasty, verified=False)

    (asked,) = story.give(TRIAGE, after=timedelta(minutes=1))

    assert isinstance(asked, EvidenceRequested)


def test_after_the_wait_without_any_photo_the_farmer_is_asked() -> None:
    story = a_story(verified=False)

    assert story.give(TRIAGE, after=WAIT - 2 * SECOND) == []
    story.give(TRIAGE, after=2 * SECOND)

    assert story.state is State.EVIDENCE_REQUESTED
    assert story.claim.triaged_at is None
    with pytest.raises(MoveNotAllowed):
        story.give(TRIAGE)


def test_a_photo_that_comes_after_the_question_takes_the_claim_back_to_verifying() -> None:
    story = a_story(verified=False)
    story.give(TRIAGE, after=WAIT)

    story.give(received())

    assert story.state is State.VERIFYING
    assert story.claim.asked is None


def test_a_late_photo_takes_a_triaged_claim_back_and_voids_what_was_approved() -> None:
    story = a_story(report=a_report(photos=("photo-1", "photo-2")), verified=False)
    story.give(received("photo-1"))
    story.give(checked("photo-1"))
    story.give(TRIAGE, after=WAIT)
    story.give(decision(story.claim, Lane.VETERINARY))
    before = story.claim.evidence_hash

    story.give(received("photo-2"))
    assert story.state is State.VERIFYING
    with pytest.raises(MoveNotAllowed):
        story.give(decision(story.claim, Lane.INSURER))
    story.give(checked("photo-2"))
    story.give(TRIAGE)

    assert story.state is State.JOINT_REVIEW
    assert story.claim.evidence_hash != before
    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.VOID
    assert story.claim.path is Path.FAST


def test_more_evidence_starts_the_wait_anew() -> None:
    story = a_story()
    story.give(evidence("photo-2"), after=timedelta(hours=5))

    assert story.state is State.VERIFYING
    assert story.give(TRIAGE, after=WAIT - SECOND) == []
    story.give(TRIAGE, after=SECOND)
    assert story.state is State.JOINT_REVIEW


@pytest.mark.parametrize(
    "state", [State.TRIAGED, State.JOINT_REVIEW, State.OFFERED, State.ACCEPTED, State.EVIDENCE_REQUESTED]
)
def test_evidence_is_taken_at_any_time_before_the_claim_is_payable(state: State) -> None:
    story = a_story_in(state)

    story.give(evidence("photo-9", note="one more"))

    assert story.state in {State.VERIFYING, State.REPORTED}
    assert story.claim.photo(a_photo_id("photo-9")) is not None


def test_evidence_is_not_added_to_a_claim_that_is_payable() -> None:
    story = a_story_in(State.PAYABLE)

    with pytest.raises(MoveNotAllowed):
        story.give(evidence("photo-9"))


def test_an_answer_in_words_alone_is_evidence_too() -> None:
    story = a_story(approved_by=ALL_THREE)

    story.give(evidence(note="the barn flooded"))
    (triaged,) = story.verify()

    assert isinstance(triaged, ClaimTriaged)
    assert story.state is State.JOINT_REVIEW


def test_words_without_any_photo_still_ask_for_a_photo() -> None:
    story = a_story(report=a_report(photos=()), verified=False)

    story.give(evidence(note="my phone is broken"))
    assert story.state is State.REPORTED
    story.give(TRIAGE)

    assert story.state is State.EVIDENCE_REQUESTED


def test_empty_evidence_is_refused() -> None:
    story = a_story()

    with pytest.raises(InvalidInput) as refusal:
        story.give(evidence(note="  "))

    assert [error.pointer for error in refusal.value.errors] == ["/note"]


def test_one_claim_holds_a_limited_number_of_photos_over_all_messages() -> None:
    story = a_story(report=a_report(photos=[f"p{n}" for n in range(MOST_PHOTOS)]), verified=False)

    with pytest.raises(InvalidInput, match="evidence"):
        story.give(evidence("one-too-many"))


def test_photos_that_are_known_and_words_that_were_said_add_nothing() -> None:
    story = a_story()
    story.give(evidence("photo-2", note="see the left side"))

    assert story.give(evidence("photo-2", note="see the left side")) == []
    assert story.give(evidence("photo-1")) == []


def test_a_photo_that_no_manifest_named_is_not_taken() -> None:
    story = a_story(verified=False)

    for command in (received("stray"), checked("stray")):
        with pytest.raises(PhotoNotAnnounced):
            story.give(command)


def test_a_photo_is_looked_at_once_and_only_after_it_came() -> None:
    story = a_story(verified=False)

    assert story.give(checked()) == []
    story.give(received())
    story.give(checked())
    assert story.give(checked(checks=photo_checks(signals=("OTHER",)))) == []
    assert story.claim.photos[0].checks == photo_checks()


def test_an_approval_given_before_scenes_had_reasons_still_stands() -> None:
    claim = a_story_in(State.JOINT_REVIEW).claim

    # Worked out by the release that knew count, low, high and unsure alone.
    assert claim.evidence_hash == "e190da1dead4ddf8431b95b153d0d2f6f0566eb3610306f7d3e8bd7c35aef7f0"


def test_what_a_scene_says_is_part_of_the_evidence() -> None:
    claim = a_story().claim
    assert claim.scene is not None
    contradicted = replace(claim.scene, reasons=("CONTRADICTED",))

    assert evidence_hash(claim, claim.findings, contradicted) != claim.evidence_hash


def test_officers_are_shown_exactly_what_their_hash_stands_over() -> None:
    claim = a_story(report=a_report(note="found at dawn")).claim
    assert claim.scene is not None

    document = evidence_document(claim, claim.findings, claim.scene)

    assert claim.evidence_hash == evidence_hash(claim, claim.findings, claim.scene)
    assert document["notes"] == ["found at dawn"]
    assert set(document) == {
        "claim_id",
        "number",
        "policy_number",
        "species",
        "heads",
        "cause",
        "occurred_at",
        "animals",
        "photos",
        "scene",
        "reasons",
        "notes",
    }


def test_handover_and_certificate_void_no_approval() -> None:
    story = a_story(approved_by=(Lane.INSURER,))
    before = story.claim.evidence_hash

    later = a_story(approved_by=(Lane.INSURER,), handed_over=True, certified=True)

    assert later.claim.evidence_hash == before
    assert later.claim.lanes[Lane.INSURER].state is LaneState.APPROVED


def test_a_withdrawn_claim_takes_no_more_photos() -> None:
    story = a_story(verified=False)
    story.give(c.Withdraw(by=FARMER, reason="they live"))

    with pytest.raises(MoveNotAllowed):
        story.give(replace(received(), bytes=1))


def test_the_same_answer_to_a_second_question_is_an_answer() -> None:
    story = a_story_in(State.JOINT_REVIEW)
    for _ in range(2):
        story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="show the tag"))
        story.give(evidence(note="the tag is lost"))
        answered = story.state
        story.verify()

        assert answered is State.VERIFYING
