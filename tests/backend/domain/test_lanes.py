"""Three lanes, three people, three organisations, one evidence hash (domain.md §1)."""

import json
from dataclasses import replace

import pytest

from backend.domain import commands as c
from backend.domain.events import EvidenceRequested, LaneDecided
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.lanes import decision_document
from backend.domain.problems import (
    LaneAlreadyDecided,
    MoveNotAllowed,
    NoteNeeded,
    OnePersonOneLane,
    ReasonNeeded,
    StaleApproval,
    WrongLane,
)
from backend.domain.words import Decision, Lane, LaneState, ReasonCode, State
from tests.builders import (
    FARMER,
    OUTSIDE,
    a_digest,
    an_officer,
    assessment,
    decision,
    evidence,
    photo_checks,
)
from tests.stories import a_claim, a_story


@pytest.mark.parametrize(
    ("lane", "own"), [(lane, own) for lane in Lane for own in (*Lane, None) if own is not lane]
)
def test_an_officer_decides_only_in_the_own_lane(lane: Lane, own: Lane | None) -> None:
    story = a_story()

    with pytest.raises(WrongLane) as refusal:
        story.give(decision(story.claim, lane, by=an_officer(own)))

    assert (refusal.value.lane, refusal.value.own) == (lane, own)


def test_one_person_fills_one_lane() -> None:
    story = a_story(approved_by=(Lane.INSURER,))
    same_person = replace(
        an_officer(Lane.VETERINARY),
        id=an_officer(Lane.INSURER).id,
        organisation=OrganisationId("org-veterinary"),
    )

    with pytest.raises(OnePersonOneLane):
        story.give(decision(story.claim, Lane.VETERINARY, by=same_person))


def test_one_organisation_fills_one_lane() -> None:
    story = a_story(approved_by=(Lane.INSURER,))
    colleague = an_officer(Lane.VETERINARY, name="zhao", organisation="org-insurer")

    with pytest.raises(OnePersonOneLane):
        story.give(decision(story.claim, Lane.VETERINARY, by=colleague))


def test_a_lane_is_approved_once_whoever_comes_second() -> None:
    story = a_story(approved_by=(Lane.VETERINARY,))
    colleague = an_officer(Lane.VETERINARY, name="zhao")

    with pytest.raises(LaneAlreadyDecided) as refusal:
        story.give(decision(story.claim, Lane.VETERINARY, by=colleague))

    assert refusal.value.by == an_officer(Lane.VETERINARY).id


@pytest.mark.parametrize("what", ["evidence", "offer"])
@pytest.mark.parametrize("said", [Decision.APPROVE, Decision.REJECT, Decision.ASK])
def test_nobody_decides_on_what_has_changed_since(what: str, said: Decision) -> None:
    story = a_story()
    stale = decision(story.claim, Lane.VETERINARY, said, reason_code=ReasonCode.PERIL_EXCLUDED)
    seen = a_digest(f"an older {what}")
    stale = replace(stale, evidence_hash=seen) if what == "evidence" else replace(stale, offer_hash=seen)

    with pytest.raises(StaleApproval) as refusal:
        story.give(stale)

    assert (refusal.value.what, refusal.value.seen) == (what, seen)


def test_an_approval_that_arrives_after_new_evidence_is_stale() -> None:
    story = a_story()
    signed_before = decision(story.claim, Lane.INSPECTION)
    story.give(evidence("photo-2"))
    story.verify()

    with pytest.raises(StaleApproval):
        story.give(signed_before)


def test_an_approval_that_arrives_after_a_new_assessment_is_stale() -> None:
    story = a_story()
    signed_before = decision(story.claim, Lane.INSPECTION)
    story.give(assessment("95", "55"))

    with pytest.raises(StaleApproval):
        story.give(signed_before)


