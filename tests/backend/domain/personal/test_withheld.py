"""Commitments in payloads: opened to the letter, erased without a trace, bound to their values."""

from dataclasses import replace

import pytest

from backend.domain.events import ClaimReported, Event, EvidenceRequested
from backend.domain.personal.problems import PersonalDataAltered
from backend.domain.personal.withheld import commitment, has_erased, is_withholding, opened, withheld
from backend.domain.problems import InvalidInput
from backend.store.codec import decode_event, encode_payload
from tests.builders import a_report
from tests.stories import Story


def withheld_payload(event: Event) -> tuple[str, dict[str, str]]:
    """The payload, and what stands beside it."""
    beside: dict[str, str] = {}

    def keep(field: str, text: str) -> str:
        hashed = commitment(field.encode().ljust(16)[:16], field + text)
        beside[hashed] = text
        return hashed

    return withheld(event, keep), beside


def the_report() -> ClaimReported:
    [event, *_] = Story().give(a_report(note="老王"))
    assert isinstance(event, ClaimReported)
    return event


def test_what_was_withheld_comes_back_to_the_letter() -> None:
    event = the_report()

    payload, beside = withheld_payload(event)

    assert is_withholding(event.type, payload)
    assert opened(payload, beside) == encode_payload(event)
    assert decode_event(event.type, payload, beside) == event


def test_what_is_gone_reads_as_erased() -> None:
    event = the_report()
    payload, beside = withheld_payload(event)
    note = next(key for key, text in beside.items() if text == '"老王"')
    del beside[note]

    read = decode_event(event.type, payload, beside)

    assert isinstance(read, ClaimReported)
    assert (read.note, read.policy.payee) == ("erased", event.policy.payee)
    assert has_erased(payload, beside)


def test_a_value_that_was_not_committed_to_is_refused() -> None:
    payload, beside = withheld_payload(the_report())

    with pytest.raises(PersonalDataAltered, match="not what it committed to"):
        opened(payload, beside | {"0" * 64: '"another"'})


def test_a_note_that_looks_like_a_commitment_is_only_a_note() -> None:
    _, beside = withheld_payload(the_report())
    account = next(key for key, text in beside.items() if "account" in text)
    [event, *_] = Story().give(a_report(note=f"withheld:payee:{account}"))

    written, facts = withheld_payload(event)
    read = decode_event(event.type, written, facts)

    assert isinstance(read, ClaimReported)
    assert read.note == f"withheld:payee:{account}"


def test_a_decision_with_such_a_note_is_read_as_it_was_written() -> None:
    payload = '{"reason":"withheld:payee:%s"}' % ("0" * 64)

    read = decode_event(EvidenceRequested.type, payload)

    assert read == EvidenceRequested(reason=f"withheld:payee:{'0' * 64}")


def test_another_text_of_a_report_that_looks_like_one_is_refused() -> None:
    event = the_report()
    odd = replace(event, animals=(replace(event.animals[0], ref=f"withheld:payee:{'0' * 64}"),))

    with pytest.raises(InvalidInput, match="cannot be kept"):
        withheld_payload(odd)


def test_salts_make_the_same_value_two_commitments() -> None:
    assert commitment(b"0" * 16, '"a"') != commitment(b"1" * 16, '"a"')
