"""Laws of every quote, and an oracle that computes the sum another way."""

import random
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from backend.domain.indemnity.product import Product
from backend.domain.indemnity.quote import Quote, quote
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss, Terms
from backend.domain.words import Category, Cause, Species
from backend.products.load import products
from tests.backend.domain.losses import a_loss, pigs, terms, the_product

weights = st.decimals(min_value=Decimal("0.1"), max_value=400, places=3)
percents = st.decimals(min_value=0, max_value=100, places=2)
sums = st.integers(min_value=1, max_value=5_000_000).map(Money)
any_species = st.sampled_from(Species)
any_animals = st.lists(
    st.builds(
        Animal,
        ref=st.just("1"),
        species=any_species,
        category=st.sampled_from([Category.SMALL, Category.MEDIUM, Category.LARGE, Category.DAIRY]),
        weight_kg=weights,
        age_months=st.integers(min_value=0, max_value=40),
    ),
    min_size=1,
    max_size=8,
)
any_terms = st.builds(
    replace,
    st.just(terms()),
    insured_heads=st.integers(min_value=1, max_value=12),
    stock=st.integers(min_value=1, max_value=20),
    heads_paid=st.integers(min_value=0, max_value=14),
    sum_insured=sums,
    deductible_percent=percents,
)
any_loss = st.builds(
    replace,
    st.just(a_loss()),
    cause=st.sampled_from(Cause),
    market_price_per_kg=st.decimals(min_value=Decimal("0.01"), max_value=100, places=2),
    deaths=st.integers(min_value=0, max_value=25),
    age_percent=percents,
    normal_mortality_percent=percents,
)
any_product = st.sampled_from(list(products()))


@given(any_product, any_terms, any_loss, any_animals)
def test_lines_add_up_and_nothing_above_what_is_insured_is_paid(
    product: Product, cover: Terms, loss: Loss, animals: list[Animal]
) -> None:
    found = quote(product, cover, loss, animals)

    assert found.payable == Money.total(line.amount for line in found.lines)
    assert found.heads_payable <= max(0, cover.insured_heads - cover.heads_paid)
    assert cover.sum_insured is not None
    assert Money(0) <= found.payable <= Money(cover.sum_insured.fen * found.heads_payable)
    assert all(line.amount or not line.heads for line in found.lines)


@given(any_product, any_terms, any_loss, any_animals, st.randoms())
def test_the_order_of_animals_does_not_change_the_sum_when_all_fit(
    product: Product, cover: Terms, loss: Loss, animals: list[Animal], order: random.Random
) -> None:
    assume(cover.insured_heads - cover.heads_paid >= len(animals))
    other_order = order.sample(animals, len(animals))

    found = quote(product, cover, loss, animals)

    assert found.payable == quote(product, cover, loss, other_order).payable


@given(st.lists(weights, min_size=1, max_size=12), any_terms)
def test_pig_bands_agree_with_an_oracle_of_plain_fractions(kilograms: list[Decimal], cover: Terms) -> None:
    animals = pigs(*map(str, kilograms))

    found = quote(the_product("pig-bands"), cover, a_loss(), animals)

    assert [line.amount.fen for line in found.lines] == _oracle(kilograms, cover)


@given(weights, any_terms)
def test_every_working_ends_in_its_amount(kilograms: Decimal, cover: Terms) -> None:
    found: Quote = quote(the_product("pig-bands"), cover, a_loss(), pigs(str(kilograms)))

    line = found.lines[0]
    assert line.working.endswith(f" {line.amount}")


def _oracle(kilograms: list[Decimal], cover: Terms) -> list[int]:
    """Fen per head, in numerators and denominators and a Decimal rounding instead of ours."""
    assert cover.sum_insured is not None
    left, fen = max(0, cover.insured_heads - cover.heads_paid), []
    for kg in kilograms:
        share = next(
            (share for edge, share in ((90, 100), (60, 80), (40, 60), (30, 40), (20, 30)) if kg >= edge), 0
        )
        exact = Fraction(cover.sum_insured.fen * share, 100)
        exact *= min(Fraction(1), Fraction(cover.insured_heads, cover.stock))
        exact *= Fraction(10_000 - int(cover.deductible_percent * 100), 10_000)
        with localcontext(prec=60):
            quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
            rounded = int(quotient.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        fen.append(rounded if left else 0)
        left -= 1 if rounded and left else 0
    return fen
