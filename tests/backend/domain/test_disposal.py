"""Handover receipt and disposal certificate: the pay gate (domain.md §1)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from backend.domain.problems import (
    CertificateAlreadyRecorded,
    HandoverAlreadyRecorded,
    HandoverMissing,
    InvalidInput,
    MoveNotAllowed,
    NotAllowed,
)
from backend.domain.words import Lane, PayGate, ReasonCode, State
from tests.builders import (
    ALL_THREE,
    a_policy,
    a_report,
    an_officer,
    assessment,
    certificate,
    decision,
    facts,
    handover,
    received,
)
from tests.stories import Story, a_story, a_story_in

CERTIFICATE_GATE = facts(a_policy(pay_gate=PayGate.CERTIFICATE))


def accepted(**more: object) -> Story:
    """Two pigs of 95 kg, approved and accepted; the carcasses are still on the farm."""
    return a_story(approved_by=ALL_THREE, accepted=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("weight_kg", ["171", "190", "209"])
def test_a_weight_within_ten_percent_inclusive_opens_the_gate(weight_kg: str) -> None:
    story = accepted()

    story.give(handover(2, weight_kg))

    assert story.state is State.PAYABLE


@pytest.mark.parametrize("weight_kg", ["170.99", "209.01", "20", "900"])
def test_a_weight_beyond_ten_percent_keeps_the_gate_shut(weight_kg: str) -> None:
    story = accepted()

    story.give(handover(2, weight_kg))

    assert story.state is State.ACCEPTED
    assert story.claim.carcass_gaps == (ReasonCode.WEIGHT_MISMATCH,)


@pytest.mark.parametrize("heads", [1, 3])
def test_the_number_of_carcasses_is_exact(heads: int) -> None:
    story = accepted()

    story.give(handover(heads))

    assert story.state is State.ACCEPTED
    assert story.claim.carcass_gaps == (ReasonCode.COUNT_MISMATCH,)


def test_count_and_weight_are_both_named() -> None:
    story = accepted()

    story.give(handover(1, "95"))

    assert story.claim.carcass_gaps == (ReasonCode.COUNT_MISMATCH, ReasonCode.WEIGHT_MISMATCH)


def test_where_a_weight_is_unknown_only_the_count_is_compared() -> None:
    story = a_story(report=a_report("95", None), handed_over=True)

    assert story.claim.carcass_gaps == ()


def test_a_corrected_receipt_opens_the_gate() -> None:
    story = accepted()
    story.give(handover(3, "190"))

    story.give(handover(2, "190", receipt="R-2"))

    assert story.state is State.PAYABLE
    assert story.claim.handover is not None
    assert story.claim.handover.receipt_number == "R-2"


def test_a_new_assessment_that_fits_the_receipt_opens_the_gate() -> None:
    story = accepted()
    story.give(handover(3, "285"))

    story.give(assessment("95", "95", "95"))
    for lane in Lane:
        story.give(decision(story.claim, lane))

    assert story.claim.carcass_gaps == ()
    assert story.state is State.OFFERED, "the farmer is asked again about the new sum"


@pytest.mark.parametrize("world", [facts(), CERTIFICATE_GATE], ids=["HANDOVER", "CERTIFICATE"])
def test_a_receipt_that_fits_is_not_replaced(world: object) -> None:
    story = accepted(world=world)
    story.give(handover())

    with pytest.raises(HandoverAlreadyRecorded):
        story.give(handover(receipt="R-2"))


def test_gate_certificate_waits_for_the_certificate() -> None:
    story = accepted(world=CERTIFICATE_GATE)

    story.give(handover())
    assert story.state is State.ACCEPTED
    assert story.claim.carcass_gaps == (ReasonCode.DISPOSAL_MISSING,)
    story.give(certificate())

    assert story.state is State.PAYABLE


def test_gate_certificate_names_every_gap() -> None:
    story = accepted(world=CERTIFICATE_GATE)
    assert story.claim.carcass_gaps == (ReasonCode.DISPOSAL_MISSING,)

    story.give(handover(1))

    assert story.claim.carcass_gaps == (ReasonCode.COUNT_MISMATCH, ReasonCode.DISPOSAL_MISSING)


BEFORE_ANY_HANDOVER = set(State) - {
    State.PAYABLE,
    State.PAYING,
    State.PAYMENT_UNKNOWN,
    State.PAYMENT_FAILED,
    State.PAID,
    State.CLOSED,
}


@pytest.mark.parametrize("state", sorted(BEFORE_ANY_HANDOVER))
def test_carcasses_are_handed_over_whatever_becomes_of_the_claim(state: State) -> None:
    story = a_story_in(state)

    story.give(handover())

    assert story.claim.handover is not None


def test_a_receipt_comes_from_the_collector_or_the_inspection_office() -> None:
    story = a_story()

    for lane in (Lane.INSURER, Lane.VETERINARY):
        with pytest.raises(NotAllowed):
            story.give(replace(handover(), collector=an_officer(lane)))
    story.give(replace(handover(), collector=an_officer(Lane.INSPECTION)))

    assert story.claim.handover is not None


def test_a_receipt_that_cannot_be_is_refused_with_every_fault() -> None:
    story = a_story()

    with pytest.raises(InvalidInput) as refusal:
        story.give(replace(handover(), heads=0, weight_kg=Decimal(0)))

    assert [error.pointer for error in refusal.value.errors] == ["/heads", "/weight_kg"]


def test_a_certificate_follows_the_carcasses() -> None:
    story = a_story()

    with pytest.raises(HandoverMissing, match="no handover"):
        story.give(certificate())


def test_a_corrected_receipt_asks_for_a_corrected_certificate() -> None:
    story = Story(CERTIFICATE_GATE)
    story.give(a_report())
    story.give(received())
    story.verify()
    story.give(handover(3, "190", receipt="R-1"))
    story.give(certificate(3, number="C-1"))

    story.give(handover(2, "190", receipt="R-2"))
    before = story.claim.carcass_gaps
    story.give(certificate(2, number="C-2"))

    assert before == (ReasonCode.DISPOSAL_MISSING,)
    assert story.claim.carcass_gaps == ()


def test_a_certificate_comes_from_the_inspection_office() -> None:
    story = a_story(handed_over=True)

    for lane in (Lane.INSURER, Lane.VETERINARY, None):
        with pytest.raises(NotAllowed):
            story.give(replace(certificate(), officer=an_officer(lane)))


def test_a_certificate_is_for_the_heads_that_were_handed_over() -> None:
    story = a_story(handed_over=True)

    with pytest.raises(InvalidInput) as refusal:
        story.give(certificate(3))

    assert [error.pointer for error in refusal.value.errors] == ["/heads"]


def test_there_is_one_certificate() -> None:
    story = a_story(handed_over=True, certified=True)

    with pytest.raises(CertificateAlreadyRecorded):
        story.give(certificate(number="C-2"))


def test_the_certificate_closes_a_paid_claim() -> None:
    story = a_story_in(State.PAID)

    story.give(certificate())

    assert story.state is State.CLOSED
    with pytest.raises(MoveNotAllowed):
        story.give(certificate(number="C-2"))
