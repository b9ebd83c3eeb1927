"""Domain values as plain JSON: exact, or refused."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any  # plain values of every kind
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.canonical import canonical
from backend.domain.money import Money
from backend.domain.plain import canonical_text, moment, plain
from backend.domain.words import Lane, State
from tests.builders import CLAIM_ID, a_report, photo_checks
from tests.stories import a_story_in


@dataclass(frozen=True)
class Ward:
    name: str
    beds: tuple[int, ...]
    opened: date | None = None


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("猪", "猪"),
        (Lane.INSURER, "insurer"),
        (Decimal("85.50"), "85.50"),
        (CLAIM_ID, "5b0c6e0e-6f0b-4f6e-9a53-0d5b7a6f3c11"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, 2, 0, tzinfo=UTC), "2026-11-23T02:00:00.000000+00:00"),
        ((1, "a", (Lane.INSURER,)), [1, "a", ["insurer"]]),
        ([], []),
        ({Lane.INSURER: Decimal(1)}, {"insurer": "1"}),
        (Ward("A", (1, 2)), {"name": "A", "beds": [1, 2], "opened": None}),
    ],
)
def test_a_value_has_one_exact_form(value: object, form: object) -> None:
    assert plain(value) == form


def test_money_is_whole_fen_and_never_a_float() -> None:
    assert plain(Money.parse("1200.05")) == {"fen": 120005}


def test_a_moment_is_written_in_utc_wherever_it_was_taken() -> None:
    shanghai = datetime(2026, 11, 23, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))

    assert moment(shanghai) == "2026-11-23T02:00:00.000005+00:00"


@pytest.mark.parametrize(
    "value",
    [0.1, float("nan"), b"bytes", {1, 2}, Fraction(1, 3), object(), 1j],
    ids=["float", "nan", "bytes", "set", "fraction", "object", "complex"],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_has_no_exact_form_is_refused(value: object, wrapped: bool) -> None:  # noqa: FBT001 - parametrized
    whole = {"deep": [value]} if wrapped else value

    with pytest.raises(TypeError, match="exact JSON form"):
        plain(whole)


@pytest.mark.parametrize("write", [plain, moment, canonical_text])
def test_a_naive_moment_is_refused(write: Any) -> None:
    with pytest.raises(TypeError, match="UTC offset"):
        write(datetime(2026, 11, 23, 2, 0))  # noqa: DTZ001 - the point


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.uuids()
    | st.sampled_from(Lane)
    | st.builds(Money, st.integers(0, 10**12)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(plain_values)
def test_the_quick_writer_says_what_the_slow_one_says(value: object) -> None:
    assert canonical_text(value).encode() == canonical(plain(value))


def test_reports_photos_and_whole_histories_have_a_form() -> None:
    events = a_story_in(State.CLOSED).events

    for value in (a_report(), photo_checks(), *events):
        assert canonical_text(value).encode() == canonical(plain(value))


def test_ids_are_text() -> None:
    assert plain((UUID(int=0),)) == ["00000000-0000-0000-0000-000000000000"]
