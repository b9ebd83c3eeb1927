"""What the farmer hears: each thing once, and codes that no log holds."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from backend.adapters.notices import Notice
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.effects import EffectKind
from backend.domain.notices.channels import Channel
from backend.domain.notices.steps import Promises
from backend.domain.words import CodePurpose, Lane
from backend.store import codes, notices, tables
from backend.store.effects import Leased
from backend.texts.load import Language
from backend.timetables.load import office_hours
from backend.workflows.notify import FarmerNotices
from backend.workflows.secrets import code_hash
from backend.workflows.worker import Worker
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, a_policy, acceptance, assessment, decision, rejection


@dataclass
class Phone:
    """The farmer's phone; the line is cut for the next ``cut`` messages, after or before they came through."""

    heard: list[Notice] = field(default_factory=list)
    cut: int = 0

    def send(self, notice: Notice) -> None:
        self.heard.append(notice)
        if self.cut:
            self.cut -= 1
            raise ConnectionError("the gateway did not answer")

    @property
    def codes(self) -> list[str]:
        return [code for notice in self.heard for code in re.findall(r"\b\d{6}\b", notice.text)]


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def farmer(county: County, phone: Phone) -> FarmerNotices:
    return FarmerNotices(
        store=county.store,
        channels={Channel.CONSOLE: phone},
        language=Language.EN,
        clock=county.clock,
        promises=Promises(office_hours()),
    )


def work(county: County, farmer: FarmerNotices) -> None:
    handlers = dict.fromkeys(EffectKind, lambda _: None) | {
        EffectKind.NOTIFY: farmer.notify,
        EffectKind.SEND_CODE: farmer.send_code,
    }
    Worker(county.store, handlers, county.clock).run_until_idle()  # type: ignore[arg-type]


def bound_to(county: County, purpose: CodePurpose, code: str) -> str | None:
    hashed = code_hash(CLAIM_ID, code)
    return county.store.submit(lambda c: codes.try_code(c, CLAIM_ID, purpose, hashed)).result()


def test_a_report_is_answered_with_its_number_and_the_handover_code(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    number = county.report().report.number

    work(county, farmer)

    assert len(phone.heard) == 2
    assert all(number in notice.text and notice.claim_number == number for notice in phone.heard)
    assert {notice.to for notice in phone.heard} == {a_policy().farm_id}
    [code] = phone.codes
    assert bound_to(county, CodePurpose.HANDOVER, code) == str(CLAIM_ID)


def test_an_offer_comes_with_a_code_that_is_bound_to_it(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    county.report()
    work(county, farmer)
    claim = county.verify()
    work(county, farmer)

    assert "1400.00" in phone.heard[-1].text
    assert bound_to(county, CodePurpose.ACCEPTANCE, phone.codes[-1]) == claim.offer_hash
    assert bound_to(county, CodePurpose.HANDOVER, phone.codes[0]) == str(CLAIM_ID)


def test_a_new_offer_makes_the_old_code_worthless(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    county.report()
    county.verify()
    work(county, farmer)
    old = phone.codes[-1]

    after = county.give(assessment("95", "70")).claim
    work(county, farmer)

    assert bound_to(county, CodePurpose.ACCEPTANCE, old) is None
    assert bound_to(county, CodePurpose.ACCEPTANCE, phone.codes[-1]) == after.offer_hash


def test_a_code_that_is_sent_late_is_for_what_stands_by_then(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    county.report()
    county.verify()
    after = county.give(assessment("95", "70")).claim

    work(county, farmer)

    assert bound_to(county, CodePurpose.ACCEPTANCE, phone.codes[-1]) == after.offer_hash


def test_no_code_is_sent_for_an_offer_that_was_accepted(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    county.report()
    claim = county.verify()
    county.give(acceptance(claim))

    work(county, farmer)

    assert len(phone.codes) == 1
    assert bound_to(county, CodePurpose.HANDOVER, phone.codes[0]) == str(CLAIM_ID)


def test_no_sum_means_no_code(county: County, farmer: FarmerNotices, phone: Phone) -> None:
    county.report()

    farmer.issue(CLAIM_ID, CodePurpose.ACCEPTANCE)

    assert phone.heard == []
    assert county.rows(tables.codes) == []


def test_what_was_told_is_in_the_log_and_no_code_is(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    county.report()
    claim = county.verify()
    county.give(decision(claim, Lane.VETERINARY))
    work(county, farmer)
    county.give(rejection(claim, Lane.INSPECTION))
    work(county, farmer)

    log = county.store.engine.read(lambda c: notices.of_claim(c, CLAIM_ID), EVERYWHERE)
    hidden = {re.sub(r"\b\d{6}\b", "******", notice.text) for notice in phone.heard}
    assert {row.text for row in log} == hidden
    assert {notices.arrival(row) for row in log} == {notices.Arrival.SENT}
    kept = " ".join(str(row) for table in tables.metadata.sorted_tables for row in county.rows(table))
    assert phone.codes
    assert not [code for code in phone.codes if re.search(rf"\b{code}\b", kept)]


def test_the_same_notice_is_sent_once(county: County, farmer: FarmerNotices, phone: Phone) -> None:
    county.report()
    work(county, farmer)
    told = len(phone.heard)
    [row] = [row for row in county.rows(tables.effects) if row.kind == EffectKind.NOTIFY]

    farmer.notify(Leased(row.id, CLAIM_ID, EffectKind.NOTIFY, row.arguments, failures=1, token=2))

    assert len(phone.heard) == told


def test_a_cut_line_repeats_a_notice_under_the_same_key(
    county: County, farmer: FarmerNotices, phone: Phone
) -> None:
    county.report()
    county.store.submit(
        lambda c: c.execute(tables.effects.delete().where(tables.effects.c.kind != EffectKind.NOTIFY))
    ).result()
    phone.cut = 1

    work(county, farmer)
    county.clock.move(timedelta(seconds=2))
    work(county, farmer)

    first, second = phone.heard
    assert first == second
