"""The ledger: what each event moves, to the fen."""

from backend.domain import commands as c
from backend.domain.ledger import balances, journal
from backend.domain.money import ZERO, Money
from backend.domain.words import HoldKind, LedgerAccount, State
from tests.builders import (
    ALL_THREE,
    FARMER,
    a_hold,
    a_retry,
    assessment,
    confirmed_by_bank,
    failed_at_bank,
    handover,
    rejection,
    returned_by_bank,
)
from tests.stories import Story, a_story, a_story_in


def moved(story: Story) -> list[tuple[str, dict[str, str]]]:
    """Each event that moved money, with what it moved."""
    lines = journal(story.events)
    found = []
    for entry in story.events:
        amounts = {line.account.value: str(line.amount) for line in lines if line.seq == entry.seq}
        if amounts:
            found.append((entry.event.type, amounts))
    return found


def stands(story: Story) -> dict[str, str]:
    """The accounts that hold anything."""
    return {account.value: str(amount) for account, amount in balances(story.claim).items() if amount}


def test_the_worked_example_of_the_docstring_holds_to_the_fen() -> None:
    story = a_story_in(State.PAYABLE)
    story.pay()
    story.give(returned_by_bank(story.claim))
    story.give(a_retry())
    story.pay()

    assert moved(story) == [
        ("claim-triaged", {"incurred": "1400.00", "reserve": "-1400.00"}),
        ("handover-recorded", {"reserve": "1400.00", "payable": "-1400.00"}),
        ("payout-started", {"payable": "1400.00", "transit": "-1400.00"}),
        ("payout-confirmed", {"transit": "1400.00", "paid": "-1400.00"}),
        ("payout-returned", {"payable": "-1400.00", "returned": "1400.00"}),
        ("payout-started", {"payable": "1400.00", "transit": "-1400.00"}),
        ("payout-confirmed", {"transit": "1400.00", "paid": "-1400.00"}),
    ]
    assert stands(story) == {"incurred": "1400.00", "paid": "-2800.00", "returned": "1400.00"}


def test_an_assessment_adjusts_the_reserve_by_the_difference() -> None:
    story = a_story()

    story.give(assessment("95", "55"))

    assert moved(story)[-1] == ("claim-assessed", {"incurred": "-280.00", "reserve": "280.00"})
    assert stands(story) == {"incurred": "1120.00", "reserve": "-1120.00"}


def test_a_rejected_and_a_withdrawn_claim_cost_nothing() -> None:
    rejected, withdrawn = a_story(), a_story_in(State.PAYABLE)

    rejected.give(rejection(rejected.claim))
    withdrawn.give(c.Withdraw(by=FARMER))

    assert stands(rejected) == stands(withdrawn) == {}
    assert moved(withdrawn)[-1] == ("claim-withdrawn", {"incurred": "-1400.00", "payable": "1400.00"})


def test_a_refused_payout_is_owed_again() -> None:
    story = a_story_in(State.PAYMENT_FAILED)

    assert moved(story)[-1] == ("payout-failed", {"payable": "-1400.00", "transit": "1400.00"})


def test_a_stop_of_all_payments_leaves_the_sum_owed_but_a_doubt_does_not() -> None:
    stopped, doubted = a_story_in(State.PAYABLE), a_story_in(State.PAYABLE)

    stopped.give(a_hold(HoldKind.STOP_PAYMENTS))
    doubted.give(a_hold(HoldKind.SIGNALS))

    assert stands(stopped) == {"incurred": "1400.00", "payable": "-1400.00"}
    assert stands(doubted) == {"incurred": "1400.00", "reserve": "-1400.00"}


def test_money_that_left_after_the_claim_had_ended_is_in_the_books_all_the_same() -> None:
    story = a_story_in(State.PAYABLE)
    story.pay(confirmed=False)
    story.give(failed_at_bank(story.claim))
    late = confirmed_by_bank(story.claim)
    story.give(a_retry())
    story.give(c.Withdraw(by=FARMER))

    story.give(late)

    assert story.state is State.WITHDRAWN
    assert stands(story) == {"incurred": "1400.00", "paid": "-1400.00"}


def test_a_payout_that_was_assessed_lower_after_it_was_given_up_counts_as_it_left() -> None:
    story = a_story_in(State.PAYABLE)
    story.pay(confirmed=False)
    story.give(failed_at_bank(story.claim))
    late = confirmed_by_bank(story.claim)
    story.give(a_retry())
    story.give(a_hold())
    story.give(assessment("95"))
    assert stands(story) == {"incurred": "700.00", "reserve": "-700.00"}

    story.give(late)

    assert stands(story) == {"incurred": "1400.00", "paid": "-1400.00"}


def test_events_that_move_no_money_have_no_line() -> None:
    story = a_story(approved_by=ALL_THREE[:2], handed_over=False)
    story.give(handover(2, "190"))

    assert {name for name, _ in moved(story)} == {"claim-triaged"}
    assert Money.total(balances(story.claim).values()) == ZERO
    assert set(balances(story.claim)) == set(LedgerAccount)
