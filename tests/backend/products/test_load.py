"""Tariffs as data: what ships, and what a wrong file is told."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from backend.domain.indemnity.problems import UnknownProduct, UnusableProduct
from backend.domain.words import Cause
from backend.products.load import products, read_folder

TARIFF = (files("backend.products") / "pig-bands-1.toml").read_text(encoding="utf-8")
DAY = date(2026, 3, 1)


def faults(folder: Path, *files: str) -> dict[str, str]:
    for place, content in enumerate(files, start=1):
        (folder / f"tariff-{place}.toml").write_text(content, encoding="utf-8")
    with pytest.raises(UnusableProduct) as refused:
        read_folder(folder)
    assert f"tariff-{len(files)}.toml" in refused.value.detail
    return {error.pointer: error.detail for error in refused.value.errors}


def test_all_published_products_ship() -> None:
    assert {product.name for product in products()} == {
        "pig-bands",
        "pig-bands-upper",
        "pig-price-weight",
        "pig-per-kg",
        "calf-months",
        "beef-fixed",
        "dairy-fixed",
        "sow-fixed",
        "goat-size",
        "layer-event",
    }


def test_every_product_observes_twenty_days_and_insures_every_cause() -> None:
    assert {product.observation_days for product in products()} == {20}
    assert {product.perils for product in products()} == {frozenset(Cause)}


def test_a_bare_name_is_the_version_in_force_on_the_day(tmp_path: Path) -> None:
    first = TARIFF.replace("2017-01-01", "2017-01-01\neffective_to = 2026-02-28")
    second = TARIFF.replace("version = 1", "version = 2").replace("2017-01-01", "2026-03-01")
    (tmp_path / "one.toml").write_text(first, encoding="utf-8")
    (tmp_path / "two.toml").write_text(second, encoding="utf-8")

    catalogue = read_folder(tmp_path)

    assert catalogue.find("pig-bands", date(2026, 2, 28)).version == 1
    assert catalogue.find("pig-bands", DAY).version == 2
    assert catalogue.find("pig-bands@1", DAY).version == 1


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("pig", "pig-bands"),
        ("pig-bands@7", "no version 7"),
        ("pig-bands@0", "no product"),
        ("pig-bands@", "no product"),
        ("", "no product"),
    ],
)
def test_an_unknown_product_names_the_ones_there_are(label: str, named: str) -> None:
    with pytest.raises(UnknownProduct, match=named) as refused:
        products().find(label, DAY)

    assert "pig-bands" in refused.value.detail


def test_a_day_before_every_version_names_the_periods() -> None:
    with pytest.raises(UnknownProduct, match="from 2017-01-01"):
        products().find("pig-bands", date(2016, 12, 31))


@pytest.mark.parametrize(
    ("written", "instead", "pointer", "named"),
    [
        ('from_kg = "30"', 'from_kg = "25"', "/method/bands/1/from_kg", "overlaps"),
        ('from_kg = "30"', 'from_kg = "35"', "/method/bands/1/from_kg", "gap"),
        ('from_kg = "90"', 'from_kg = "90", to_kg = "120"', "/method/bands/4/to_kg", "open above"),
        ('to_kg = "30"', 'to_kg = "10"', "/method/bands/0/to_kg", "above from_kg"),
        ('percent = "60"', 'percent = "160"', "/method/bands/2/percent", "0 to 100"),
        ('inclusive = "lower"', 'inclusive = "both"', "/method/inclusive", "one of lower, upper"),
        ('kind = "weight-bands"', 'kind = "guess"', "/method/kind", "weight-bands"),
        ('pig = "800.00"', 'pig = "-800.00"', "/subsidies/pig", "above 0.00"),
        ('pig = "800.00"', 'unicorn = "800.00"', "/subsidies/unicorn", "neither"),
        ('pig = "800.00"', 'horse = "12000.00"', "/subsidies", "no subsidy for pig"),
        ("2017-01-01", "2017-01-01\neffective_to = 2016-01-01", "/effective_to", "before effective_from"),
        ("2017-01-01", '"2017-02-30"', "/effective_from", "calendar"),
        ("2017-01-01", "2017-01-01T00:00:00", "/effective_from", "date"),
        ("version = 1", 'version = "1"', "/version", "integer"),
        ('species = ["pig"]', "species = []", "/species", "at least one"),
        ('"accident"', '"boredom"', "/perils", "one of disease"),
        ("observation_days = 20", "observation_days = -1", "/observation_days", "from 0"),
        ("observation_days = 20", "observation_days = 20\nwaiting = 3", "/waiting", "not a field"),
        ("observation_days = 20", "observation_days = 20\nsum_insured = 700.0", "/sum_insured", "not exact"),
        ('inclusive = "lower"', 'inclusive = "lower"\nedge = 1', "/method/edge", "not a field"),
    ],
)
def test_a_wrong_tariff_is_told_its_file_and_key(
    written: str, instead: str, pointer: str, named: str, tmp_path: Path
) -> None:
    assert written in TARIFF

    found = faults(tmp_path, TARIFF.replace(written, instead, 1))

    assert named in found[pointer]


def test_all_wrong_keys_of_a_tariff_are_named_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, 'name = ""\nversion = 0\nrate = 5\n')

    assert {"/name", "/version", "/rate", "/species", "/method", "/source"} <= set(found)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    assert "" in faults(tmp_path, "name = ")


def test_two_files_with_the_same_version_are_refused(tmp_path: Path) -> None:
    assert "tariff-1.toml" in faults(tmp_path, TARIFF, TARIFF)["/version"]


def test_two_versions_that_begin_on_one_day_are_refused(tmp_path: Path) -> None:
    second = TARIFF.replace("version = 1", "version = 2")

    assert "pig-bands@1" in faults(tmp_path, TARIFF, second)["/effective_from"]


def test_a_version_with_a_last_day_keeps_its_days(tmp_path: Path) -> None:
    first = TARIFF.replace("2017-01-01", "2017-01-01\neffective_to = 2026-03-01")
    second = TARIFF.replace("version = 1", "version = 2").replace("2017-01-01", "2026-03-01")

    assert "to 2026-03-01" in faults(tmp_path, first, second)["/effective_from"]


def test_until_further_notice_ends_where_the_next_version_begins(tmp_path: Path) -> None:
    second = TARIFF.replace("version = 1", "version = 2").replace("2017-01-01", "2026-03-01")
    (tmp_path / "one.toml").write_text(TARIFF, encoding="utf-8")
    (tmp_path / "two.toml").write_text(second, encoding="utf-8")

    catalogue = read_folder(tmp_path)

    assert catalogue.find("pig-bands", date(2026, 2, 28)).version == 1
    assert catalogue.find("pig-bands", DAY).version == 2


@pytest.mark.parametrize(
    ("method", "pointer"),
    [
        ('kind = "per-kilogram"\nrate = "5.00"', "/method/most_kg"),
        ('kind = "base-and-months"\nbase = "3000"', "/method/per_month"),
        ('kind = "price-by-weight"', "/method/percent"),
        ('kind = "flock-event"', "/method/threshold_percent"),
        ('kind = "by-size"\nsums = { tiny = "1.00" }', "/method/sums/tiny"),
        ('kind = "weight-bands"\ninclusive = "lower"', "/method/bands"),
        ('kind = "fixed"\nsum = "5.00"', "/method/sum"),
        ("", "/method/kind"),
    ],
)
def test_a_method_without_its_figures_is_told_which(method: str, pointer: str, tmp_path: Path) -> None:
    head, rest = TARIFF.split("[method]")
    subsidies = "[subsidies]" + rest.split("[subsidies]")[1]

    found = faults(tmp_path, f"{head}[method]\n{method}\n{subsidies}")

    assert pointer in found


def test_a_flock_of_two_species_is_refused(tmp_path: Path) -> None:
    layers = (files("backend.products") / "layer-event-1.toml").read_text(encoding="utf-8")
    mixed = layers.replace('["poultry"]', '["poultry", "goat"]').replace(
        "[subsidies]", '[subsidies]\ngoat = "5"'
    )

    assert set(faults(tmp_path, mixed)) == {"/species"}
