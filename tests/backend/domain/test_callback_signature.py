import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.callback_signature import (
    ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    StaleCallback,
    UnsignedCallback,
    callback_headers,
    sign_callback,
    verify_callback,
)

SECRET = b"what both sides hold"
BODY = b'{"event": "transfer.settled"}'
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def signed(**changes: str) -> dict[str, str]:
    return callback_headers(SECRET, "msg_1", NOW, BODY) | {
        name.replace("_", "-"): value for name, value in changes.items()
    }


def test_the_signature_is_that_of_the_standard_webhooks_specification() -> None:
    # The specification's own example, as its reference libraries test it.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'

    signature = sign_callback(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signed_callback_gives_its_id() -> None:
    assert verify_callback(SECRET, signed(), BODY, now=NOW) == "msg_1"


@pytest.mark.parametrize("missing", [ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER])
def test_a_callback_without_one_of_the_headers_is_unsigned(missing: str) -> None:
    headers = signed()
    del headers[missing]

    with pytest.raises(UnsignedCallback):
        verify_callback(SECRET, headers, BODY, now=NOW)


@pytest.mark.parametrize(
    "forged",
    [
        {"webhook_id": "msg_2"},
        {"webhook_id": "msg.1"},
        {"webhook_timestamp": "1795399201"},
        {"webhook_timestamp": "-1"},
        {"webhook_timestamp": "１７９５３９９２００"},
        {"webhook_timestamp": "9" * 5000},
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": "v1,签名"},
        {"webhook_signature": "\udcff"},
    ],
)
def test_a_changed_header_makes_a_callback_unsigned(forged: dict[str, str]) -> None:
    with pytest.raises(UnsignedCallback):
        verify_callback(SECRET, signed(**forged), BODY, now=NOW)


@given(st.binary(), st.binary(min_size=1))
def test_another_body_or_another_secret_never_fits(body: bytes, secret: bytes) -> None:
    if body != BODY:
        with pytest.raises(UnsignedCallback):
            verify_callback(SECRET, signed(), body, now=NOW)
    if secret != SECRET:
        with pytest.raises(UnsignedCallback):
            verify_callback(secret, signed(), BODY, now=NOW)


@pytest.mark.parametrize("off_by_s", [-300, 0, 300])
def test_the_edge_of_the_window_is_inside(off_by_s: int) -> None:
    verify_callback(SECRET, signed(), BODY, now=NOW + timedelta(seconds=off_by_s))


@pytest.mark.parametrize("off_by_s", [-301, 301])
def test_a_recording_played_again_and_a_clock_ahead_are_stale(off_by_s: int) -> None:
    with pytest.raises(StaleCallback):
        verify_callback(SECRET, signed(), BODY, now=NOW + timedelta(seconds=off_by_s))


def test_only_the_holder_of_the_secret_learns_that_a_callback_is_stale() -> None:
    with pytest.raises(UnsignedCallback):
        verify_callback(b"a guess", signed(), BODY, now=NOW + timedelta(hours=1))


def test_one_of_several_signatures_is_enough_while_the_secret_changes() -> None:
    headers = signed()
    headers[SIGNATURE_HEADER] = "v1,b2xk " + headers[SIGNATURE_HEADER]

    verify_callback(SECRET, headers, BODY, now=NOW)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="empty secret"):
        sign_callback(b"", "msg_1", 1, BODY)
