"""Money out: one transfer under one key, whatever breaks on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.adapters.bank import BankAnswer, Refusal, Transfer
from backend.adapters.bank_notice import BankNotice, NoticeEvent
from backend.domain.events import PayoutConfirmed, PayoutStarted
from backend.domain.ids import PayoutId
from backend.domain.money import Money
from backend.domain.problems import MoveNotAllowed, NotFound, WrongPayout
from backend.domain.words import PayoutState, State
from backend.store import tables
from tests.backend.store.county import County
from tests.backend.workflows.desk import ACCOUNT, Desk, about
from tests.builders import a_retry
from tests.fakes import FakeBank

OFFER = Money.parse("1400.00")
SECONDS = timedelta(seconds=1)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def bank(county: County) -> FakeBank:
    return FakeBank(county.clock)


@pytest.fixture
def desk(county: County, bank: FakeBank) -> Desk:
    county.make_payable()
    return Desk(county, bank)


def confirmed(county: County) -> int:
    return sum(isinstance(entry.event, PayoutConfirmed) for entry in county.history())


def test_a_payable_claim_is_paid_what_was_offered(desk: Desk, bank: FakeBank) -> None:
    assert desk.work().state is State.PAYING
    assert desk.payout.state is PayoutState.ACCEPTED

    after = desk.hear(*bank.settle_all())

    assert after.state is State.PAID
    assert bank.sent_to(ACCOUNT) == [OFFER]
    assert bank.orders == [desk.payout.id]


def test_the_payout_is_recorded_before_the_bank_hears_of_it(county: County) -> None:
    county.make_payable()
    recorded_when_asked = []

    class Watched(FakeBank):
        def send(self, transfer: Transfer) -> BankAnswer:
            recorded_when_asked.append(
                [entry.event for entry in county.history() if isinstance(entry.event, PayoutStarted)]
            )
            return super().send(transfer)

    Desk(county, Watched(county.clock)).work()

    [[started]] = recorded_when_asked
    assert started.amount == OFFER


def test_a_lost_answer_is_asked_about_and_nothing_is_sent_again(desk: Desk, bank: FakeBank) -> None:
    bank.lose_next_answer()
    assert desk.work().state is State.PAYMENT_UNKNOWN

    assert desk.wait(2 * SECONDS).state is State.PAYING

    desk.hear(*bank.settle_all())
    assert desk.claim.state is State.PAID
    assert bank.orders == [desk.payout.id]
    assert bank.sent_to(ACCOUNT) == [OFFER]


def test_a_silent_bank_is_asked_until_it_speaks_and_gets_the_same_key_again(
    desk: Desk, bank: FakeBank
) -> None:
    bank.fall_silent()
    assert desk.work().state is State.PAYMENT_UNKNOWN
    assert desk.wait(3 * MINUTES).state is State.PAYMENT_UNKNOWN
    first_key = desk.payout.id

    bank.speak_again()
    desk.wait(3 * MINUTES)
    desk.hear(*bank.settle_all())

    assert desk.claim.state is State.PAID
    assert bank.orders == [first_key]
    assert bank.sent_to(ACCOUNT) == [OFFER]


def test_an_inquiry_finds_what_the_bank_never_called_back_about(desk: Desk, bank: FakeBank) -> None:
    desk.work()
    bank.settle_all()

    assert desk.wait(31 * SECONDS).state is State.PAID
    assert confirmed(desk.county) == 1


def test_one_inquiry_goes_on_while_the_bank_takes_its_time(desk: Desk, bank: FakeBank) -> None:
    bank.lose_next_answer()
    desk.work()
    desk.wait(5 * MINUTES)

    waiting = [
        row for row in desk.county.rows(tables.effects) if row.kind == "inquire" and row.state == "pending"
    ]
    assert len(waiting) == 1


def test_a_bank_that_settles_overnight_is_not_asked_all_night(county: County) -> None:
    asked = []

    class Slow(FakeBank):
        def ask(self, key: PayoutId, reference: str) -> BankAnswer:
            asked.append(county.clock())
            return super().ask(key, reference)

    county.make_payable()
    bank = Slow(county.clock)
    desk = Desk(county, bank)
    desk.work()

    desk.wait(timedelta(hours=10), step=30 * SECONDS)

    assert 100 < len(asked) < 150
    desk.hear(*bank.settle_all())
    assert bank.sent_to(ACCOUNT) == [OFFER]


def test_a_refusal_fails_the_payout_and_a_person_pays_again_under_a_new_key(
    desk: Desk, bank: FakeBank
) -> None:
    bank.refuse_next(Refusal("ACCOUNT_CLOSED", "the account is closed"))
    assert desk.work().state is State.PAYMENT_FAILED
    refused = desk.payout
    assert refused.reason == "ACCOUNT_CLOSED: the account is closed"
    assert desk.wait(10 * MINUTES).state is State.PAYMENT_FAILED

    desk.county.give(a_retry())
    desk.work()
    desk.hear(*bank.settle_all())

    assert desk.claim.state is State.PAID
    assert desk.payout.no == 2
    assert desk.payout.id != refused.id
    assert bank.sent_to(ACCOUNT) == [OFFER]


def test_an_unreachable_bank_is_tried_until_it_is_back(desk: Desk, bank: FakeBank) -> None:
    bank.disconnect()
    assert desk.work().state is State.PAYING
    desk.wait(10 * MINUTES)
    assert bank.orders == []

    bank.reconnect()
    desk.wait(5 * MINUTES)
    desk.hear(*bank.settle_all())

    assert desk.claim.state is State.PAID
    assert bank.sent_to(ACCOUNT) == [OFFER]


def test_a_bank_that_is_silent_for_hours_needs_nobody_to_look_at_each_claim(
    desk: Desk, bank: FakeBank
) -> None:
    bank.lose_next_answer()
    desk.work()
    bank.fall_silent()
    desk.wait(timedelta(hours=5), step=30 * SECONDS)
    assert desk.claim.state is State.PAYMENT_UNKNOWN

    bank.speak_again()
    desk.wait(10 * MINUTES)
    desk.hear(*bank.settle_all())

    assert desk.buried() == []
    assert desk.claim.state is State.PAID
    assert bank.sent_to(ACCOUNT) == [OFFER]


def test_once_the_banks_memory_of_keys_is_over_a_person_has_to_look(county: County, bank: FakeBank) -> None:
    county.make_payable()
    desk = Desk(county, bank, key_memory=10 * MINUTES)
    bank.disconnect()
    desk.work()
    desk.wait(11 * MINUTES)
    bank.reconnect()

    desk.wait(timedelta(hours=2), step=5 * SECONDS)

    assert bank.orders == []
    assert desk.claim.state is State.PAYING
    [why] = desk.buried()
    assert "memory of keys is over" in why
    assert desk.payout.id.hex[:8] in why

    desk.county.give(a_retry(missing=True))
    desk.work()
    desk.hear(*bank.settle_all())
    assert desk.claim.state is State.PAID
    assert bank.orders == [desk.payout.id]
    assert desk.payout.no == 2


def test_an_old_payout_that_the_bank_does_know_is_recorded_however_late(
    county: County, bank: FakeBank
) -> None:
    county.make_payable()
    desk = Desk(county, bank, key_memory=1 * MINUTES)
    bank.lose_next_answer()
    desk.work()
    bank.fall_silent()
    desk.wait(10 * MINUTES)
    bank.settle_all()
    bank.speak_again()

    desk.wait(5 * MINUTES)

    assert desk.claim.state is State.PAID
    assert bank.orders == [desk.payout.id]


class Interrupted(Exception):
    """The process ended here."""


class CrashingBank(FakeBank):
    """The process dies at the bank's counter: before or after the order is taken, once."""

    def __init__(self, *, after: bool) -> None:
        super().__init__()
        self.after = after
        self.crashes_left = 1

    def send(self, transfer: Transfer) -> BankAnswer:
        if self.crashes_left and not self.after:
            self.crashes_left -= 1
            raise Interrupted
        answer = super().send(transfer)
        if self.crashes_left:
            self.crashes_left -= 1
            raise Interrupted
        return answer


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_around_the_order_leaves_one_transfer(county: County, *, after: bool) -> None:
    bank = CrashingBank(after=after)
    county.make_payable()
    desk = Desk(county, bank)
    assert desk.work().state is State.PAYING
    assert desk.payout.state is PayoutState.STARTED

    desk.wait(10 * SECONDS)
    desk.hear(*bank.settle_all())

    assert desk.claim.state is State.PAID
    assert bank.sent_to(ACCOUNT) == [OFFER]
    assert confirmed(county) == 1


