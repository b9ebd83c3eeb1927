"""退汇: the bank brings a transfer back, at any time and in any order with its other words."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.events import PayoutReturned
from backend.domain.ids import PayoutId, payout_id
from backend.domain.ledger import balances
from backend.domain.money import Money
from backend.domain.problems import MoveNotAllowed, PayoutUnderWay, WrongPayout
from backend.domain.words import ActorKind, Lane, LedgerAccount, PayoutState, State
from tests.builders import (
    CLAIM_ID,
    a_retry,
    an_officer,
    certificate,
    confirmed_by_bank,
    failed_at_bank,
    returned_by_bank,
    unanswered,
    under_way,
)
from tests.stories import Story, a_story_in

MOVING = (State.PAYING, State.PAYMENT_UNKNOWN)
FIRST = payout_id(CLAIM_ID, 1)


def came_back(key: PayoutId = FIRST) -> c.RecordReturned:
    return c.RecordReturned(payout_id=key, bank_reference="B-2", reason="AC04: account closed")


def net_paid(story: Story) -> Money:
    accounts = balances(story.claim)
    return Money(0) - accounts[LedgerAccount.PAID] - accounts[LedgerAccount.RETURNED]


@pytest.mark.parametrize("state", [State.PAID, State.CLOSED, *MOVING])
def test_money_that_came_back_has_to_be_paid_again(state: State) -> None:
    story = a_story_in(state)

    story.give(returned_by_bank(story.claim))

    assert story.state is State.PAYMENT_FAILED
    assert story.claim.paid_at is None
    assert story.claim.payout is not None
    assert story.claim.payout.state is PayoutState.RETURNED
    assert story.claim.payout.reason == "AC04: account closed"
    assert net_paid(story) == Money(0)


def test_it_is_paid_again_under_a_new_key_and_a_certified_claim_closes_again() -> None:
    story = a_story_in(State.CLOSED)
    story.give(returned_by_bank(story.claim))

    story.give(a_retry())
    assert story.state is State.PAYABLE
    story.pay()

    assert story.state is State.CLOSED
    assert story.claim.payout is not None
    assert story.claim.payout.no == 2
    assert net_paid(story) == Money.parse("1400.00")


@pytest.mark.parametrize("times", [2, 3])
def test_a_return_that_is_told_again_changes_nothing(times: int) -> None:
    story = a_story_in(State.PAID)

    recorded = [story.give(came_back()) for _ in range(times)]

    assert [len(events) for events in recorded] == [1] + [0] * (times - 1)


def test_the_return_of_a_retired_payout_told_late_leaves_the_new_one_alone() -> None:
    story = a_story_in(State.PAID)
    story.give(came_back())
    story.give(a_retry())
    story.pay()

    assert story.give(came_back()) == []

    assert story.state is State.PAID
    assert net_paid(story) == Money.parse("1400.00")


def test_a_payout_that_was_given_up_may_turn_out_to_have_come_back() -> None:
    story = a_story_in(State.PAYMENT_UNKNOWN)
    story.give(a_retry(missing=True), after=timedelta(hours=1))
    story.pay()

    [event] = story.give(came_back())

    assert isinstance(event, PayoutReturned)
    assert story.state is State.PAID
    assert [payout.state for payout in story.claim.payouts] == [PayoutState.RETIRED, PayoutState.CONFIRMED]
    assert net_paid(story) == Money.parse("1400.00")
    assert story.give(came_back()) == []


News = Callable[[Claim], c.Command]


@pytest.mark.parametrize(
    "order", list(permutations([under_way, unanswered, confirmed_by_bank, returned_by_bank]))
)
def test_in_whatever_order_the_bank_speaks_a_return_is_its_last_word(order: tuple[News, ...]) -> None:
    story = a_story_in(State.PAYING)

    for news in order:
        story.give(news(story.claim))

    assert story.state is State.PAYMENT_FAILED
    assert net_paid(story) == Money(0)
    assert balances(story.claim)[LedgerAccount.PAYABLE] == Money.parse("-1400.00")


def test_a_bank_that_refuses_and_then_returns_moved_nothing_in_the_end() -> None:
    story = a_story_in(State.PAYMENT_FAILED)

    story.give(returned_by_bank(story.claim))
    story.give(failed_at_bank(story.claim))
    story.give(confirmed_by_bank(story.claim))

    assert story.state is State.PAYMENT_FAILED
    assert net_paid(story) == Money(0)


def test_a_return_of_a_payout_that_the_claim_never_had_is_refused_by_name() -> None:
    story = a_story_in(State.PAID)

    with pytest.raises(WrongPayout):
        story.give(came_back(payout_id(CLAIM_ID, 9)))


def test_nothing_starts_by_itself_after_a_return() -> None:
    story = a_story_in(State.PAID)
    story.give(came_back())

    with pytest.raises(MoveNotAllowed):
        story.give(c.StartPayout())


def test_the_certificate_still_comes_while_the_money_is_back() -> None:
    story = a_story_in(State.PAID)
    story.give(came_back())

    story.give(certificate())

    assert story.state is State.PAYMENT_FAILED


def test_what_an_officer_reads_off_a_statement_stands_under_the_officers_name() -> None:
    insurer = an_officer(Lane.INSURER)
    story = a_story_in(State.PAYING)

    story.give(c.RecordConfirmed(payout_id=FIRST, bank_reference="B-1", officer=insurer))
    story.give(c.RecordReturned(payout_id=FIRST, bank_reference="B-2", reason="AC04", officer=insurer))

    assert [entry.actor for entry in story.events[-2:]] == [insurer.actor] * 2
    assert insurer.actor.kind is ActorKind.OFFICER


def test_a_payout_in_a_file_is_not_given_up_before_the_bank_had_its_night() -> None:
    story = a_story_in(State.PAYABLE)
    story.give(c.StartPayout(bank_file="FC-20261123-F001-5b0c6e0e", officer=an_officer(Lane.INSURER)))
    assert story.events[-1].actor == an_officer(Lane.INSURER).actor

    with pytest.raises(PayoutUnderWay):
        story.give(a_retry(missing=True), after=timedelta(hours=47))
    story.give(a_retry(missing=True), after=timedelta(hours=49))

    assert story.state is State.PAYABLE
