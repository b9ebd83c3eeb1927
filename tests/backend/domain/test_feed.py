"""What other systems are told: every event has its fields, a cursor names its record, retries end."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.events import Event
from backend.domain.feed.cursor import Cursor
from backend.domain.feed.problems import CursorUnusable
from backend.domain.feed.told import FIELDS, facts_of
from backend.domain.ids import OrganisationId
from backend.domain.ratings.events import ClaimRated, StageScore
from backend.domain.ratings.words import RatedStage
from backend.domain.webhooks.endpoint import Endpoint, EndpointId, Standing, faults_of_address
from backend.domain.webhooks.retries import LONGEST_ASKED_WAIT, RETRIES, pause_after

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
PRIVATE = frozenset(
    {
        *("policy", "animals", "photos", "note", "reason", "collector", "by", "issued_by", "officer", "told"),
        *("owner", "words", "name", "flag"),
        *("account_last4", "key_id", "signature", "attestation", "elsewhere", "checks", "label", "basis_of"),
    }
)
"""Fields that hold people, their words, tags, positions or accounts."""
NOT_WRITTEN = "holds blanks or letters beyond ASCII: write names as xn--, and paths with %"


def an_endpoint(**changes: object) -> Endpoint:
    plain: dict[str, object] = {
        "id": EndpointId(UUID(int=1)),
        "organisation": OrganisationId("picc"),
        "county": "430121",
        "url": "https://core.example",
        "types": (),
        "next_place": 0,
        "round": 0,
    }
    return Endpoint(**plain | changes)  # type: ignore[arg-type]


def test_every_event_says_what_leaves_the_house_and_no_field_of_a_person_does() -> None:
    assert set(FIELDS) == set(get_args(Event))
    for kind, names in FIELDS.items():
        assert set(names) <= set(kind.__dataclass_fields__), kind
        assert PRIVATE.isdisjoint(names), kind


def test_a_rating_leaves_the_house_as_figures_and_without_the_farmers_words() -> None:
    rated = ClaimRated(
        scores=(StageScore(RatedStage.PAYMENT, 2),), recommend=4, words="our phone is 13800000000"
    )

    assert facts_of(rated) == {"scores": [{"stage": "payment", "score": 2}], "recommend": 4}


@given(st.integers(0, 10**17), st.from_regex(r"[0-9a-f]{64}", fullmatch=True))
def test_a_cursor_comes_back_as_it_was_said_and_knows_its_record(place: int, leaf: str) -> None:
    cursor = Cursor.at(place, leaf)

    again = Cursor.parse(str(cursor))

    assert again == cursor
    assert again.names(leaf)
    assert not again.names(None)
    assert not again.names(f"{'0' if leaf[0] != '0' else '1'}{leaf[1:]}")


@pytest.mark.parametrize("text", ["", "7", "-1-0123456789ab", "07-0123456789ab", "7-0123456789AB", "7-0123 "])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorUnusable):
        Cursor.parse(text)


def test_pauses_grow_to_a_day_and_outlast_the_patience_of_three() -> None:
    pauses = [pause_after(failures, asked=None) for failures in range(1, len(RETRIES) + 2)]

    assert pauses[:2] == [timedelta(seconds=5), timedelta(minutes=5)]
    assert pauses[-1] is None
    assert sum(RETRIES, timedelta()) > timedelta(hours=72)


def test_a_receiver_may_ask_for_more_time_and_gets_an_hour_at_most() -> None:
    assert pause_after(1, asked=timedelta(minutes=2)) == timedelta(minutes=2)
    assert pause_after(1, asked=timedelta(days=9)) == LONGEST_ASKED_WAIT
    assert pause_after(6, asked=timedelta(seconds=1)) == RETRIES[5]


def test_an_endpoint_stands_as_its_last_attempts_say() -> None:
    failing = an_endpoint(failing_since=NOW)

    assert an_endpoint().standing is Standing.WORKING
    assert failing.standing is Standing.FAILING
    assert an_endpoint(disabled_at=NOW).standing is Standing.DISABLED
    assert failing.has_failed_too_long(NOW + timedelta(hours=72), timedelta(hours=72))
    assert not failing.has_failed_too_long(NOW + timedelta(hours=71), timedelta(hours=72))
    assert not an_endpoint().has_failed_too_long(NOW, timedelta(0))


def test_an_endpoint_wants_what_it_named_or_everything() -> None:
    assert an_endpoint().wants("payout-confirmed")
    assert an_endpoint(types=("payout-confirmed",)).wants("payout-confirmed")
    assert not an_endpoint(types=("payout-confirmed",)).wants("claim-reported")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://core.example/x", "is not an https URL"),
        ("https://", "names no host"),
        ("https://a:b@core.example", "holds a password: the signature says who sends"),
        ("https://core.example/#x", "holds a fragment, which is never sent"),
        ("https://[::1", "is not a URL"),
        ("https://core.example:99999/", "is not a URL"),
        ("https://core.example:0/", "names no host"),
        ("https://core.example/a b", NOT_WRITTEN),
        ("https://core.example/\r\nx", NOT_WRITTEN),
        ("https://\N{CJK UNIFIED IDEOGRAPH-4F8B}.example/", NOT_WRITTEN),
    ],
)
def test_addresses_that_cannot_be_an_endpoint_say_why(url: str, fault: str) -> None:
    assert fault in faults_of_address(url, allow_private=False)
    assert faults_of_address("https://core.example/x?y=1", allow_private=False) == []
    assert faults_of_address("http://127.0.0.1:8/x", allow_private=True) == []