def test_a_callback_that_overtakes_our_own_record_is_believed(county: County) -> None:
    county.make_payable()

    class Hasty(FakeBank):
        def send(self, transfer: Transfer) -> BankAnswer:
            answer = super().send(transfer)
            desk.hear(*self.settle_all())
            return answer

    bank = Hasty(county.clock)
    desk = Desk(county, bank)

    assert desk.work().state is State.PAID
    assert confirmed(county) == 1
    assert desk.wait(MINUTES).state is State.PAID


def test_a_callback_may_come_often_and_late(desk: Desk, bank: FakeBank) -> None:
    desk.work()
    notices = bank.settle_all()

    desk.hear(*notices * 3)
    desk.wait(2 * MINUTES)
    desk.hear(*notices)

    assert confirmed(desk.county) == 1
    assert desk.claim.state is State.PAID


def test_a_late_refusal_of_a_retired_payout_changes_nothing(desk: Desk, bank: FakeBank) -> None:
    bank.refuse_next(Refusal("ACCOUNT_CLOSED", "the account is closed"))
    desk.work()
    refused = desk.payout
    desk.county.give(a_retry())
    desk.work()

    late = BankNotice(
        NoticeEvent.REFUSED, refused.id, "B", OFFER, Refusal("ACCOUNT_CLOSED", "closed"), desk.county.clock()
    )
    assert desk.hear(late, late).state is State.PAYING

    assert desk.hear(*bank.settle_all()).state is State.PAID


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda one: about(one, key=PayoutId(PayoutId.__supertype__(int=1))), NotFound),
        (lambda one: about(one, amount=Money.parse("1400.01")), WrongPayout),
    ],
)
def test_a_callback_about_another_payout_or_another_sum_is_refused(
    desk: Desk, bank: FakeBank, change: Callable[[BankNotice], BankNotice], problem: type[Exception]
) -> None:
    desk.work()
    [notice] = bank.settle_all()

    with pytest.raises(problem):
        desk.hear(change(notice))

    assert desk.claim.state is State.PAYING


