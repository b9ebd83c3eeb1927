"""``replace`` makes what ``dataclasses.replace`` makes, whatever the value."""

import dataclasses

import pytest

from backend.domain.ids import KeyId
from backend.domain.money import Money
from backend.domain.replacing import replace
from backend.domain.signatures import Signature
from backend.domain.words import State
from tests.stories import a_claim


def test_a_changed_claim_is_the_one_that_dataclasses_make() -> None:
    claim = a_claim()

    assert replace(claim, heads=9, notes=("found",)) == dataclasses.replace(claim, heads=9, notes=("found",))


def test_what_was_derived_from_the_claim_before_is_derived_anew() -> None:
    claim = a_claim()
    before = claim.state

    assert replace(claim, withdrawn=True).state is State.WITHDRAWN
    assert claim.state is before


def test_a_value_of_one_field_is_checked_as_ever() -> None:
    assert replace(Money(1), fen=2) == Money(2)
    with pytest.raises(TypeError):
        replace(Money(1), fen=1.5)


def test_a_field_may_be_called_as_the_argument_is() -> None:
    assert replace(Signature(KeyId("k"), "old"), value="new") == Signature(KeyId("k"), "new")


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="no field 'fens'"):
        replace(Money(1), fens=2)
    with pytest.raises(TypeError, match="no slots"):
        replace(object(), fen=2)
