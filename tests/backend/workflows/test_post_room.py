"""Text messages about no claim: sent once, again where they failed, and gone."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from backend.adapters.notices import Notice, NoticeRefused, NoticeUndelivered
from backend.domain.ids import FarmId
from backend.domain.notices.channels import Channel
from backend.domain.sign_in.words import CodeFor, Message
from backend.store import contacts
from backend.store.contacts import Contact
from backend.store.farmer_tables import farmer_codes, farmer_messages
from backend.texts.load import Language
from backend.workflows.farmers.letters import send_code, tell
from backend.workflows.farmers.post import PostRoom
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy

FARM = FarmId(a_policy().farm_id)
PHONE = "+8613912345678"


class Gateway:
    """A way to phones that fails as it is told."""

    def __init__(self) -> None:
        self.sent: list[Notice] = []
        self.failures: list[Exception] = []

    def send(self, notice: Notice) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(notice)


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database) as county:
        county.store.submit(lambda c: contacts.put(c, FARM, Contact(PHONE, "en"))).result()
        yield county


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


def room(county: County, gateway: Gateway, channel: Channel = Channel.SMS) -> PostRoom:
    return PostRoom(county.store, {channel: gateway}, Language.ZH, county.clock)


def ask(county: County, farm: FarmId | None = FARM) -> None:
    at = county.clock()
    county.store.submit(lambda c: send_code(c, uuid4(), CodeFor.SIGN_IN, farm, at)).result()


def test_a_code_goes_to_the_phone_in_the_farms_language_and_the_message_is_gone(
    county: County, gateway: Gateway
) -> None:
    ask(county)

    room(county, gateway).send_all()

    [notice] = gateway.sent
    assert (notice.to, notice.claim_number, notice.language) == (PHONE, None, "en")
    assert "good for 5 minutes" in notice.text
    assert not county.rows(farmer_messages)


def test_nobodys_code_is_sent_to_nobody_and_leaves_the_same_rows(county: County, gateway: Gateway) -> None:
    ask(county)
    ask(county, None)
    before = len(county.rows(farmer_codes)), len(county.rows(farmer_messages))

    room(county, gateway).send_all()

    assert before == (2, 2)
    assert len(gateway.sent) == 1
    assert not county.rows(farmer_messages)


def test_a_code_that_failed_is_another_code_the_next_time(county: County, gateway: Gateway) -> None:
    gateway.failures.append(NoticeUndelivered("the line broke"))
    ask(county)
    post = room(county, gateway)
    post.send_all()
    first = county.rows(farmer_codes)[0].code_hash
    county.clock.move(timedelta(seconds=5))

    post.send_all()

    assert len(gateway.sent) == 1
    assert county.rows(farmer_codes)[0].code_hash != first


def test_a_code_is_given_up_when_it_would_come_too_late(county: County, gateway: Gateway) -> None:
    gateway.failures.append(NoticeUndelivered("away", wait=timedelta(minutes=10)))
    ask(county)

    room(county, gateway).send_all()

    assert not county.rows(farmer_messages)


def test_a_code_whose_time_is_over_is_not_sent(county: County, gateway: Gateway) -> None:
    ask(county)
    county.clock.move(timedelta(minutes=6))

    room(county, gateway).send_all()

    assert not gateway.sent
    assert not county.rows(farmer_messages)


def test_a_message_that_can_never_arrive_is_given_up(county: County, gateway: Gateway) -> None:
    gateway.failures.append(NoticeRefused("no such number"))
    at = county.clock()
    county.store.submit(lambda c: tell(c, Message.SESSION_REUSED, FARM, at)).result()

    room(county, gateway).send_all()

    assert not county.rows(farmer_messages)


def test_a_sender_that_died_leaves_the_message_to_the_next(county: County, gateway: Gateway) -> None:
    gateway.failures.append(SystemExit())  # type: ignore[arg-type] - what ends a process in the middle
    ask(county)
    with pytest.raises(SystemExit):
        room(county, gateway).send_all()
    room(county, gateway).send_all()
    assert not gateway.sent

    county.clock.move(timedelta(seconds=61))
    room(county, gateway).send_all()

    assert len(gateway.sent) == 1