def test_a_refusal_after_the_money_came_is_no_move(desk: Desk, bank: FakeBank) -> None:
    desk.work()
    [notice] = bank.settle_all()
    desk.hear(notice)

    with pytest.raises((MoveNotAllowed, WrongPayout)):
        desk.hear(about(notice, event=NoticeEvent.REFUSED, reason=Refusal("LATE", "too late")))

    assert desk.claim.state is State.PAID


def test_a_transfer_of_another_sum_under_our_reference_is_never_taken_for_ours(county: County) -> None:
    county.make_payable()

    class Mistaken(FakeBank):
        def ask(self, key: PayoutId, reference: str) -> BankAnswer:
            answer = super().ask(key, reference)
            return BankAnswer(answer.state, answer.bank_reference, Money.parse("14.00"))

    bank = Mistaken(county.clock)
    bank.lose_next_answer()
    desk = Desk(county, bank)
    desk.work()
    desk.wait(2 * SECONDS)

    assert desk.claim.state is State.PAYMENT_UNKNOWN
    [why] = desk.buried()
    assert "14.00" in why
    assert "1400.00" in why


def test_a_claim_that_is_no_longer_payable_is_not_paid(county: County, bank: FakeBank) -> None:
    county.make_payable()
    desk = Desk(county, bank)
    desk.work()
    desk.hear(*bank.settle_all())
    [pay] = [row for row in county.rows(tables.effects) if row.kind == "pay"]
    county.store.submit(
        lambda c: c.execute(
            tables.effects.update().where(tables.effects.c.id == pay.id).values(state="pending")
        )
    ).result()

    desk.work()

    assert bank.orders == [desk.payout.id]
    assert desk.claim.state is State.PAID
