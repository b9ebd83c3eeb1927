"""A claim tells its story; each channel on its own, once, however often receiver or worker fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Thread

import pytest

from backend.adapters.notices import Notice, Notices, NoticeUndelivered
from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.effects import EffectKind
from backend.domain.ids import FarmId
from backend.domain.notices.channels import Channel
from backend.domain.notices.steps import Promises
from backend.products.load import products
from backend.store import contacts, notices, tables
from backend.store.contacts import Contact
from backend.store.effects import EffectState
from backend.store.run import Store
from backend.texts.load import Language
from backend.timetables.load import office_hours
from backend.workflows.notify import FarmerNotices
from backend.workflows.worker import Worker
from tests.backend.store.county import CLOCKS, County
from tests.builders import CLAIM_ID, certificate, confirmed_by_bank

STORY = {
    Language.ZH: [
        "FC-20261123-0001：报案收到了，2头。请传照片，10:30前传齐。",
        "FC-20261123-0001：核对完成，初算1400.00元。三方审核，10:15前答复。",
        "FC-20261123-0001：三方都同意了，赔款1400.00元。同意请用发给您的验证码。",
        "FC-20261123-0001：您同意了赔款1400.00元。请把死畜交给收运员。",
        "FC-20261123-0001：死畜已移交2头。马上付款，10:15前到账。",
        "FC-20261123-0001：赔款1400.00元正在付到尾号2222账户。10:15前到账。到账会告诉您。",
        "FC-20261123-0001：赔款1400.00元已到尾号2222账户，请评价。证明11月25日10:00前开好，不用再跑。",
        "FC-20261123-0001：无害化证明开好了。本案办结。",
    ],
    Language.EN: [
        "FC-20261123-0001: Your report is here: 2 dead. Please send your photos by 10:30.",
        "FC-20261123-0001: Checks are done, first sum 1400.00 CNY. Three offices decide, answer by 10:15.",
        "FC-20261123-0001: All three offices agreed: 1400.00 CNY. To agree, use the code we sent you.",
        "FC-20261123-0001: You agreed to the sum of 1400.00 CNY. Please give the carcasses to the collector.",
        "FC-20261123-0001: The carcasses (2) were handed over. It is paid now, there by 10:15.",
        (
            "FC-20261123-0001: The payout of 1400.00 CNY goes to your account ending 2222. There by 10:15. "
            "You hear when it arrives."
        ),
        (
            "FC-20261123-0001: The payout of 1400.00 CNY is on your account ending 2222. Please rate us. "
            "The disposal certificate follows by 25 Nov 10:00; all done."
        ),
        "FC-20261123-0001: The disposal certificate is here. Your claim is closed.",
    ],
}


@dataclass
class Gateway:
    """A receiver that fails for the next ``down`` messages, and keeps what came through."""

    heard: list[Notice] = field(default_factory=list)
    down: int = 0

    def send(self, notice: Notice) -> None:
        if self.down:
            self.down -= 1
            raise NoticeUndelivered("the receiver answered 500")
        self.heard.append(notice)


def told_over(
    county: County, ways: Mapping[Channel, Notices], language: Language = Language.ZH
) -> FarmerNotices:
    """Notices of this county over these channels; its commands ask for them from now on."""
    clocks = replace(CLOCKS, channels=tuple(ways))
    county.store = Store(county.store.engine, products(), clocks)
    return FarmerNotices(
        store=county.store,
        channels=ways,
        language=language,
        clock=county.clock,
        promises=Promises(office_hours()),
    )


def a_worker(county: County, farmer: FarmerNotices) -> Worker:
    handlers = dict.fromkeys(EffectKind, lambda _: None) | {EffectKind.NOTIFY: farmer.notify}
    return Worker(county.store, handlers, county.clock)  # type: ignore[arg-type]


def paid(county: County) -> None:
    county.make_payable()
    claim = county.give(c.StartPayout()).claim
    county.give(confirmed_by_bank(claim))
    county.give(certificate())


@pytest.mark.parametrize("language", Language)
def test_a_claim_from_report_to_paid_tells_its_story(county: County, language: Language) -> None:
    phone = Gateway()
    farmer = told_over(county, {Channel.CONSOLE: phone}, language)

    paid(county)
    a_worker(county, farmer).run_until_idle()

    log = county.store.engine.read(lambda connection: notices.of_claim(connection, CLAIM_ID), EVERYWHERE)
    assert [row.text for row in sorted(log, key=lambda row: row.seq)] == STORY[language]
    assert {notice.text for notice in phone.heard} == set(STORY[language])


def test_a_webhook_that_answers_500_holds_up_no_other_channel_and_delivers_once(county: County) -> None:
    phone, hook = Gateway(), Gateway(down=3)
    farmer = told_over(county, {Channel.CONSOLE: phone, Channel.WEBHOOK: hook})
    worker = a_worker(county, farmer)

    county.report()
    worker.run_until_idle()
    assert (len(phone.heard), len(hook.heard)) == (1, 0)
    for _ in range(3):
        county.clock.move(timedelta(minutes=5))
        worker.run_until_idle()

    assert (len(phone.heard), len(hook.heard)) == (1, 1)
    log = county.store.engine.read(lambda connection: notices.of_claim(connection, CLAIM_ID), EVERYWHERE)
    assert {row.channel: (notices.arrival(row), row.attempts) for row in log} == {
        "console": (notices.Arrival.SENT, 1),
        "webhook": (notices.Arrival.SENT, 4),
    }


def test_after_three_days_an_operator_looks_and_may_try_again(county: County) -> None:
    hook = Gateway(down=2)
    farmer = told_over(county, {Channel.WEBHOOK: hook})
    worker = a_worker(county, farmer)
    county.report()
    worker.run_until_idle()

    county.clock.move(timedelta(hours=73))
    worker.run_until_idle()

    [row] = [one for one in county.rows(tables.effects) if one.kind == EffectKind.NOTIFY]
    [kept] = county.store.engine.read(lambda connection: notices.of_claim(connection, CLAIM_ID), EVERYWHERE)
    assert row.state == EffectState.DEAD
    assert row.last_error == "the receiver answered 500; tried for 72 hours"
    assert notices.arrival(kept) is notices.Arrival.GIVEN_UP


def test_two_workers_send_each_message_once(county: County) -> None:
    hook = Gateway()
    farmer = told_over(county, {Channel.WEBHOOK: hook})
    paid(county)

    workers = [Thread(target=a_worker(county, farmer).run_until_idle) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    keys = [notice.key for notice in hook.heard]
    assert len(keys) == len(set(keys)) == len(STORY[Language.ZH]) + 3


def test_a_webhook_says_from_which_state_to_which_and_offices_hear_of_their_work(county: County) -> None:
    hook = Gateway()
    farmer = told_over(county, {Channel.WEBHOOK: hook})

    paid(county)
    a_worker(county, farmer).run_until_idle()

    said = [notice.occasion for notice in hook.heard if notice.occasion]
    entered = {one.facts["state"] for one in said}
    assert entered == {
        "REPORTED", "JOINT_REVIEW", "OFFERED", "ACCEPTED", "PAYABLE", "PAYING", "PAID", "CLOSED"
    }  # fmt: skip
    assert {one.facts["audience"] for one in said} == {"farmer", "insurer", "veterinary", "inspection"}
    [arrived] = [one for one in said if one.type == "claim.payout_confirmed"]
    assert (arrived.facts["state_before"], arrived.facts["state"]) == ("PAYING", "PAID")
    assert arrived.facts["facts"] == {"account": "2222", "amount": "1400.00"}


def test_a_farmer_is_told_at_the_number_and_in_the_language_that_were_chosen(county: County) -> None:
    phone = Gateway()
    farmer = told_over(county, {Channel.SMS: phone})
    chosen = Contact("+8613912345678", "en")
    county.report()
    a_worker(county, farmer).run_until_idle()
    assert phone.heard == []

    county.store.submit(lambda connection: contacts.put(connection, FarmId("farm-1"), chosen)).result()
    county.verify()
    a_worker(county, farmer).run_until_idle()

    log = county.store.engine.read(lambda connection: notices.of_claim(connection, CLAIM_ID), EVERYWHERE)
    assert [notices.arrival(row) for row in log] == [notices.Arrival.NO_ADDRESS, notices.Arrival.SENT]
    [told] = phone.heard
    assert (told.to, told.text) == ("+8613912345678", STORY[Language.EN][1])
