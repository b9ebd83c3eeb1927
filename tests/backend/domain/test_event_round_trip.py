"""Every event survives being written and read: a claim is replayed from text."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    NewType,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)  # Any: types are looked into here
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.events import Event
from backend.domain.fold import fold
from backend.domain.words import State
from backend.store.codec import EVENT_TYPES, decode_event, encode_payload
from tests.stories import a_story_in

KINDS: tuple[type[Event], ...] = get_args(Event)
EXACT: dict[object, st.SearchStrategy[Any]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    str: st.text(max_size=12),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    UUID: st.uuids(),
}


@cache
def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type, of all those that canonical JSON takes."""
    if kind in EXACT:
        return EXACT[kind]
    if isinstance(kind, NewType):
        return values_of(kind.__supertype__)
    whole, parts = get_origin(kind), get_args(kind)
    if whole in {Union, UnionType}:
        return st.one_of([values_of(part) for part in parts])
    if whole is tuple and parts[-1] is Ellipsis:
        return st.lists(values_of(parts[0]), max_size=2).map(tuple)
    if whole is tuple:
        return st.tuples(*[values_of(part) for part in parts])
    if whole is dict:
        return st.dictionaries(values_of(parts[0]), values_of(parts[1]), max_size=2)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})
    assert issubclass(kind, Enum), f"no values for {kind}"
    return st.sampled_from(kind)


def test_every_kind_of_event_has_a_type_of_its_own() -> None:
    assert list(EVENT_TYPES.values()) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_an_event_that_was_written_is_read_as_it_was(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(values_of(kind))

    text = encode_payload(event)

    assert decode_event(kind.type, text) == event
    assert encode_payload(decode_event(kind.type, text)) == text


@pytest.mark.parametrize("state", State)
def test_a_claim_that_is_read_again_is_the_same_claim(state: State) -> None:
    story = a_story_in(state)

    read = [
        type(entry)(
            entry.seq, entry.at, entry.actor, decode_event(entry.event.type, encode_payload(entry.event))
        )
        for entry in story.events
    ]

    assert fold(read) == story.claim


def test_an_unknown_event_is_named() -> None:
    with pytest.raises(ValueError, match="claim-forgotten"):
        decode_event("claim-forgotten", "{}")
