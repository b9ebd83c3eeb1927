"""Facts come in any order, and every order has the same end (domain.md §1)."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import permutations

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.parties import Policy
from backend.domain.problems import HandoverMissing, MoveNotAllowed
from backend.domain.words import Lane, LaneState, PayGate, State
from tests.builders import (
    a_policy,
    a_scene,
    acceptance,
    certificate,
    checked,
    decision,
    facts,
    handover,
    received,
)
from tests.stories import Story, a_story

Step = Callable[[Claim], c.Command]

STEPS: dict[str, Step] = {
    "triage": lambda _: c.Triage(scene=a_scene()),
    "insurer": lambda claim: decision(claim, Lane.INSURER),
    "veterinary": lambda claim: decision(claim, Lane.VETERINARY),
    "inspection": lambda claim: decision(claim, Lane.INSPECTION),
    "acceptance": acceptance,
    "handover": lambda _: handover(),
    "certificate": lambda _: certificate(),
}
AFTER_TRIAGE = ("insurer", "veterinary", "inspection", "acceptance", "handover", "certificate")
WITH_TRIAGE = ("triage", "insurer", "veterinary", "inspection", "acceptance", "handover")


def told_in(order: Iterable[str], story: Story) -> list[str]:
    """Tell every step; one that is too early is tried again after the others. Returns the order that held."""
    waiting, held, too_early = deque(order), list[str](), 0
    while waiting:
        name = waiting.popleft()
        before = story.claim
        try:
            story.give(STEPS[name](story.claim))
            held.append(name)
            too_early = 0
        except (MoveNotAllowed, HandoverMissing):
            assert story.claim is before
            waiting.append(name)
            too_early += 1
        assert too_early <= len(waiting), f"nothing of {waiting} can ever be told after {held}"
    return held


def facts_of(claim: Claim) -> object:
    """What the claim holds, without the moments at which it came."""
    lanes = {lane: (record.state, record.decided) for lane, record in claim.lanes.items()}
    return (
        claim.state,
        claim.offer,
        claim.evidence_hash,
        lanes,
        claim.acceptance,
        claim.handover,
        claim.certificate,
        claim.version,
    )


@pytest.mark.parametrize("gate", PayGate)
def test_every_order_of_decisions_acceptance_handover_and_certificate_has_the_same_end(gate: PayGate) -> None:
    verified = a_story(world=facts(a_policy(pay_gate=gate)))
    ends = set[object]()

    for order in permutations(AFTER_TRIAGE):
        story = _copy(verified)
        told_in(order, story)
        assert story.state is State.PAYABLE
        ends.add(repr(facts_of(story.claim)))

    assert len(ends) == 1


def test_every_order_with_the_triage_among_them_has_the_same_end() -> None:
    arrived = _arrived(a_policy())
    ends, held = set[object](), set[tuple[str, ...]]()

    for order in permutations(WITH_TRIAGE):
        story = _copy(arrived)
        held.add(tuple(told_in(order, story)))
        assert story.state is State.PAYABLE
        ends.add(repr(facts_of(story.claim)))

    assert len(ends) == 1
    assert any(order[0] == "handover" for order in held), "the truck may come before the triage"


@pytest.mark.parametrize("last", AFTER_TRIAGE[:-1])
def test_the_state_names_the_first_thing_still_missing(last: str) -> None:
    story = a_story()

    told_in([name for name in AFTER_TRIAGE[:-1] if name != last], story)

    waits = {"acceptance": State.OFFERED, "handover": State.ACCEPTED}
    assert story.state is waits.get(last, State.JOINT_REVIEW)


def test_the_certificate_may_come_before_the_money_and_closes_the_claim_with_it() -> None:
    story = a_story()
    told_in(AFTER_TRIAGE, story)

    story.pay()

    assert story.state is State.CLOSED
    assert {record.state for record in story.claim.lanes.values()} == {LaneState.APPROVED}


def _arrived(policy: Policy) -> Story:
    story = a_story(world=facts(policy), verified=False)
    story.give(received())
    story.give(checked())
    return story


def _copy(story: Story) -> Story:
    return Story(story.facts, story.at, list(story.events), story.current)
