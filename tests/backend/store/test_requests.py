"""Idempotency-Key: one request under a key, whatever the network does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from backend.domain.problems import ClaimDiffers, IdempotencyKeyReused
from backend.store import requests, tables
from backend.store.requests import KEPT_FOR, Answer, Keyed
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, REPORTED_AT, SECOND, a_digest

REQUEST = Keyed("policy P-1", "key-1", a_digest("body"))
ANSWER = Answer(201, '{"number":"FC-1"}')


def once(county: County, request: Keyed, work: Callable[[], Answer]) -> Answer:
    return county.store.submit(lambda c: requests.once(c, request, REPORTED_AT, work)).result()


def refuse() -> Answer:
    raise ClaimDiffers(CLAIM_ID)


def never() -> Answer:
    raise AssertionError("the work was done a second time")


def test_a_retry_gets_the_first_answer_without_the_work(county: County) -> None:
    assert once(county, REQUEST, lambda: ANSWER) == ANSWER

    assert once(county, REQUEST, never) == ANSWER


def test_the_same_key_with_another_body_is_refused(county: County) -> None:
    once(county, REQUEST, lambda: ANSWER)

    with pytest.raises(IdempotencyKeyReused):
        once(county, replace(REQUEST, body_hash=a_digest("another body")), never)


def test_another_persons_key_is_another_key(county: County) -> None:
    once(county, REQUEST, lambda: ANSWER)
    other = Answer(200, "{}")

    assert once(county, replace(REQUEST, who="policy P-2"), lambda: other) == other


def test_a_refusal_is_not_kept(county: County) -> None:
    with pytest.raises(ClaimDiffers):
        once(county, REQUEST, refuse)

    assert once(county, REQUEST, lambda: ANSWER) == ANSWER


def test_twenty_at_once_record_the_work_once(county: County) -> None:
    """On PostgreSQL a second one may begin before the first has committed; what it wrote is taken back."""
    before = len(county.rows(tables.farms))

    def send(place: int) -> Answer:
        farm = {"id": f"made-{place}", "name": "made by the work", "county": "370800"}

        def step(connection: Connection) -> Answer:
            def work() -> Answer:
                connection.execute(tables.farms.insert(), farm)
                return ANSWER

            return requests.once(connection, REQUEST, REPORTED_AT, work)

        return county.store.submit(step).result()

    with ThreadPoolExecutor(20) as senders:
        answers = list(senders.map(send, range(20)))

    assert answers == [ANSWER] * 20
    assert len(county.rows(tables.farms)) == before + 1


def test_old_keys_are_forgotten(county: County) -> None:
    once(county, REQUEST, lambda: ANSWER)

    def forget(later: timedelta) -> None:
        county.store.submit(lambda c: requests.forget_old(c, REPORTED_AT + later)).result()

    forget(KEPT_FOR)
    assert county.rows(tables.requests)
    forget(KEPT_FOR + SECOND)
    assert not county.rows(tables.requests)
