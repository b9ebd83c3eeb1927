"""What stands above all payouts: the switch that stops them, and the sum that may leave in one day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import EffectKind
from backend.domain.events import PayoutStarted
from backend.domain.ids import ClaimId
from backend.domain.money import Money
from backend.domain.words import HoldKind, Lane, Path, State
from backend.products.load import products
from backend.store import effects, payment_gate, tables
from backend.store.run import Store
from backend.texts.events import event_sentence
from backend.texts.load import Language
from tests.backend.store.county import County
from tests.backend.workflows.desk import ACCOUNT, Desk
from tests.builders import (
    CLAIM_ID,
    a_release,
    a_report,
    a_retry,
    an_officer,
    failed_at_bank,
    returned_by_bank,
)
from tests.fakes import FakeBank

INSURER = an_officer(Lane.INSURER)
OFFER = Money.parse("1400.00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bank(county: County) -> FakeBank:
    return FakeBank(county.clock)


@pytest.fixture
def desk(county: County, bank: FakeBank) -> Desk:
    return Desk(county, bank)


def turn(desk: Desk, *, stopped: bool, reason: str = "the bank reports wrong debits") -> bool:
    at = desk.county.clock()

    def work(connection: object) -> bool:
        is_turned = payment_gate.turn(connection, INSURER, stopped=stopped, reason=reason, at=at)  # type: ignore[arg-type]
        if not stopped:
            effects.hurry(connection, EffectKind.PAY, at)  # type: ignore[arg-type]
        return is_turned

    return desk.county.store.submit(work).result()


def limited(county: County, most: str) -> Desk:
    """A desk whose installation lets at most this leave in a day."""
    county.store = Store(county.store.engine, products(), Clocks(daily_limit=Money.parse(most)))
    return Desk(county, FakeBank(county.clock))


def another(county: County) -> ClaimId:
    claim_id = ClaimId(uuid4()) if county.rows(tables.claims) else CLAIM_ID
    county.make_payable(a_report(claim_id=claim_id, photos=[f"photo of {claim_id}"]))
    return claim_id


def last_words(desk: Desk, language: Language = Language.EN) -> str:
    return event_sentence(language, desk.county.history()[-1], desk.claim)


def test_while_payments_are_stopped_nothing_is_sent_and_the_insurer_holds_the_claim(
    desk: Desk, bank: FakeBank
) -> None:
    turn(desk, stopped=True)
    desk.county.make_payable()

    claim = desk.work()
    desk.wait(timedelta(minutes=30), step=MINUTE)

    assert bank.orders == []
    assert claim.state is State.ACCEPTED
    assert [hold.kind for hold in claim.holds] == [HoldKind.STOP_PAYMENTS]
    last = max(desk.county.rows(tables.claim_stages), key=lambda row: row.place)
    assert (last.name, last.held_by) == ("hold", "insurer")
    assert len([one for one in desk.county.history() if one.event.type == "hold-placed"]) == 1
    assert last_words(desk) == "The payout waits: payments are stopped; all the rest is done."
    assert last_words(desk, Language.ZH) == "赔款先等一等：暂停付款，其他手续都办好了。"


def test_once_payments_go_on_those_that_waited_are_paid_at_once_and_are_no_less_clean(
    desk: Desk, bank: FakeBank
) -> None:
    turn(desk, stopped=True)
    desk.county.make_payable()
    path = desk.work().path

    turn(desk, stopped=False)
    claim = desk.work()
    desk.hear(*bank.settle_all())

    assert path is claim.path is Path.FAST
    assert desk.claim.state is State.PAID
    assert bank.sent_to(ACCOUNT) == [OFFER]
    assert desk.buried() == []


def test_a_payout_that_was_sent_before_the_stop_is_still_asked_about(desk: Desk, bank: FakeBank) -> None:
    desk.county.make_payable()
    desk.work()
    turn(desk, stopped=True)
    bank.settle_all()

    assert desk.wait(2 * MINUTE).state is State.PAID


def test_a_retry_waits_for_the_stop_too(desk: Desk, bank: FakeBank) -> None:
    desk.county.make_payable()
    bank.refuse_next()
    desk.work()
    turn(desk, stopped=True)

    desk.county.give(a_retry())
    assert desk.work().state is State.ACCEPTED

    turn(desk, stopped=False)
    assert desk.work().state is State.PAYING


def test_an_officer_who_releases_one_claim_does_not_open_the_gate(desk: Desk, bank: FakeBank) -> None:
    turn(desk, stopped=True)
    desk.county.make_payable()
    desk.work()

    desk.county.give(a_release(HoldKind.STOP_PAYMENTS))
    assert desk.work().state is State.ACCEPTED
    desk.wait(5 * MINUTE, step=MINUTE)

    assert bank.orders == []
    pending = [
        row for row in desk.county.rows(tables.effects) if row.state == "pending" and row.kind == "pay"
    ]
    assert len(pending) == 1


def test_a_hold_that_an_officer_placed_is_not_lifted_by_the_machine(desk: Desk, bank: FakeBank) -> None:
    desk.county.make_payable()
    desk.county.give(c.PlaceHold(officer=INSURER, kind=HoldKind.STOP_PAYMENTS, reason="let me call the farm"))

    turn(desk, stopped=True)
    turn(desk, stopped=False)
    desk.wait(5 * MINUTE, step=MINUTE)

    assert bank.orders == []
    assert desk.claim.hold(HoldKind.STOP_PAYMENTS) is not None


def test_a_claim_that_ends_while_it_waits_is_left_alone(desk: Desk, bank: FakeBank) -> None:
    turn(desk, stopped=True)
    claim = desk.county.make_payable()
    desk.work()
    desk.county.give(c.Withdraw(by=claim.reported_by))

    turn(desk, stopped=False)
    desk.wait(2 * MINUTE, step=MINUTE)

    assert desk.claim.state is State.WITHDRAWN
    assert bank.orders == []
    assert [
        row for row in desk.county.rows(tables.effects) if row.state == "pending" and row.kind == "pay"
    ] == []


def test_every_turn_of_the_switch_stays_on_record_and_a_repeat_is_none(desk: Desk) -> None:
    turned = [turn(desk, stopped=one, reason=f"reason {one}") for one in (False, True, True, False, True)]

    rows = desk.county.store.engine.read(lambda connection: payment_gate.turns(connection, 10), EVERYWHERE)
    assert turned == [False, True, False, True, True]
    assert [(row.stopped, row.by, row.reason) for row in rows] == [
        (True, INSURER.id, "reason True"),
        (False, INSURER.id, "reason False"),
        (True, INSURER.id, "reason True"),
    ]


def test_over_the_days_limit_a_payout_waits_for_the_next_day(county: County) -> None:
    county.clock.now = datetime(2026, 11, 23, 15, 50, tzinfo=UTC)  # ten minutes to midnight in Shanghai
    desk = limited(county, "2000.00")
    first = another(county)
    second = another(county)

    desk.work()
    assert (county.claim(first).state, county.claim(second).state) == (State.PAYING, State.ACCEPTED)
    assert [hold.kind for hold in county.claim(second).holds] == [HoldKind.DAILY_LIMIT]

    desk.wait(timedelta(minutes=12), step=timedelta(seconds=30))

    assert county.claim(second).state is State.PAYING
    started = [entry.at for entry in county.history(second) if isinstance(entry.event, PayoutStarted)]
    assert started[0] >= datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def test_the_limit_is_inclusive_and_what_the_bank_refused_makes_room_again(county: County) -> None:
    desk = limited(county, "1400.00")
    first, second = another(county), another(county)
    desk.work()
    assert county.claim(second).state is State.ACCEPTED

    county.give(failed_at_bank(county.claim(first)), first)
    desk.wait(2 * MINUTE, step=MINUTE)

    assert county.claim(second).state is State.PAYING


def test_money_that_came_back_had_left_and_makes_no_room(county: County) -> None:
    desk = limited(county, "1400.00")
    first = another(county)
    desk.work()
    county.give(returned_by_bank(county.claim(first)), first)

    county.give(a_retry(), first)
    desk.work()

    assert county.claim(first).state is State.ACCEPTED
    used = county.store.engine.read(
        lambda c: payment_gate.limit(c, Money.parse("1400.00"), county.clock()), EVERYWHERE
    )
    assert used is not None
    assert (used.used, used.left) == (OFFER, Money(0))


def test_a_payout_above_the_limit_never_goes_by_itself_until_it_is_raised(county: County) -> None:
    desk = limited(county, "1399.99")
    claim_id = another(county)
    desk.work()
    desk.wait(timedelta(days=3), step=timedelta(hours=1))
    assert county.claim(claim_id).state is State.ACCEPTED

    raised = limited(county, "1400.00")
    raised.wait(2 * MINUTE, step=MINUTE)

    assert county.claim(claim_id).state is State.PAYING


def test_payouts_that_start_at_the_same_instant_never_pass_the_limit_together(county: County) -> None:
    limited(county, "4200.00")
    claims = [another(county) for _ in range(6)]
    at_once = Barrier(len(claims))

    def start(claim_id: ClaimId) -> Claim:
        at_once.wait()
        return county.store.run_blocking(claim_id, c.StartPayout(), at=county.clock()).claim

    with ThreadPoolExecutor(len(claims)) as pool:
        after = list(pool.map(start, claims))

    assert sorted(claim.state for claim in after) == [State.ACCEPTED] * 3 + [State.PAYING] * 3


def test_no_payout_starts_after_a_stop_was_acknowledged(county: County, desk: Desk) -> None:
    claims = [another(county) for _ in range(8)]
    at_once = Barrier(len(claims) + 1)
    stopped_after: list[int] = []

    def start(claim_id: ClaimId) -> Claim:
        at_once.wait()
        return county.store.run_blocking(claim_id, c.StartPayout(), at=county.clock()).claim

    def stop() -> None:
        at_once.wait()
        turn(desk, stopped=True)
        # What is durable when the stop is answered is all that will ever leave.
        stopped_after.append(len(county.rows(tables.payouts)))

    with ThreadPoolExecutor(len(claims) + 1) as pool:
        waiting = [pool.submit(partial(start, one)) for one in claims]
        pool.submit(stop).result()
        states = [one.result().state for one in waiting]

    assert states.count(State.PAYING) == stopped_after[0] == len(county.rows(tables.payouts))
