"""Builders of losses for tests: what is not said is a plain case in cover."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from backend.domain.indemnity.product import Product
from backend.domain.money import Money
from backend.domain.policy import SHANGHAI, Animal, Loss, Terms
from backend.domain.words import Category, Cause, Species
from backend.products.load import products

IN_COVER = datetime(2026, 4, 2, 10, 0, tzinfo=SHANGHAI)


def the_product(label: str) -> Product:
    return products().find(label, date(2026, 3, 1))


def terms(
    sum_insured: str | None = "700.00", *, insured: int = 100, stock: int = 100, **more: object
) -> Terms:
    plain = Terms(
        incepted=date(2026, 3, 1),
        expires=date(2027, 2, 28),
        insured_heads=insured,
        stock=stock,
        sum_insured=None if sum_insured is None else Money.parse(sum_insured),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def a_loss(cause: Cause = Cause.ACCIDENT, at: datetime = IN_COVER, **more: object) -> Loss:
    return replace(Loss(cause, at), **more)  # type: ignore[arg-type]


def pigs(*weights: str | None) -> Sequence[Animal]:
    return [
        Animal(str(place), Species.PIG, weight_kg=None if kg is None else Decimal(kg))
        for place, kg in enumerate(weights, start=1)
    ]


def cattle(category: Category | None = None, *, age_months: int | None = None) -> list[Animal]:
    return [Animal("1", Species.CATTLE, category=category, age_months=age_months)]
