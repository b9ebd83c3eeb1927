"""The bank's statement against our payouts: every difference by its name, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.ids import ClaimId, payout_id
from backend.domain.money import Money
from backend.domain.reconciliation import (
    Comparison,
    Offer,
    OurPayout,
    Statement,
    StatementLine,
    UnreadLine,
    compare,
)
from backend.domain.words import DifferenceKind as Kind
from backend.domain.words import PayoutState

DAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
LATER = timedelta(hours=3)


def ours(
    serial: int = 1, no: int = 1, state: PayoutState = PayoutState.CONFIRMED, **changes: Any
) -> OurPayout:
    claim_id = ClaimId(UUID(int=serial))
    has_left = state in {PayoutState.CONFIRMED, PayoutState.RETURNED}
    plain: dict[str, Any] = {
        "id": payout_id(claim_id, no),
        "claim_id": claim_id,
        "claim_number": f"FC-20261125-{serial:04d}",
        "no": no,
        "amount": Money.parse("1400.00"),
        "state": state,
        "bank_reference": f"B-{serial}-{no}",
        "confirmed_at": NOON if has_left else None,
        "returned_at": NOON + LATER if state is PayoutState.RETURNED else None,
    }
    return OurPayout(**(plain | changes))


def line(payout: OurPayout | None = None, *, has_left: bool = True, **changes: Any) -> StatementLine:
    plain: dict[str, Any] = {
        "row": "row 2",
        "booked_on": DAY,
        "amount": payout.amount if payout else Money.parse("88.00"),
        "has_left": has_left,
        "words": f"indemnity {payout.reference}" if payout else "electricity",
    }
    return StatementLine(**(plain | changes))


def compared(lines: list[StatementLine], books: list[OurPayout], **changes: Any) -> Comparison:
    plain: dict[str, Any] = {"format": "csv", "first_day": DAY, "last_day": DAY, "lines": lines}
    return compare(Statement(**(plain | changes)), books)


def kinds(found: Comparison) -> list[Kind]:
    return [one.kind for one in found.differences]


def offers(found: Comparison) -> list[Offer | None]:
    return [one.offer for one in found.differences]


@pytest.mark.parametrize(
    "named",
    [
        lambda one: {"words": one.reference},
        lambda one: {"words": f"赔款{one.reference}支付"},
        lambda one: {"words": one.reference.lower()},
        lambda one: {"words": str(one.id)},
        lambda one: {"words": f"key {one.id.hex}"},
        lambda one: {"words": "", "bank_reference": one.bank_reference},
    ],
)
def test_a_payout_is_known_by_its_reference_its_key_or_the_banks_number(named: Any) -> None:
    payout = ours()

    found = compared(
        [line(payout, **named(payout))], [payout, ours(2, confirmed_at=NOON - timedelta(days=9))]
    )

    assert found.matched == 1
    assert found.differences == ()


def test_what_the_bank_moved_and_we_did_not_is_named() -> None:
    stranger = line(words="FC-20261125-0009/1-0badcafe")

    found = compared([line(), stranger], [])

    assert kinds(found) == [Kind.NOT_OURS] * 2


def test_money_that_comes_in_from_others_is_counted_and_is_no_difference_but_an_unnamed_return_is() -> None:
    premium, unnamed = line(has_left=False), line(has_left=False, is_return=True)

    found = compared([premium, unnamed], [])

    assert found.others_in == 1
    assert kinds(found) == [Kind.NOT_OURS]


def test_what_we_hold_paid_or_returned_and_the_statement_lacks_is_named_inside_its_days_only() -> None:
    paid, back, earlier = (
        ours(1),
        ours(2, state=PayoutState.RETURNED),
        ours(3, confirmed_at=NOON - timedelta(days=1)),
    )

    found = compared([], [paid, back, earlier])

    assert kinds(found) == [Kind.NOT_IN_BANK] * 3
    assert [one.payout and one.payout.claim_number for one in found.differences] == [
        paid.claim_number,
        back.claim_number,
        back.claim_number,
    ]


def test_a_day_is_shanghais() -> None:
    before_midnight = datetime(2026, 11, 25, 15, 59, tzinfo=UTC)

    inside, outside = (
        ours(1, confirmed_at=before_midnight),
        ours(2, confirmed_at=before_midnight + timedelta(minutes=1)),
    )

    assert kinds(compared([], [inside])) == [Kind.NOT_IN_BANK]
    assert kinds(compared([], [outside])) == []


def test_another_amount_is_named_and_nothing_is_offered() -> None:
    payout = ours(state=PayoutState.UNKNOWN)

    found = compared([line(payout, amount=Money.parse("14.00"))], [payout])

    assert kinds(found) == [Kind.AMOUNT_DIFFERS]
    assert offers(found) == [None]
    assert found.matched == 0


def test_a_payout_that_left_twice_is_named_for_the_second_time() -> None:
    payout = ours()

    found = compared([line(payout), line(payout, row="row 3")], [payout])

    assert kinds(found) == [Kind.PAID_TWICE]
    assert found.differences[0].row == "row 3"
    assert found.matched == 1


def test_one_of_two_transfers_that_comes_back_is_not_taken_for_the_payouts_return() -> None:
    payout = ours()

    found = compared(
        [line(payout), line(payout, row="row 3"), line(payout, has_left=False, row="row 4")], [payout]
    )

    assert kinds(found) == [Kind.PAID_TWICE, Kind.FOUND_RETURNED]
    assert offers(found) == [None, None]


@pytest.mark.parametrize(
    "state", [PayoutState.STARTED, PayoutState.ACCEPTED, PayoutState.UNKNOWN, PayoutState.FAILED]
)
def test_an_unanswered_payout_that_was_paid_is_offered_to_be_confirmed(state: PayoutState) -> None:
    payout = ours(state=state)

    found = compared([line(payout)], [payout])

    assert kinds(found) == [Kind.FOUND_PAID]
    assert offers(found) == [Offer.CONFIRM]


def test_a_payout_that_was_given_up_and_paid_beside_its_successor_was_paid_twice() -> None:
    given_up, successor = ours(1, 1, PayoutState.RETIRED), ours(1, 2)

    found = compared([line(given_up), line(successor, row="row 3")], [given_up, successor])

    assert kinds(found) == [Kind.PAID_TWICE]
    assert offers(found) == [None]
    assert "was paid too" in found.differences[0].detail


def test_a_payout_that_was_given_up_and_paid_alone_is_offered_to_be_confirmed() -> None:
    given_up = ours(1, 1, PayoutState.RETIRED)

    assert offers(compared([line(given_up)], [given_up])) == [Offer.CONFIRM]


def test_a_return_that_we_did_not_know_is_offered_to_be_recorded() -> None:
    payout = ours(confirmed_at=NOON - timedelta(days=5))

    found = compared([line(payout, has_left=False, reason="AC04")], [payout])

    assert kinds(found) == [Kind.FOUND_RETURNED]
    assert offers(found) == [Offer.RETURN]


def test_a_payout_paid_and_returned_on_one_statement_is_recorded_by_its_return() -> None:
    payout = ours(state=PayoutState.UNKNOWN)

    found = compared([line(payout), line(payout, has_left=False, row="row 3")], [payout])

    assert kinds(found) == [Kind.FOUND_PAID, Kind.FOUND_RETURNED]
    assert offers(found) == [None, Offer.RETURN]


def test_a_return_that_we_know_agrees() -> None:
    payout = ours(state=PayoutState.RETURNED)

    found = compared([line(payout), line(payout, has_left=False, row="row 3")], [payout])

    assert (found.matched, found.differences) == (2, ())


def test_a_booking_days_away_from_the_banks_own_word_is_named() -> None:
    payout = ours(confirmed_at=NOON - timedelta(days=4))

    assert kinds(compared([line(payout)], [payout])) == [Kind.DATE_DIFFERS]
    assert kinds(compared([line(payout)], [ours(confirmed_at=NOON - timedelta(days=3))])) == []


def test_another_currency_and_lines_that_cannot_be_read_are_named_with_their_row() -> None:
    payout = ours()

    found = compared(
        [line(payout, currency="USD")], [payout], unread=[UnreadLine("row 7", "'x' is not a day")]
    )

    assert [(one.kind, one.row) for one in found.differences] == [
        (Kind.UNREADABLE, "row 7"),
        (Kind.WRONG_CURRENCY, "row 2"),
    ]


states = st.sampled_from([PayoutState.CONFIRMED, PayoutState.RETURNED])


@given(st.lists(states, max_size=6), st.randoms())
def test_a_statement_that_says_what_we_hold_has_no_difference_in_any_order(
    held: list[PayoutState], dice: Any
) -> None:
    books = [ours(serial, state=state) for serial, state in enumerate(held, start=1)]
    lines = [line(one, row=f"out {one.claim_number}") for one in books]
    lines += [line(one, has_left=False, row=f"in {one.claim_number}") for one in books if one.returned_at]
    dice.shuffle(lines)

    found = compared(lines, books)

    assert found.differences == ()
    assert found.matched == len(lines)


@given(st.lists(states, min_size=1, max_size=6), st.data())
def test_a_line_that_is_left_out_of_it_is_always_named(held: list[PayoutState], data: st.DataObject) -> None:
    books = [ours(serial, state=state) for serial, state in enumerate(held, start=1)]
    lines = [line(one) for one in books]
    lines += [line(one, has_left=False) for one in books if one.returned_at]
    lost = lines.pop(data.draw(st.integers(0, len(lines) - 1)))

    found = compared(lines, books)

    assert kinds(found) == [Kind.NOT_IN_BANK]
    assert found.differences[0].payout is not None
    assert lost.words.endswith(found.differences[0].payout.reference)
