"""Canonical JSON against the reference package."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.canonical import canonical, digest

texts = st.text(st.characters(codec="utf-8"))
integers = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_json_is_what_the_reference_writes(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(values)
def test_canonical_json_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


def test_keys_sort_by_utf16_code_units() -> None:
    above_the_surrogates, astral = "\ufb33", "\U0001f600"

    assert canonical({above_the_surrogates: 1, astral: 2}) == rfc8785.dumps(
        {above_the_surrogates: 1, astral: 2}
    )
    assert list(json.loads(canonical({above_the_surrogates: 1, astral: 2}))) == [astral, above_the_surrogates]


@given(st.dictionaries(texts, integers, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_change_the_hash(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))

    assert digest(turned) == digest(value) == hashlib.sha256(canonical(value)).hexdigest()


@pytest.mark.parametrize("wrong", [1.5, {"a": [0.0]}, b"bytes", {1: "a"}, {1, 2}])
def test_what_has_no_exact_form_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError):
        canonical(wrong)


@pytest.mark.parametrize("wrong", [2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_what_a_reader_could_not_hold_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - UnicodeEncodeError and ours have no words in common
        canonical(wrong)
