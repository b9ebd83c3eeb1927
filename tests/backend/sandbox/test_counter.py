"""The counting truth: a transfer per key, ended once, told once."""

import sqlite3
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.money import Money
from backend.sandbox.counter import Counter, KeyTakenError
from backend.sandbox.ledger import Ledger, Order, State
from backend.sandbox.switches import SwitchBoard, Switches


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger(":memory:") as ledger:
        yield ledger


def an_order(key: str | None = None, amount: str = "525.00") -> Order:
    return Order(key or str(uuid4()), Money.parse(amount), "Zhang San", "6222", "FC-20261123-0042/1")


def a_counter(ledger: Ledger, switches: Switches) -> Counter:
    return Counter(ledger, SwitchBoard(switches), tells_payer=True)


def test_a_transfer_ends_when_it_is_due_and_not_before(ledger: Ledger) -> None:
    counter = a_counter(ledger, Switches(settle_ms=50))
    booking, _ = counter.take(an_order(), now_ms=1_000)

    counter.end_due(now_ms=1_049)
    before = ledger.all()[0].state
    counter.end_due(now_ms=1_050)

    assert before is State.ACCEPTED
    assert ledger.all()[0].state is State.SETTLED
    assert booking.due_ms == 1_050


def test_a_refusal_does_not_use_up_the_switch_for_a_known_key(ledger: Ledger) -> None:
    counter = a_counter(ledger, Switches(refuse=1))
    order = an_order()
    counter.take(order, now_ms=0)

    counter.take(order, now_ms=0)
    other, _ = counter.take(an_order(), now_ms=0)

    assert ledger.find(order.key) == ledger.all()[0]
    assert other.state is State.ACCEPTED


def test_a_transaction_that_breaks_leaves_nothing(ledger: Ledger) -> None:
    order = an_order()

    with pytest.raises(sqlite3.IntegrityError), ledger.transaction():
        _accept_twice(ledger, order)

    assert ledger.all() == []


def _accept_twice(ledger: Ledger, order: Order) -> None:
    ledger.accept(order, at_ms=0, due_ms=0)
    ledger.accept(order, at_ms=0, due_ms=0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["1.00", "2.00"]), st.integers(0, 60))))
@settings(deadline=None, max_examples=50)
def test_any_sequence_of_orders_and_ends_keeps_the_first_order_of_a_key_and_tells_it_once(
    steps: list[tuple[str, str, int]],
) -> None:
    with Ledger(":memory:") as ledger:
        counter = a_counter(ledger, Switches(settle_ms=20))
        first: dict[str, Order] = {}
        now_ms = 0
        for key, amount, wait_ms in steps:
            order = an_order(key, amount)
            try:
                counter.take(order, now_ms=now_ms)
                assert first.setdefault(key, order) == order
            except KeyTakenError:
                assert first[key] != order
            now_ms += wait_ms
            counter.end_due(now_ms=now_ms)
        counter.end_due(now_ms=now_ms + 20)

        assert [booking.order for booking in ledger.all()] == list(first.values())
        assert all(booking.state is State.SETTLED for booking in ledger.all())
        assert [callback.booking for callback in ledger.owed_callbacks(10)] == sorted(
            ledger.all(), key=lambda booking: booking.ended_ms or 0
        )
