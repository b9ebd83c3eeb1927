"""The main path: from a report to money and a certificate, one fact after the other."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.fold import fold
from backend.domain.money import Money
from backend.domain.problems import ClaimDiffers
from backend.domain.words import Lane, Path, PayoutState, State
from tests.builders import (
    a_cattle_policy,
    a_report,
    a_scene,
    acceptance,
    certificate,
    checked,
    confirmed_by_bank,
    decision,
    facts,
    handover,
    received,
    under_way,
)
from tests.stories import Story, a_claim, a_story


def test_a_clean_claim_goes_from_report_to_money_to_closed() -> None:
    story = Story()
    story.give(a_report())
    states = [story.state]
    steps: list[Callable[[Claim], c.Command]] = [
        lambda _: received(),
        lambda _: checked(),
        lambda _: c.Triage(scene=a_scene()),
        lambda claim: decision(claim, Lane.INSURER),
        lambda claim: decision(claim, Lane.VETERINARY),
        lambda claim: decision(claim, Lane.INSPECTION),
        acceptance,
        lambda _: handover(),
        lambda _: c.StartPayout(),
        under_way,
        confirmed_by_bank,
        lambda _: certificate(),
    ]

    for command in steps:
        story.give(command(story.claim))
        states.append(story.state)

    assert states == [
        State.REPORTED,
        State.VERIFYING,
        State.VERIFYING,
        State.JOINT_REVIEW,
        State.JOINT_REVIEW,
        State.JOINT_REVIEW,
        State.OFFERED,
        State.ACCEPTED,
        State.PAYABLE,
        State.PAYING,
        State.PAYING,
        State.PAID,
        State.CLOSED,
    ]


def test_two_heavy_pigs_are_offered_and_paid_at_their_sum_insured() -> None:
    story = a_story(approved_by=tuple(Lane), accepted=True, handed_over=True)

    story.pay()

    assert story.claim.path is Path.FAST
    assert story.claim.payout is not None
    assert story.claim.payout.amount == Money.parse("1400.00")
    assert story.claim.payout.state is PayoutState.CONFIRMED


def test_cattle_without_a_weight_are_paid_at_the_fixed_sum() -> None:
    policy = a_cattle_policy()
    cow = a_report(heads=1, species=policy.species, policy_number=policy.number, animals=())

    claim = a_claim(report=cow, world=facts(policy), scene=a_scene(1))

    assert claim.offer is not None
    assert claim.offer.amount == Money.parse("12000.00")
    assert claim.offer.complete


def test_the_history_folds_to_the_claim_and_counts_its_events_without_gaps() -> None:
    story = a_story(approved_by=tuple(Lane), accepted=True, handed_over=True, certified=True)
    story.pay()

    folded = fold(story.events)

    assert folded == story.claim
    assert [entry.seq for entry in story.events] == list(range(1, story.claim.version + 1))
    assert all(earlier.at <= later.at for earlier, later in pairwise(story.events))


def test_every_event_names_who_did_it() -> None:
    story = a_story(approved_by=tuple(Lane), accepted=True, handed_over=True, certified=True)
    story.pay()

    actors = {entry.event.type: entry.actor.kind.value for entry in story.events}

    assert actors == {
        "claim-reported": "farmer",
        "photo-received": "farmer",
        "photo-checked": "machine",
        "claim-triaged": "machine",
        "lane-decided": "officer",
        "offer-accepted": "farmer",
        "handover-recorded": "collector",
        "certificate-issued": "officer",
        "payout-started": "machine",
        "payout-confirmed": "bank",
    }


def test_a_history_that_does_not_begin_with_a_report_is_no_claim() -> None:
    story = a_story()

    with pytest.raises(ValueError, match="begins with a report"):
        fold([])
    with pytest.raises(ValueError, match="does not follow"):
        fold(story.events[1:])
    with pytest.raises(ValueError, match="does not follow"):
        fold([story.events[0], story.events[2]])


def test_the_same_claim_is_not_reported_twice() -> None:
    story = a_story()

    with pytest.raises(ClaimDiffers):
        story.give(a_report("20"))


def test_a_command_for_no_claim_is_a_bug() -> None:
    with pytest.raises(ValueError, match="needs a claim"):
        Story().give(received())
