import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.adapters.bank import Refusal
from backend.adapters.bank_notice import BankNotice, NoticeEvent, read_notice
from backend.domain.money import Money
from backend.domain.problems import InvalidInput

GOOD: dict[str, object] = {
    "event": "transfer.settled",
    "key": "6f2d3c1e-8a55-5d0b-9a54-3f0f4c0d7a11",
    "bank_reference": "SB0000000001",
    "amount": "525.00",
    "reason": None,
    "at": "2026-11-23T10:00:00.250+08:00",
}


def body(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode()


def pointers(raw: bytes) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_notice(raw)
    return [error.pointer for error in refused.value.errors]


def test_a_settled_notice_is_read_into_utc_and_fen() -> None:
    notice = read_notice(body())

    assert notice.event is NoticeEvent.SETTLED
    assert notice.key == UUID("6f2d3c1e-8a55-5d0b-9a54-3f0f4c0d7a11")
    assert notice.amount == Money(52_500)
    assert notice.at == datetime(2026, 11, 23, 2, 0, 0, 250_000, tzinfo=UTC)


def test_a_refused_notice_carries_its_reason() -> None:
    reason = {"code": "PAYEE_MISMATCH", "text": "another holder"}

    notice = read_notice(body(event="transfer.refused", reason=reason))

    assert notice.reason == Refusal("PAYEE_MISMATCH", "another holder")


def test_fields_beyond_the_agreed_ones_are_passed_over() -> None:
    assert read_notice(body(branch="Meishan")) == read_notice(body())


def test_all_wrong_fields_are_named_at_once() -> None:
    wrong = body(event="transfer.lost", key="42", bank_reference=7, amount=525.0, reason="no", at="yesterday")

    assert pointers(wrong) == ["/event", "/key", "/bank_reference", "/amount", "/at", "/reason"]


def test_all_missing_fields_are_named_at_once() -> None:
    assert pointers(b"{}") == ["/event", "/key", "/bank_reference", "/amount", "/at"]


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1.005", "1e3", "1,000.00", "NaN", ""])
def test_an_amount_that_no_transfer_has_is_refused(amount: str) -> None:
    assert pointers(body(amount=amount)) == ["/amount"]


def test_a_time_without_an_offset_is_refused() -> None:
    assert pointers(body(at="2026-11-23T10:00:00")) == ["/at"]


def test_a_refusal_without_a_reason_is_refused() -> None:
    assert pointers(body(event="transfer.refused")) == ["/reason"]


def test_a_settlement_with_a_reason_is_refused() -> None:
    assert pointers(body(reason={"code": "X", "text": "y"})) == ["/reason"]


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b"{"])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    assert pointers(raw) == [""]


ODD_VALUES = (
    st.none() | st.text("0129-:.TZé{ ", max_size=12) | st.integers() | st.lists(st.none(), max_size=2)
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), ODD_VALUES))
def test_any_object_is_read_or_refused_and_never_breaks(changes: dict[str, object]) -> None:
    try:
        read: BankNotice | InvalidInput = read_notice(body(**changes))
    except InvalidInput as refused:
        read = refused
    assert isinstance(read, BankNotice) or read.errors
