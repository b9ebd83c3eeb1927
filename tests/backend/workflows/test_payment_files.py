"""Payouts that leave in a file: each in exactly one, none through the gateway, within what stands above them all."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.adapters.pain001 import Payer
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.decisions.facts import Clocks
from backend.domain.ids import ClaimId
from backend.domain.money import Money
from backend.domain.problems import LeavesThroughGateway, PaymentsStopped
from backend.domain.words import Lane, PayoutState, State
from backend.products.load import products
from backend.store import bank_files, payment_gate
from backend.store.run import Store
from backend.workflows.payment_files import Made, PaymentFiles
from tests.backend.store.county import County
from tests.backend.workflows.desk import Desk
from tests.builders import CLAIM_ID, a_report, a_retry, an_officer
from tests.fakes import FakeBank

INSURER = an_officer(Lane.INSURER)
PAYER = Payer("某某财产保险", "6228480402564890018")


def export(county: County, payer: Payer | None = PAYER) -> Made:
    files, at = PaymentFiles(county.store, payer), county.clock()
    return county.store.submit(lambda connection: files.make(connection, INSURER, at)).result()


def filing(county: County, claims: int = 1) -> Desk:
    """A desk that sends nothing by itself, and claims that are payable."""
    for place in range(claims):
        claim_id = ClaimId(uuid4()) if place else CLAIM_ID
        county.make_payable(a_report(claim_id=claim_id, photos=[f"photo of {claim_id}"]))
    return Desk(county, FakeBank(county.clock), leaves_in_files=True)


def test_a_payable_claim_waits_for_the_file_and_leaves_in_it_once(county: County) -> None:
    desk = filing(county, claims=2)
    assert desk.work().state is State.PAYABLE

    first, second = export(county), export(county)

    assert first.file is not None
    assert (first.file.payouts, str(first.file.amount), first.has_more) == (2, "2800.00", False)
    assert second.file is None
    assert desk.claim.state is State.PAYING
    assert desk.payout.bank_file == first.file.message_id
    kept = county.store.engine.read(lambda c: bank_files.content(c, first.file.message_id), EVERYWHERE)
    assert kept == first.file.content


def test_a_payout_in_a_file_never_goes_through_the_gateway_whatever_is_set_later(county: County) -> None:
    filing(county)
    export(county)
    bank = FakeBank(county.clock)

    desk = Desk(county, bank)
    desk.wait(timedelta(hours=2), step=timedelta(minutes=5))

    assert bank.orders == []
    assert desk.payout.state is PayoutState.STARTED


def test_what_waited_for_a_file_leaves_once_the_installation_has_a_gateway(county: County) -> None:
    filing(county).work()
    bank = FakeBank(county.clock)

    desk = Desk(county, bank)
    desk.wait(timedelta(minutes=11), step=timedelta(minutes=1))

    assert bank.orders == [desk.payout.id]
    assert export(county).file is None


def test_the_days_limit_leaves_claims_out_and_the_next_days_file_takes_them(county: County) -> None:
    county.store = Store(county.store.engine, products(), Clocks(daily_limit=Money.parse("2800.00")))
    desk = filing(county, claims=3)

    made = export(county)
    county.clock.move(timedelta(days=1))
    desk.worker.run_until_idle()
    tomorrow = export(county)

    assert made.file is not None
    assert tomorrow.file is not None
    assert (made.file.payouts, len(made.left_out)) == (2, 1)
    assert (tomorrow.file.payouts, tomorrow.left_out) == (1, ())
    assert made.file.message_id != tomorrow.file.message_id


def test_while_payments_are_stopped_no_file_is_made(county: County) -> None:
    desk = filing(county)
    at = county.clock()
    county.store.submit(lambda c: payment_gate.turn(c, INSURER, stopped=True, reason="audit", at=at)).result()

    with pytest.raises(PaymentsStopped, match="audit"):
        export(county)

    assert desk.claim.state is State.PAYABLE


def test_a_second_file_of_a_day_has_a_name_of_its_own_and_carries_a_retried_payout(county: County) -> None:
    desk = filing(county)
    first = export(county).file
    county.clock.move(timedelta(days=3))
    county.give(a_retry(missing=True))

    second = export(county).file

    assert first is not None
    assert second is not None
    assert first.message_id != second.message_id
    assert (desk.payout.no, desk.payout.bank_file) == (2, second.message_id)
    assert len(second.message_id) <= 35


def test_where_payouts_leave_through_the_gateway_a_file_is_refused(county: County) -> None:
    filing(county)

    with pytest.raises(LeavesThroughGateway):
        export(county, payer=None)
