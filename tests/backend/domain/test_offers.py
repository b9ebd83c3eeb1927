"""The offer: assessed again, accepted by code or in advance (domain.md §1)."""

from dataclasses import replace

import pytest

from backend.domain import commands as c
from backend.domain.events import OfferAccepted
from backend.domain.money import Money
from backend.domain.problems import (
    InvalidInput,
    NothingToPay,
    OfferChanged,
    OfferIncomplete,
    ReasonNeeded,
    WrongLane,
)
from backend.domain.words import AcceptanceMethod, Lane, LaneState, Path, ReasonCode, State
from tests.builders import (
    ALL_THREE,
    FARMER,
    a_digest,
    a_report,
    a_scene,
    acceptance,
    an_officer,
    assessment,
    decision,
    evidence,
    facts,
    handover,
    pigs,
)
from tests.stories import a_claim, a_story

IN_ADVANCE = a_report("95", "55", accept_in_advance=True)


def test_assessing_again_makes_a_new_offer_and_voids_what_was_approved() -> None:
    story = a_story(approved_by=(Lane.INSURER, Lane.VETERINARY))
    first = story.claim.offer_hash

    story.give(assessment("95", "55"))

    assert story.claim.offer is not None
    assert story.claim.offer.amount == Money.parse("1120.00")
    assert story.claim.offer_hash != first
    assert [story.claim.lanes[lane].state for lane in Lane] == [
        LaneState.VOID,
        LaneState.VOID,
        LaneState.OPEN,
    ]


def test_another_weight_for_the_same_sum_is_another_offer() -> None:
    story = a_story(approved_by=ALL_THREE)

    story.give(assessment("92", "92"))

    assert story.claim.open_lanes == tuple(Lane)


def test_the_same_assessment_again_changes_nothing() -> None:
    story = a_story(approved_by=(Lane.INSURER,))

    assert story.give(assessment("95", "55")) != []
    assert story.give(assessment("95", "55")) == []


def test_what_the_farmer_declared_is_kept_beside_what_the_officer_found() -> None:
    story = a_story()

    story.give(assessment("95", "55", "25"))

    assert story.claim.heads == 3
    assert story.claim.report.heads == 2
    assert story.claim.report.animals == pigs("95", "95")


def test_only_the_insurer_assesses_and_says_why() -> None:
    story = a_story()

    with pytest.raises(WrongLane):
        story.give(replace(assessment("95", "55"), officer=an_officer(Lane.VETERINARY)))
    with pytest.raises(ReasonNeeded):
        story.give(assessment("95", "55", reason="  "))


def test_an_assessment_that_cannot_be_is_refused_with_every_fault() -> None:
    story = a_story()

    with pytest.raises(InvalidInput) as refusal:
        story.give(assessment("-5", "0", heads=1))

    assert [error.pointer for error in refusal.value.errors] == [
        "/animals",
        "/animals/0/weight_kg",
        "/animals/1/weight_kg",
    ]
    with pytest.raises(InvalidInput, match="assessment"):
        story.give(assessment(heads=1_000_000_000))


def test_an_unknown_weight_is_assessed_before_the_insurer_approves_or_the_farmer_accepts() -> None:
    story = a_story(report=a_report("95", None))
    assert story.claim.path is Path.ASSISTED

    for too_early in (decision(story.claim, Lane.INSURER), acceptance(story.claim)):
        with pytest.raises(OfferIncomplete):
            story.give(too_early)
    story.give(decision(story.claim, Lane.VETERINARY))
    story.give(assessment("95", "70"))
    story.give(acceptance(story.claim))

    assert story.claim.offer is not None
    assert story.claim.offer.amount == Money.parse("1260.00")
    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.VOID


def test_animals_that_are_not_listed_stand_in_the_offer_as_unknown() -> None:
    claim = a_claim(report=a_report("95", heads=3), scene=a_scene(3))

    assert claim.offer is not None
    assert [(line.ref, str(line.amount)) for line in claim.offer.lines] == [
        ("1", "700.00"),
        ("unlisted-2", "0.00"),
        ("unlisted-3", "0.00"),
    ]
    assert not claim.offer.complete


def test_a_ref_that_looks_like_an_unlisted_one_hides_no_head() -> None:
    named = (replace(pigs("95")[0], ref="unlisted-2"),)

    claim = a_claim(report=a_report("95", heads=3, animals=named), scene=a_scene(3))

    assert claim.offer is not None
    assert [line.ref for line in claim.offer.lines] == ["unlisted-2", "unlisted-3", "unlisted-4"]


