"""The published figures (domain.md §3) worked by hand, one method after another, to the fen.

Every product with 90 in stock and 70 insured, and once more with a deductible of 10 %.
"""

from decimal import Decimal

import pytest

from backend.domain.indemnity.quote import quote
from backend.domain.policy import Animal, Loss
from backend.domain.words import Category, Cause, Species
from tests.backend.domain.losses import a_loss, terms, the_product

PIG, CATTLE, GOAT = Species.PIG, Species.CATTLE, Species.GOAT
CULL = a_loss(Cause.CULL)
PRICED = a_loss(market_price_per_kg=Decimal("14.20"))


def pig(kg: str) -> Animal:
    return Animal("1", PIG, weight_kg=Decimal(kg))


def cattle(category: Category, months: int | None = None) -> Animal:
    return Animal("1", CATTLE, category=category, age_months=months)


@pytest.mark.parametrize(
    ("product", "sum_insured", "loss", "animal", "due", "less_ten_percent"),
    [
        # 700 × 100 % × 70/90 = 544.44…; × 0.9 = 490 exactly
        ("pig-bands", "700.00", a_loss(), pig("90"), "544.44", "490.00"),
        # the edge belongs to the lighter band: 700 × 80 % × 70/90 = 435.55…
        ("pig-bands-upper", "700.00", a_loss(), pig("90"), "435.56", "392.00"),
        # 14.20 × 70 % × 75 = 745.50, × 70/90 = 579.83…
        ("pig-price-weight", "800.00", PRICED, pig("75"), "579.83", "521.85"),
        # 14.20 × 70 % × 120 = 1 192.80, at most 800, × 70/90 = 622.22…
        ("pig-price-weight", "800.00", PRICED, pig("120"), "622.22", "560.00"),
        # 5 × 100 of 132 kg, × 70/90 = 388.88…
        ("pig-per-kg", None, a_loss(), pig("132"), "388.89", "350.00"),
        # 3 000 + 800 × 5 = 7 000, × 70/90 = 5 444.44…
        ("calf-months", "10000.00", a_loss(), cattle(Category.CALF, 5), "5444.44", "4900.00"),
        ("beef-fixed", None, a_loss(), cattle(Category.BEEF), "9333.33", "8400.00"),
        ("dairy-fixed", None, a_loss(), cattle(Category.DAIRY), "6222.22", "5600.00"),
        ("sow-fixed", None, a_loss(), Animal("1", PIG), "1166.67", "1050.00"),
        ("goat-size", "500.00", a_loss(), Animal("1", GOAT, category=Category.MEDIUM), "311.11", "280.00"),
        # culled: 1 000 − 800 = 200, × 70/90 = 155.55…
        ("pig-bands", "1000.00", CULL, pig("90"), "155.56", "140.00"),
        # 8 000 − 6 000 = 2 000; beef 12 000 − 3 000 = 9 000; a calf counts as beef
        ("dairy-fixed", None, CULL, cattle(Category.DAIRY), "1555.56", "1400.00"),
        ("beef-fixed", None, CULL, cattle(Category.BEEF), "7000.00", "6300.00"),
        ("calf-months", "10000.00", CULL, cattle(Category.CALF), "5444.44", "4900.00"),
        ("goat-size", "600.00", CULL, Animal("1", GOAT), "77.78", "70.00"),
    ],
)
def test_a_head_comes_to_what_hand_and_paper_say(
    product: str, sum_insured: str | None, loss: Loss, animal: Animal, due: str, less_ten_percent: str
) -> None:
    plain = terms(sum_insured, insured=70, stock=90)
    reduced = terms(sum_insured, insured=70, stock=90, deductible_percent=Decimal(10))

    found = [quote(the_product(product), cover, loss, [animal]) for cover in (plain, reduced)]

    assert [str(one.payable) for one in found] == [due, less_ten_percent]


@pytest.mark.parametrize(
    ("deaths", "cause", "due"),
    [
        # 15 % of 900 are 135: not above
        (135, Cause.DISEASE, "0.00"),
        # 136 × (1 − 10 %) × 30 × 80 % × 700/900 = 2 284.80
        (136, Cause.DISEASE, "2284.80"),
        # culled: 136 × (30 − 15) × 700/900 = 1 586.66…
        (136, Cause.CULL, "1586.67"),
        # 700 of 800 deaths find an insured head: 700 × 0.9 × 30 × 0.8 × 700/900 = 11 760
        (800, Cause.DISEASE, "11760.00"),
    ],
)
def test_a_flock_comes_to_what_hand_and_paper_say(deaths: int, cause: Cause, due: str) -> None:
    loss = a_loss(cause, deaths=deaths, age_percent=Decimal(80), normal_mortality_percent=Decimal(10))

    found = quote(the_product("layer-event"), terms("30.00", insured=700, stock=900), loss, [])

    assert str(found.payable) == due