def test_new_evidence_voids_every_approval_and_each_lane_may_approve_again() -> None:
    story = a_story(approved_by=tuple(Lane), accepted=True)
    assert story.state is State.ACCEPTED

    story.give(evidence("photo-2"))
    story.verify()

    assert {record.state for record in story.claim.lanes.values()} == {LaneState.VOID}
    assert story.state is State.JOINT_REVIEW
    for lane in Lane:
        story.give(decision(story.claim, lane))
    assert story.state is State.ACCEPTED, "the sum is the same, so the farmer's word still stands"


def test_a_doubt_is_approved_only_with_a_note() -> None:
    story = a_story(checks=photo_checks(fence=OUTSIDE))

    with pytest.raises(NoteNeeded, match=ReasonCode.OUTSIDE_PREMISES):
        story.give(decision(story.claim, Lane.INSPECTION, note=" "))
    story.give(decision(story.claim, Lane.INSPECTION, note="the new shed is not on the map yet"))

    assert story.claim.lanes[Lane.INSPECTION].state is LaneState.APPROVED


def test_a_clean_claim_is_approved_without_a_word() -> None:
    story = a_story()

    story.give(decision(story.claim, Lane.INSPECTION, note=""))

    assert story.claim.lanes[Lane.INSPECTION].state is LaneState.APPROVED


def test_a_question_says_what_is_missing_and_waits_for_the_farmer() -> None:
    story = a_story(approved_by=(Lane.INSURER,))

    with pytest.raises(ReasonNeeded):
        story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note=""))
    events = story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="show the left side"))

    assert [type(event) for event in events] == [LaneDecided, EvidenceRequested]
    assert story.state is State.EVIDENCE_REQUESTED
    assert story.claim.asked is not None
    assert story.claim.asked.reason == "show the left side"
    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.ASKED


def test_an_answer_opens_the_lane_that_had_asked() -> None:
    story = a_story(approved_by=(Lane.INSURER,))
    story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="how did it die?"))

    story.give(evidence(note="the barn flooded"))
    story.verify()

    assert story.claim.asked is None
    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.OPEN
    assert story.claim.lanes[Lane.INSURER].state is LaneState.VOID
    assert story.claim.notes == ("the barn flooded",)


def test_a_second_question_after_an_answer_without_new_evidence_is_asked() -> None:
    story = a_story()
    story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="how did it die?"))
    story.give(c.AddEvidence(by=FARMER, photos=story.claim.report.photos, note=""))
    story.verify()

    story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="and when?"))

    assert story.state is State.EVIDENCE_REQUESTED
    assert story.claim.asked is not None
    assert story.claim.asked.reason == "and when?"


def test_no_lane_decides_before_the_triage_or_after_the_money() -> None:
    early, late = a_story(verified=False), a_story(approved_by=tuple(Lane), accepted=True, handed_over=True)
    late.pay()

    for story in (early, late):
        with pytest.raises(MoveNotAllowed):
            story.give(decision(story.claim, Lane.INSURER, by=an_officer(Lane.INSURER, name="zhao")))


def test_the_signed_document_holds_exactly_what_was_decided_on_what_was_shown() -> None:
    claim = a_claim()
    assert claim.evidence_hash is not None
    assert claim.offer_hash is not None

    document = decision_document(
        claim_id=claim.report.claim_id,
        lane=Lane.INSURER,
        decision=Decision.APPROVE,
        reason_code=None,
        evidence_hash=claim.evidence_hash,
        offer_hash=claim.offer_hash,
    )

    assert json.loads(document) == {
        "purpose": "flashclaim/decision/1",
        "claim_id": str(claim.report.claim_id),
        "lane": "insurer",
        "decision": "approve",
        "reason_code": None,
        "evidence_hash": claim.evidence_hash,
        "offer_hash": claim.offer_hash,
    }


def test_a_decision_names_the_person_and_the_organisation() -> None:
    story = a_story(approved_by=(Lane.VETERINARY,))

    given = story.claim.lanes[Lane.VETERINARY].decided

    assert given is not None
    assert given.by == OfficerId("li@org-veterinary")
    assert given.organisation == OrganisationId("org-veterinary")