def test_an_offer_of_nothing_is_neither_approved_nor_accepted() -> None:
    story = a_story(report=a_report("15", "12"))
    assert {doubt.code for doubt in story.claim.findings} == {ReasonCode.BELOW_MIN_WEIGHT}

    for command in (decision(story.claim, Lane.INSURER), acceptance(story.claim)):
        with pytest.raises(NothingToPay):
            story.give(command)


def test_the_farmer_agrees_only_to_the_offer_that_stands() -> None:
    story = a_story()
    code_for_first = acceptance(story.claim)
    story.give(assessment("95", "55"))

    with pytest.raises(OfferChanged):
        story.give(code_for_first)
    with pytest.raises(OfferChanged):
        story.give(c.AcceptOffer(offer_hash=a_digest("another claim's"), by=FARMER))


def test_a_new_offer_asks_the_farmer_again() -> None:
    story = a_story(approved_by=ALL_THREE, accepted=True)

    story.give(assessment("95", "55"))
    for lane in Lane:
        story.give(decision(story.claim, lane))

    assert story.state is State.OFFERED
    assert not story.claim.is_accepted


def test_an_acceptance_may_come_before_the_last_approval() -> None:
    story = a_story(accepted=True)

    for lane in Lane:
        story.give(decision(story.claim, lane))

    assert story.state is State.ACCEPTED


def test_an_acceptance_given_with_the_report_holds_for_the_sum_that_was_shown() -> None:
    story = a_story(report=IN_ADVANCE)

    assert story.claim.is_accepted
    assert story.claim.acceptance is not None
    assert story.claim.acceptance.method is AcceptanceMethod.IN_ADVANCE


def test_an_acceptance_in_advance_holds_for_a_higher_offer() -> None:
    story = a_story(report=IN_ADVANCE)

    story.give(assessment("95", "95"))

    assert story.claim.is_accepted


def test_an_acceptance_in_advance_asks_again_when_the_offer_is_lower() -> None:
    story = a_story(report=IN_ADVANCE)

    story.give(assessment("95", "35"))

    assert not story.claim.is_accepted
    for lane in Lane:
        story.give(decision(story.claim, lane))
    assert story.state is State.OFFERED


def test_an_acceptance_in_advance_binds_the_heads() -> None:
    story = a_story(report=IN_ADVANCE)

    story.give(assessment("95", "55", "95"))

    assert not story.claim.is_accepted


def test_an_acceptance_in_advance_asks_again_when_other_claims_used_up_the_heads() -> None:
    story = a_story(report=IN_ADVANCE, verified=False)
    story.facts = facts(heads_paid=99)

    story.verify()

    assert not story.claim.is_accepted


def test_without_a_known_sum_nothing_is_accepted_in_advance() -> None:
    story = a_story(report=a_report("95", None, accept_in_advance=True))

    story.give(assessment("95", "95"))

    assert story.claim.report.lowest_sum_shown is None
    assert not story.claim.is_accepted


def test_acceptance_in_advance_is_off_by_default() -> None:
    assert not a_claim().is_accepted


def test_a_repeated_triage_records_no_second_acceptance() -> None:
    story = a_story(report=IN_ADVANCE)
    story.give(evidence("photo-2"))

    events = story.verify()

    assert not any(isinstance(event, OfferAccepted) for event in events)
    assert story.claim.is_accepted


def test_the_farmers_own_code_is_not_overwritten_by_the_word_given_in_advance() -> None:
    story = a_story(report=IN_ADVANCE)
    story.give(assessment("95", "35"))
    story.give(acceptance(story.claim))

    story.give(evidence(note="the ear tag was torn"))
    story.verify()

    assert story.claim.acceptance is not None
    assert story.claim.acceptance.method is AcceptanceMethod.ONE_TIME_CODE


def test_the_weights_of_the_receipt_bring_a_new_offer_after_which_money_flows() -> None:
    story = a_story(approved_by=ALL_THREE, accepted=True)
    story.give(handover(2, "150"))
    assert story.state is State.ACCEPTED

    story.give(assessment("95", "55"))
    for lane in Lane:
        story.give(decision(story.claim, lane))
    story.give(acceptance(story.claim))

    assert story.state is State.PAYABLE
