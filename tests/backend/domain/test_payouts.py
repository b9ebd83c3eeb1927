"""One payout under one key, and what the bank says of it, in any order and however often."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import permutations, product

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.events import PayoutStarted
from backend.domain.ids import PayoutId, payout_id
from backend.domain.money import Money
from backend.domain.problems import MoveNotAllowed, PayoutUnderWay, Problem, WrongLane, WrongPayout
from backend.domain.words import HoldKind, Lane, PayoutState, State
from tests.builders import (
    CLAIM_ID,
    a_retry,
    an_officer,
    confirmed_by_bank,
    failed_at_bank,
    unanswered,
    under_way,
)
from tests.stories import Story, a_story_in

News = Callable[[Claim], c.Command]


def heard(*news: News) -> Story:
    """A payout was started, and then this came from the bank; what is refused is left out."""
    story = a_story_in(State.PAYING)
    for command in news:
        story.give(command(story.claim))
    return story


def started(events: Iterable[object]) -> list[PayoutStarted]:
    return [event for event in events if isinstance(event, PayoutStarted)]


def test_the_key_is_made_of_the_claim_and_the_payout_never_of_the_attempt() -> None:
    story = a_story_in(State.PAYABLE)

    (event,) = story.give(c.StartPayout())

    assert isinstance(event, PayoutStarted)
    assert event.payout_id == payout_id(CLAIM_ID, 1)
    assert event.amount == Money.parse("1400.00")
    assert story.give(c.StartPayout()) == []


STARTED = (State.PAYING, State.PAYMENT_UNKNOWN, State.PAID, State.CLOSED)


@pytest.mark.parametrize("state", STARTED)
def test_a_payout_that_was_started_is_not_started_again(state: State) -> None:
    story = a_story_in(state)

    assert story.give(c.StartPayout()) == []


@pytest.mark.parametrize("state", sorted(set(State) - {State.PAYABLE, *STARTED}))
def test_no_payout_starts_before_every_gate_is_open(state: State) -> None:
    story = a_story_in(state)

    with pytest.raises(MoveNotAllowed):
        story.give(c.StartPayout())


@pytest.mark.parametrize(
    ("news", "state"),
    [
        ((under_way,), State.PAYING),
        ((unanswered,), State.PAYMENT_UNKNOWN),
        ((unanswered, under_way), State.PAYING),
        ((unanswered, confirmed_by_bank), State.PAID),
        ((unanswered, failed_at_bank), State.PAYMENT_FAILED),
        ((under_way, unanswered), State.PAYING),
        ((confirmed_by_bank,), State.PAID),
        ((confirmed_by_bank, under_way), State.PAID),
        ((confirmed_by_bank, unanswered), State.PAID),
        ((under_way, confirmed_by_bank), State.PAID),
        ((under_way, failed_at_bank), State.PAYMENT_FAILED),
        ((failed_at_bank, under_way), State.PAYMENT_FAILED),
        ((failed_at_bank, unanswered), State.PAYMENT_FAILED),
    ],
)
def test_what_the_bank_says_may_come_in_any_order(news: tuple[News, ...], state: State) -> None:
    assert heard(*news).state is state


@pytest.mark.parametrize("news", [under_way, unanswered, confirmed_by_bank, failed_at_bank])
def test_saying_it_twice_changes_nothing(news: News) -> None:
    story = heard(news)

    assert story.give(news(story.claim)) == []


def test_every_order_of_duplicated_good_news_ends_in_one_payment() -> None:
    good: tuple[News, ...] = (unanswered, under_way, under_way, confirmed_by_bank, confirmed_by_bank)

    for order in permutations(good):
        story = heard(*order)

        assert story.state is State.PAID
        assert [payout.state for payout in story.claim.payouts] == [PayoutState.CONFIRMED]


def test_a_confirmed_payout_cannot_have_failed() -> None:
    story = heard(confirmed_by_bank)

    with pytest.raises(MoveNotAllowed):
        story.give(failed_at_bank(story.claim))

    assert story.state is State.PAID


def test_the_bank_speaks_only_of_the_payout_under_way() -> None:
    story = a_story_in(State.PAYING)
    stranger = PayoutId(payout_id(CLAIM_ID, 7))

    for command in (
        c.RecordAccepted(payout_id=stranger, bank_reference="B"),
        c.RecordUnanswered(payout_id=stranger, reason="none"),
        c.RecordConfirmed(payout_id=stranger, bank_reference="B"),
        c.RecordFailed(payout_id=stranger, reason="no"),
    ):
        with pytest.raises(WrongPayout):
            story.give(command)


def test_a_failed_payout_is_retried_under_a_new_key() -> None:
    story = heard(failed_at_bank)

    story.give(a_retry())
    assert story.state is State.PAYABLE
    story.pay()

    first, second = story.claim.payouts
    assert (first.state, second.state) == (PayoutState.RETIRED, PayoutState.CONFIRMED)
    assert second.id == payout_id(CLAIM_ID, 2)
    assert story.state is State.PAID


def test_only_the_insurer_retries_and_only_what_failed() -> None:
    failed = heard(failed_at_bank)

    with pytest.raises(WrongLane):
        failed.give(a_retry(Lane.VETERINARY))
    for state in (State.PAYABLE, State.PAID):
        with pytest.raises(MoveNotAllowed):
            a_story_in(state).give(a_retry())
    for state in (State.PAYING, State.PAYMENT_UNKNOWN):
        with pytest.raises(PayoutUnderWay):
            a_story_in(state).give(a_retry())


def test_late_repeats_about_a_retired_payout_change_nothing() -> None:
    story = heard(failed_at_bank)
    late = [news(story.claim) for news in (failed_at_bank, under_way, unanswered)]
    story.give(a_retry())

    for command in late:
        assert story.give(command) == []
    story.give(c.StartPayout())
    for command in late:
        assert story.give(command) == []

    assert story.state is State.PAYING


def test_an_unanswered_payout_is_made_anew_only_after_the_banks_memory_and_with_the_statement_in_hand() -> (
    None
):
    story = heard(unanswered)
    first = story.claim.payout
    for too_early in (a_retry(), a_retry(missing=True)):
        with pytest.raises(PayoutUnderWay):
            story.give(too_early)
    with pytest.raises(PayoutUnderWay):
        story.give(a_retry(), after=timedelta(minutes=31))

    story.give(a_retry(missing=True), after=timedelta(minutes=31))
    story.give(c.StartPayout())

    assert first is not None
    assert story.claim.payout is not None
    assert story.claim.payout.no == 2
    assert story.claim.payout.id != first.id


def test_a_bank_that_refuses_and_then_pays_has_paid() -> None:
    for is_retried in (False, True):
        story = heard(failed_at_bank)
        contradiction = confirmed_by_bank(story.claim)
        if is_retried:
            story.give(a_retry())

        story.give(contradiction)

        assert story.state is State.PAID
        assert len(started([entry.event for entry in story.events])) == 1


def test_a_bank_that_pays_after_all_is_believed_while_the_retried_claim_is_on_hold() -> None:
    story = heard(failed_at_bank)
    contradiction = confirmed_by_bank(story.claim)
    story.give(a_retry())
    story.give(c.PlaceHold(officer=an_officer(Lane.INSURER), reason="look", kind=HoldKind.SIGNALS))

    story.give(contradiction)

    assert story.state is State.PAID
    assert story.give(c.StartPayout()) == []


def test_a_retired_payout_is_never_confirmed_in_silence() -> None:
    story = heard(failed_at_bank)
    contradiction = confirmed_by_bank(story.claim)
    story.give(a_retry())
    story.give(c.StartPayout())

    with pytest.raises(WrongPayout):
        story.give(contradiction)


NEWS: tuple[News, ...] = (under_way, unanswered, confirmed_by_bank, failed_at_bank)


def test_whatever_the_bank_says_there_is_one_payout_until_a_person_asks_for_another() -> None:
    for told in product(NEWS, repeat=3):
        story = a_story_in(State.PAYING)
        for news in told:
            try:
                story.give(news(story.claim))
            except Problem:
                continue
            story_events = [entry.event for entry in story.events]
            assert len(started(story_events)) == 1
        assert len(story.claim.payouts) == 1
