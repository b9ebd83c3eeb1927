"""What a capture record gives to think about: only the server's own knowledge counts against it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domain.capturing.record import Shown, SignedRecord, record_document
from backend.domain.capturing.signals import (
    CLOCK_WITHIN,
    DEVICE_ON_MANY_FARMS,
    DEVICE_UNKNOWN,
    DOUBT,
    MOST_FARMS,
    NONCE_NONE,
    NONCE_OLD,
    NONCE_UNKNOWN,
    OLD_AFTER,
    SIGNATURE_WRONG,
    SIGNED_LATE,
    SIGNED_WITHIN,
    TIMES_CONTRADICT,
    Witness,
    signals_of,
)
from backend.domain.ids import KeyId

NOW = datetime(2026, 11, 26, 4, 0, 0, 123_000, tzinfo=UTC)
KNOWN = Witness(public_key=b"point", nonce_at=NOW - timedelta(minutes=1), farms=1)
RECORD = SignedRecord(KeyId("d" * 64), "n" * 43, "signature", fix_at=NOW)
"""Of the first form: signed at some time before the report was sent."""
AT_THE_SHUTTER = replace(RECORD, signed_at=NOW + timedelta(seconds=3))
SHOWN = Shown("a" * 64, 1000, NOW, "phone", "113.00000000", "28.00000000", "8.0", None)


def names(witness: Witness, *, fits: bool = True, **changes: Any) -> list[str]:
    found = signals_of(witness, replace(AT_THE_SHUTTER, **changes), fits=fits, taken_at=NOW)
    return [one.partition(" ")[0] for one in found]


def test_a_good_record_gives_none() -> None:
    assert names(KNOWN) == []


def test_an_unknown_device_is_all_that_is_said_of_it() -> None:
    assert names(Witness(None, None, 0), fits=False) == [DEVICE_UNKNOWN]


def test_nothing_else_counts_once_the_signature_is_wrong() -> None:
    assert names(Witness(b"point", None, 99), fits=False, clock_offset_s=10**6) == [SIGNATURE_WRONG]


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
    [found] = names(KNOWN, clock_offset_s=offset_s)

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


def test_a_record_of_the_shutter_says_when_it_was_signed() -> None:
    document = record_document(replace(AT_THE_SHUTTER, nonce=None), SHOWN).decode()

    assert '"form":"capture-record-2"' in document
    assert '"nonce":null' in document
    assert '"signed_ms":1795665603123' in document


def test_a_phone_without_a_nonce_at_the_shutter_says_so_and_nothing_comes_of_it() -> None:
    found = names(Witness(b"point", None, 1), nonce=None)

    assert found == [NONCE_NONE]
    assert not found[0].startswith(DOUBT)


def test_a_record_that_was_signed_long_after_the_photo_says_so() -> None:
    assert names(KNOWN, signed_at=NOW + SIGNED_WITHIN) == []
    assert names(KNOWN, signed_at=NOW + SIGNED_WITHIN + timedelta(seconds=1)) == [SIGNED_LATE]


def test_a_record_of_the_first_form_may_have_a_nonce_younger_than_its_photo() -> None:
    younger = Witness(b"point", NOW + timedelta(hours=1), 1)

    assert signals_of(younger, RECORD, fits=True, taken_at=NOW) == ()


@pytest.mark.parametrize(
    ("witness", "signed_at"),
    [
        (Witness(b"point", NOW + CLOCK_WITHIN + timedelta(seconds=4), 1), NOW + timedelta(seconds=3)),
        (KNOWN, NOW - CLOCK_WITHIN - timedelta(seconds=1)),
    ],
    ids=["before its nonce was given", "before the photo was taken"],
)
def test_a_record_that_was_signed_before_what_it_speaks_of_is_a_doubt(
    witness: Witness, signed_at: datetime
) -> None:
    assert names(witness, signed_at=signed_at) == [TIMES_CONTRADICT]
    assert TIMES_CONTRADICT.startswith(DOUBT)


def test_an_exif_that_no_two_languages_write_alike_cannot_be_signed() -> None:
    odd = Shown("a" * 64, 1000, NOW, "phone", None, None, None, '{"height": 1.5}')

    with pytest.raises(TypeError, match="float"):
        record_document(RECORD, odd)
