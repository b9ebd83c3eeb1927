"""What a capture record gives to think about: only the server's own knowledge counts against it."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.capturing.record import Shown, SignedRecord, record_document
from backend.domain.capturing.signals import (
    DEVICE_ON_MANY_FARMS,
    DEVICE_UNKNOWN,
    DOUBT,
    MOST_FARMS,
    NONCE_OLD,
    NONCE_UNKNOWN,
    OLD_AFTER,
    SIGNATURE_WRONG,
    Witness,
    signals_of,
)
from backend.domain.ids import KeyId

NOW = datetime(2026, 11, 26, 4, 0, 0, 123_000, tzinfo=UTC)
KNOWN = Witness(public_key=b"point", nonce_at=NOW - timedelta(minutes=1), farms=1)
RECORD = SignedRecord(KeyId("d" * 64), "n" * 43, "signature", fix_at=NOW)
SHOWN = Shown("a" * 64, 1000, NOW, "phone", "113.00000000", "28.00000000", "8.0", None)


def names(witness: Witness, *, fits: bool = True, offset_s: int = 0) -> list[str]:
    found = signals_of(witness, fits=fits, taken_at=NOW, offset_s=offset_s)
    return [one.partition(" ")[0] for one in found]


def test_a_good_record_gives_none() -> None:
    assert names(KNOWN) == []


def test_an_unknown_device_is_all_that_is_said_of_it() -> None:
    assert names(Witness(None, None, 0), fits=False) == [DEVICE_UNKNOWN]


def test_nothing_else_counts_once_the_signature_is_wrong() -> None:
    assert names(Witness(b"point", None, 99), fits=False, offset_s=10**6) == [SIGNATURE_WRONG]


def test_a_phone_without_signal_for_days_is_no_doubt() -> None:
    old = names(Witness(b"point", NOW - OLD_AFTER - timedelta(hours=1), 1))

    assert old == [NONCE_OLD]
    assert not old[0].startswith(DOUBT)
    assert names(Witness(b"point", NOW - OLD_AFTER, 1)) == []


def test_a_nonce_that_nobody_gave_is_a_doubt() -> None:
    assert names(Witness(b"point", None, 1)) == [NONCE_UNKNOWN]


@pytest.mark.parametrize(("farms", "found"), [(MOST_FARMS, []), (MOST_FARMS + 1, [DEVICE_ON_MANY_FARMS])])
def test_one_phone_on_more_farms_than_a_family_has_is_a_doubt(farms: int, found: list[str]) -> None:
    assert names(Witness(b"point", NOW, farms)) == found


@pytest.mark.parametrize("offset_s", [601, -601])
def test_a_wrong_clock_is_told_and_is_no_doubt(offset_s: int) -> None:
    [found] = names(KNOWN, offset_s=offset_s)

    assert not found.startswith(DOUBT)


def test_the_document_is_the_one_that_the_page_signs() -> None:
    assert record_document(RECORD, SHOWN).decode() == (
        '{"bytes":1000,"camera_exif":null,"clock_offset_s":0,"device":"phone","device_key":"'
        + "d" * 64
        + '","fix":{"accuracy_m":"8.0","at_ms":1795665600123,"lat":"28.00000000","lon":"113.00000000"},'
        + '"form":"capture-record-1","nonce":"'
        + "n" * 43
        + '","original_sha256":null,"sha256":"'
        + "a" * 64
        + '","taken_ms":1795665600123}'
    )


def test_an_exif_that_no_two_languages_write_alike_cannot_be_signed() -> None:
    odd = Shown("a" * 64, 1000, NOW, "phone", None, None, None, '{"height": 1.5}')

    with pytest.raises(TypeError, match="float"):
        record_document(RECORD, odd)
