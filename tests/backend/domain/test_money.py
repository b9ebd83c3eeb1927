"""Money: whole fen, exact, one rounding."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.money import ZERO, Money

amounts = st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1).map(Money)


@given(amounts)
def test_an_amount_survives_the_wire(amount: Money) -> None:
    assert Money.parse(str(amount)) == amount


@given(amounts)
def test_grouping_changes_nothing_but_commas(amount: Money) -> None:
    assert amount.grouped().replace(",", "") == str(amount)


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6))
def test_rounding_is_half_up_away_from_zero(yuan: Fraction) -> None:
    with localcontext(prec=60):
        exact = Decimal(yuan.numerator) / Decimal(yuan.denominator)
        expected = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    assert Money.rounded(yuan).fen == int(expected * 100)


@given(amounts)
def test_rounding_an_exact_amount_changes_nothing(amount: Money) -> None:
    assert Money.rounded(amount.yuan) == amount


@given(st.lists(amounts), amounts)
def test_sums_are_exact_in_any_order(parts: list[Money], more: Money) -> None:
    assert Money.total([*parts, more]) == more + Money.total(reversed(parts))
    assert Money.total([*parts, more]) - more == Money.total(parts)


@pytest.mark.parametrize(
    "wrong", ["", "1.234", "1,000.00", "1e3", "NaN", " 1", "1.", ".5", "+1", "99999999999999", "1.00\n"]
)
def test_what_is_no_plain_decimal_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        Money.parse(wrong)


@pytest.mark.parametrize("wrong", [1.0, True, "1", Decimal(1), None])
def test_only_whole_fen_make_money(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


def test_nothing_is_false_and_anything_is_true() -> None:
    assert not ZERO
    assert Money(-1)
    assert Money(1)
