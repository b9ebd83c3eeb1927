"""Retries: a phone, a worker and a bank say things twice, and nothing happens twice."""

from collections.abc import Callable

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.problems import HoldNotSet, MoveNotAllowed
from backend.domain.words import Decision, HoldKind, Lane, State
from tests.builders import (
    FARMER,
    a_consent,
    a_hold,
    a_label,
    a_release,
    a_retry,
    a_scene,
    acceptance,
    assessment,
    certificate,
    checked,
    confirmed_by_bank,
    decision,
    evidence,
    failed_at_bank,
    handover,
    received,
    rejection,
    unanswered,
    under_way,
)
from tests.stories import Story, a_story_in

Give = Callable[[Claim], c.Command]

ANSWERED: dict[str, tuple[State, Give]] = {
    "receive photo": (State.REPORTED, lambda _: received()),
    "record photo checks": (State.VERIFYING, lambda _: checked()),
    "add evidence": (State.JOINT_REVIEW, lambda _: evidence("photo-2", note="the left side")),
    "assess": (State.JOINT_REVIEW, lambda _: assessment("95", "55")),
    "approve": (State.JOINT_REVIEW, lambda claim: decision(claim, Lane.INSURER)),
    "ask": (State.JOINT_REVIEW, lambda claim: decision(claim, Lane.INSURER, Decision.ASK)),
    "reject": (State.JOINT_REVIEW, rejection),
    "accept offer": (State.JOINT_REVIEW, acceptance),
    "record handover": (State.JOINT_REVIEW, lambda _: handover()),
    "issue certificate": (State.PAID, lambda _: certificate()),
    "label photo": (State.PAID, lambda _: a_label()),
    "change consent": (State.CLOSED, lambda _: a_consent()),
    "place hold": (State.JOINT_REVIEW, lambda _: a_hold()),
    "withdraw": (State.JOINT_REVIEW, lambda _: c.Withdraw(by=FARMER)),
    "start payout": (State.PAYABLE, lambda _: c.StartPayout()),
    "record accepted": (State.PAYING, under_way),
    "record unanswered": (State.PAYING, unanswered),
    "record confirmed": (State.PAYING, confirmed_by_bank),
    "record failed": (State.PAYING, failed_at_bank),
}


@pytest.mark.parametrize("what", ANSWERED)
def test_an_exact_repeat_is_answered_and_changes_nothing(what: str) -> None:
    state, give = ANSWERED[what]
    story = a_story_in(state)
    command = give(story.claim)
    assert story.give(command) != []
    after = story.claim

    assert story.give(command) == []

    assert story.claim is after


REFUSED: dict[str, tuple[State, c.Command, type[Exception]]] = {
    "triage": (State.VERIFYING, c.Triage(scene=a_scene()), MoveNotAllowed),
    "release hold": (State.TRIAGED, a_release(), HoldNotSet),
    "retry payout": (State.PAYMENT_FAILED, a_retry(), MoveNotAllowed),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_names_no_fact_to_recognise_is_refused_the_second_time(what: str) -> None:
    state, command, refusal = REFUSED[what]
    story = a_story_in(state)
    if state is State.VERIFYING:
        story.give(checked())
    assert story.give(command) != []
    after = story.claim

    with pytest.raises(refusal):
        story.give(command)

    assert story.claim is after


def closed() -> tuple[Story, list[c.Command]]:
    """A claim told to its end, and everything that was said on the way."""
    story, said = a_story_in(State.JOINT_REVIEW), list[c.Command]()
    steps: list[Give] = [
        *[lambda claim, lane=lane: decision(claim, lane) for lane in Lane],
        acceptance,
        lambda _: handover(),
        lambda _: c.StartPayout(),
        under_way,
        confirmed_by_bank,
        lambda _: certificate(),
    ]
    for step in steps:
        said.append(step(story.claim))
        story.give(said[-1])
    return story, [received(), checked(), *said]


def test_all_that_was_ever_said_is_answered_again_when_the_claim_is_closed() -> None:
    story, said = closed()
    after = story.claim

    for command in said:
        assert story.give(command) == []

    assert story.claim is after
    assert after.state is State.CLOSED


def test_a_release_of_another_kind_is_not_a_repeat() -> None:
    story = a_story_in(State.TRIAGED)

    with pytest.raises(HoldNotSet):
        story.give(a_release(HoldKind.STOP_PAYMENTS))
