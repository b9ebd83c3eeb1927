"""The working of a line in Chinese: complete, and the same figures as in English."""

import re
import tomllib
from importlib.resources import files

import pytest

from backend.domain.indemnity.needs import needed
from backend.domain.indemnity.quote import quote, quote_what_is_known
from backend.domain.indemnity.working import ENGLISH, StepKind
from backend.domain.words import Category, Cause, Species
from backend.products.load import products
from backend.texts.load import Language
from backend.texts.working import working_in
from tests.backend.domain.losses import a_loss, pigs, terms, the_product

CHINESE = tomllib.loads((files("backend.texts") / "working.toml").read_text(encoding="utf-8"))


def figures(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("kind", StepKind)
def test_every_step_is_told_in_chinese_with_the_figures_of_the_english(kind: StepKind) -> None:
    assert figures(CHINESE["zh"][kind]) == figures(ENGLISH[kind])


def test_every_word_that_a_step_can_hold_is_translated() -> None:
    fields = {
        pointer.rpartition("/")[2]
        for product in products()
        for cause in Cause
        for pointer in needed(product, cause, list(product.species))
    }

    assert {*fields, *Species, *Category} <= CHINESE["words"].keys()


def test_a_farmer_reads_the_whole_arithmetic_in_chinese() -> None:
    found = quote(
        the_product("pig-bands"), terms("700.00", insured=70, stock=90), a_loss(), pigs("95", "55", "10")
    )

    assert [working_in(Language.ZH, line.steps, line.working) for line in found.lines] == [
        "体重 90 公斤及以上：700.00 的 100 % × 承保 70/存栏 90 = 544.44 元",
        "体重满 40 不满 60 公斤：700.00 的 60 % × 承保 70/存栏 90 = 326.67 元",
        "体重 10 公斤，不足 20 公斤：0.00 元",
    ]
    assert all(working_in(Language.EN, line.steps, line.working) == line.working for line in found.lines)


def test_what_is_not_known_is_named_in_chinese() -> None:
    found = quote_what_is_known(the_product("pig-price-weight"), terms(), a_loss(), pigs(None))

    line = found.lines[0]
    assert line.working == "market_price_per_kg and weight_kg not known yet: 0.00"
    assert working_in(Language.ZH, line.steps, line.working) == "当周市场价和体重还不清楚：0.00 元"


def test_a_line_recorded_before_steps_were_kept_is_shown_as_it_was() -> None:
    assert working_in(Language.ZH, (), "sum insured 8000.00 = 8000.00") == "sum insured 8000.00 = 8000.00"
