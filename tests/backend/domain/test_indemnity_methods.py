"""Each method by hand: domain.md §3."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from backend.domain.indemnity.problems import MissingForMethod
from backend.domain.indemnity.quote import quote
from backend.domain.policy import Animal, Loss, Terms
from backend.domain.words import Category, Cause, ReasonCode, Species
from tests.backend.domain.losses import a_loss, cattle, pigs, terms, the_product


def paid(product: str, cover: Terms, loss: Loss, animals: Sequence[Animal]) -> str:
    return str(quote(the_product(product), cover, loss, animals).payable)


@pytest.mark.parametrize(
    ("kg", "amount"),
    [
        ("19.999999", "0.00"),
        ("20", "210.00"),
        ("29.9", "210.00"),
        ("30", "280.00"),
        ("40", "420.00"),
        ("59.99", "420.00"),
        ("60", "560.00"),
        ("89.999", "560.00"),
        ("90", "700.00"),
        ("400", "700.00"),
    ],
)
def test_a_pig_on_an_edge_is_in_the_heavier_band(kg: str, amount: str) -> None:
    assert paid("pig-bands", terms(), a_loss(), pigs(kg)) == amount


@pytest.mark.parametrize(
    ("kg", "amount"),
    [
        ("20", "0.00"),
        ("20.1", "210.00"),
        ("30", "210.00"),
        ("40", "280.00"),
        ("60", "420.00"),
        ("90", "560.00"),
        ("90.1", "700.00"),
    ],
)
def test_with_upper_edges_a_pig_on_an_edge_is_in_the_lighter_band(kg: str, amount: str) -> None:
    assert paid("pig-bands-upper", terms(), a_loss(), pigs(kg)) == amount


def test_price_by_weight_is_capped_by_the_sum_insured() -> None:
    cover = terms("800.00", insured=150, stock=200)

    found = quote(
        the_product("pig-price-weight"),
        cover,
        a_loss(market_price_per_kg=Decimal("15.20")),
        pigs("62.5", "110"),
    )

    assert [line.working for line in found.lines] == [
        "15.20 per kg × 70 % × 62.5 kg × 150/200 = 498.75",
        "(15.20 per kg × 70 % × 110 kg, at most 800.00) × 150/200 = 600.00",
    ]


def test_price_by_weight_asks_for_the_price() -> None:
    with pytest.raises(MissingForMethod) as refused:
        paid("pig-price-weight", terms("800.00"), a_loss(), pigs("62.5"))

    assert [error.pointer for error in refused.value.errors] == ["/loss/market_price_per_kg"]


@pytest.mark.parametrize(
    ("kg", "amount"), [("0.5", "2.50"), ("99.9", "499.50"), ("100", "500.00"), ("130", "500.00")]
)
def test_five_yuan_a_kilogram_count_up_to_a_hundred_without_a_sum_insured(kg: str, amount: str) -> None:
    assert paid("pig-per-kg", terms(None), a_loss(), pigs(kg)) == amount


def test_a_sum_insured_caps_a_method_that_could_do_without() -> None:
    assert paid("pig-per-kg", terms("300.00"), a_loss(), pigs("90")) == "300.00"


@pytest.mark.parametrize(("months", "amount"), [(0, "3000.00"), (5, "7000.00"), (9, "10000.00")])
def test_a_calf_is_worth_a_base_and_its_months_up_to_the_sum_insured(months: int, amount: str) -> None:
    assert paid("calf-months", terms("10000.00"), a_loss(), cattle(age_months=months)) == amount


@pytest.mark.parametrize(("product", "amount"), [("beef-fixed", "12000.00"), ("dairy-fixed", "8000.00")])
def test_fixed_sums_for_cattle_have_a_default(product: str, amount: str) -> None:
    assert paid(product, terms(None), a_loss(), cattle()) == amount


def test_the_default_for_a_sow_is_fifteen_hundred() -> None:
    assert paid("sow-fixed", terms(None), a_loss(), pigs(None)) == "1500.00"


def test_the_policys_own_sum_goes_before_the_default() -> None:
    assert paid("beef-fixed", terms("9000.00"), a_loss(), cattle()) == "9000.00"


@pytest.mark.parametrize(
    ("size", "amount"), [(Category.SMALL, "300.00"), (Category.MEDIUM, "400.00"), (Category.LARGE, "500.00")]
)
def test_a_goat_is_worth_its_size(size: Category, amount: str) -> None:
    assert paid("goat-size", terms(None), a_loss(), [Animal("1", Species.GOAT, category=size)]) == amount


def test_a_category_that_is_no_size_leaves_the_size_unknown() -> None:
    animals = [Animal("1", Species.GOAT, category=Category.DAIRY)]

    found = quote(the_product("goat-size"), terms(None), a_loss(), animals)

    assert found.lines[0].codes == (ReasonCode.EVIDENCE_MISSING,)
    assert not found.complete


@pytest.mark.parametrize(
    ("product", "category", "amount"),
    [
        ("beef-fixed", None, "9000.00"),
        ("beef-fixed", Category.CALF, "9000.00"),
        ("dairy-fixed", None, "2000.00"),
        ("dairy-fixed", Category.CALF, "5000.00"),
    ],
)
def test_a_cull_pays_what_the_subsidy_leaves(product: str, category: Category | None, amount: str) -> None:
    assert paid(product, terms(None), a_loss(Cause.CULL), cattle(category)) == amount


def test_a_cull_whose_subsidy_covers_the_sum_insured_pays_nothing_and_asks_for_no_weight() -> None:
    found = quote(the_product("pig-bands"), terms("700.00"), a_loss(Cause.CULL), pigs(None))

    assert found.covered
    assert found.lines[0].codes == (ReasonCode.COVERED_BY_SUBSIDY,)
    assert found.lines[0].working == "the subsidy of 800.00 covers 700.00: 0.00"


def a_flock(deaths: int) -> Loss:
    return a_loss(Cause.DISEASE, deaths=deaths, age_percent=Decimal(80), normal_mortality_percent=Decimal(10))


def test_deaths_at_the_threshold_of_fifteen_percent_are_not_above_it() -> None:
    found = quote(the_product("layer-event"), terms("30.00", insured=1000, stock=1000), a_flock(150), [])

    assert (str(found.payable), found.heads_payable) == ("0.00", 0)
    assert found.lines[0].codes == (ReasonCode.BELOW_LOSS_THRESHOLD,)


def test_a_flock_event_is_one_line_and_its_deaths_are_not_rounded() -> None:
    found = quote(the_product("layer-event"), terms("30.00", insured=1000, stock=1000), a_flock(151), [])

    # 151 × 0.9 = 135.9 hens; × 30 × 0.8
    assert [line.working for line in found.lines] == ["151 deaths × (1 − 10 %) × 30.00 × 80 % = 3261.60"]
    assert found.heads_payable == 151


def test_a_flock_event_pays_no_more_heads_than_are_still_insured() -> None:
    cover = terms("30.00", insured=800, stock=1000, heads_paid=700)

    found = quote(the_product("layer-event"), cover, a_flock(200), [])

    # 100 × 0.9 × 30 × 0.8 × 800/1000
    assert found.lines[0].working == "100 of 200 deaths × (1 − 10 %) × 30.00 × 80 % × 800/1000 = 1728.00"
    assert found.lines[0].codes == (ReasonCode.OVER_INSURED_COUNT,)
    assert found.heads_payable == 100


def test_a_culled_flock_pays_what_the_subsidy_leaves_of_every_hen() -> None:
    cover = terms("30.00", insured=1000, stock=1000)

    found = quote(the_product("layer-event"), cover, a_loss(Cause.CULL, deaths=100), [])

    assert found.lines[0].working == "100 deaths × (30.00 − 15.00 subsidy) = 1500.00"


def test_a_flock_event_names_all_it_needs() -> None:
    with pytest.raises(MissingForMethod) as refused:
        quote(the_product("layer-event"), terms(None), a_loss(), [])

    assert [error.pointer for error in refused.value.errors] == [
        "/loss/deaths",
        "/loss/age_percent",
        "/loss/normal_mortality_percent",
        "/policy/sum_insured",
    ]
