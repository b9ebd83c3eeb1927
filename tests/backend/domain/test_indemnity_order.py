"""Order of arithmetic: cap, insured ÷ stock, deductible, one rounding, heads in list order."""

from decimal import Decimal

import pytest

from backend.domain.indemnity.problems import MissingForMethod
from backend.domain.indemnity.quote import Quote, quote, quote_what_is_known
from backend.domain.policy import Animal
from backend.domain.words import ReasonCode, Species
from tests.backend.domain.losses import a_loss, pigs, terms, the_product

PIG_BANDS = the_product("pig-bands@1")


def amounts(found: Quote) -> list[str]:
    return [str(line.amount) for line in found.lines]


def test_the_worked_sum_of_seventy_insured_among_ninety_is_met_to_the_fen() -> None:
    animals = pigs("95", "102", "45")

    found = quote(PIG_BANDS, terms(insured=70, stock=90), a_loss(), animals)

    assert amounts(found) == ["544.44", "544.44", "326.67"]
    assert str(found.payable) == "1415.55"


def test_the_working_reads_as_published() -> None:
    animals = pigs("95.0")

    found = quote(PIG_BANDS, terms(insured=150, stock=200), a_loss(), animals)

    assert found.lines[0].working == "≥ 90 kg: 100 % of 700.00 × 150/200 = 525.00"


def test_more_insured_than_kept_pays_no_more_than_the_whole() -> None:
    found = quote(PIG_BANDS, terms(insured=100, stock=90), a_loss(), pigs("95"))

    assert found.lines[0].working == "≥ 90 kg: 100 % of 700.00 = 700.00"


def test_the_deductible_comes_after_under_insurance_and_rounds_once() -> None:
    under = terms("1000.01", insured=1, stock=3, deductible_percent=Decimal("12.5"))

    found = quote(PIG_BANDS, under, a_loss(), pigs("95"))

    # 1000.01 ÷ 3 × 0.875 = 291.66958…
    assert amounts(found) == ["291.67"]
    assert found.lines[0].working == "≥ 90 kg: 100 % of 1000.01 × 1/3 × (1 − 12.5 %) = 291.67"


def test_rounding_between_the_steps_would_be_a_fen_off() -> None:
    under = terms("0.10", insured=1, stock=4, deductible_percent=Decimal(50))

    found = quote(PIG_BANDS, under, a_loss(), pigs("95"))

    # 0.10 ÷ 4 = 0.025 → 0.03 if rounded, × 0.5 = 0.015 → 0.02; exactly 0.0125 → 0.01.
    assert amounts(found) == ["0.01"]


def test_half_a_fen_goes_up() -> None:
    found = quote(PIG_BANDS, terms("700.01", insured=1, stock=2), a_loss(), pigs("95"))

    assert amounts(found) == ["350.01"]


def test_heads_are_paid_in_list_order_until_the_insured_heads_are_used_up() -> None:
    animals = pigs("95", "10", "45", "95")

    found = quote(PIG_BANDS, terms(insured=5, stock=5, heads_paid=3), a_loss(), animals)

    assert amounts(found) == ["700.00", "0.00", "420.00", "0.00"]
    assert [line.codes for line in found.lines] == [
        (),
        (ReasonCode.BELOW_MIN_WEIGHT,),
        (),
        (ReasonCode.OVER_INSURED_COUNT,),
    ]
    assert found.heads_payable == 2


def test_a_head_that_is_paid_nothing_uses_no_insured_head() -> None:
    animals = pigs("19.9", "95")

    found = quote(PIG_BANDS, terms(insured=1, stock=1), a_loss(), animals)

    assert amounts(found) == ["0.00", "700.00"]


def test_a_deductible_of_everything_leaves_nothing_and_uses_no_head() -> None:
    found = quote(PIG_BANDS, terms(deductible_percent=Decimal(100)), a_loss(), pigs("95"))

    assert (str(found.payable), found.heads_payable) == ("0.00", 0)


def test_more_heads_paid_than_insured_pays_nothing_more() -> None:
    found = quote(PIG_BANDS, terms(insured=5, stock=5, heads_paid=7), a_loss(), pigs("95"))

    assert found.lines[0].codes == (ReasonCode.OVER_INSURED_COUNT,)


def test_every_missing_field_is_named_at_once() -> None:
    animals = pigs(None, "95", None)

    with pytest.raises(MissingForMethod) as refused:
        quote(PIG_BANDS, terms(None), a_loss(), animals)

    pointers = [error.pointer for error in refused.value.errors]
    assert pointers == ["/policy/sum_insured", "/animals/0/weight_kg", "/animals/2/weight_kg"]


def test_a_quote_of_no_animals_asks_for_them() -> None:
    with pytest.raises(MissingForMethod) as refused:
        quote(PIG_BANDS, terms(), a_loss(), [])

    assert [error.pointer for error in refused.value.errors] == ["/animals"]


def test_a_claim_with_an_unknown_weight_is_quoted_as_far_as_it_is_known() -> None:
    animals = pigs(None, "95")

    found = quote_what_is_known(PIG_BANDS, terms(insured=1, stock=1), a_loss(), animals)

    assert amounts(found) == ["0.00", "700.00"]
    assert found.lines[0].codes == (ReasonCode.EVIDENCE_MISSING,)
    assert not found.complete


def test_a_claim_with_nothing_known_pays_nothing_and_is_not_complete() -> None:
    found = quote_what_is_known(PIG_BANDS, terms(None), a_loss(), [])

    assert str(found.payable) == "0.00"
    assert not found.complete


def test_a_claim_with_every_weight_is_complete() -> None:
    assert quote_what_is_known(PIG_BANDS, terms(), a_loss(), pigs("95")).complete


def test_an_animal_of_another_species_needs_no_weight_and_is_paid_nothing() -> None:
    stray = Animal("2", Species.GOAT)

    found = quote(PIG_BANDS, terms(), a_loss(), [*pigs("95"), stray])

    assert found.covered
    assert amounts(found) == ["700.00", "0.00"]
    assert found.lines[1].codes == (ReasonCode.SPECIES_NOT_INSURED,)


@pytest.mark.parametrize(
    "wrong", [{"stock": 0}, {"insured_heads": 0}, {"heads_paid": -1}, {"deductible_percent": Decimal(-1)}]
)
def test_terms_that_no_edge_lets_in_are_a_bug(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"from 1|percent"):
        quote(PIG_BANDS, terms(**wrong), a_loss(), pigs("95"))
