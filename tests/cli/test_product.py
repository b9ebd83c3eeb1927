"""Products and market prices by commands, without a server and with one."""

from pathlib import Path

import pytest

from tests.cli.conftest import County

ROOT = Path(__file__).resolve().parents[2]
DRAFT = str(ROOT / "docs/examples/products/pig-bands-2.toml")
PRICES = ROOT / "docs/examples/prices/market-prices.csv"


def test_a_sound_file_is_sound_and_a_wrong_one_is_told_its_lines(county: County, tmp_path: Path) -> None:
    text = Path(DRAFT).read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        text.replace('"800.00"', '"-1"').replace('{ from_kg = "30"', '{ from_kg = "29"'), "utf-8"
    )

    sound = county.shell.ok("product", "check", DRAFT)
    refused = county.shell.run("product", "check", str(wrong), "--json")

    assert sound.out == f"{DRAFT}: pig-bands@2 is sound\n"
    assert refused.code == 2
    assert [(one["line"], one["rule"]) for one in refused.document["files"][0]["faults"]] == [
        (16, "29 overlaps the band before it"),
        (23, "must be above 0.00"),
    ]
    assert f"{wrong}:16: /method/bands/2/from_kg 29 overlaps" in refused.err


def test_two_products_are_compared_in_words_without_a_server(county: County) -> None:
    told = county.shell.ok("product", "diff", "pig-bands@1", DRAFT, "--shipped").out

    assert "band 60 to 90 kg: 80 % → 85 %" in told
    assert "band 10 to 20 kg: new, 15 %" in told


def test_a_shipped_product_is_shown_in_words(county: County) -> None:
    told = county.shell.ok("product", "show", "pig-per-kg", "--shipped").out

    assert "5.00 per kg, at most 100 kg counted" in told
    assert county.shell.run("product", "show", "pig-per-mile", "--shipped").code == 3


def test_a_product_is_imported_for_good_by_two_and_listed_with_its_origin(
    county: County, tmp_path: Path
) -> None:
    dry = county.shell.json("product", "import", DRAFT, "--dry-run", "--json", profile="insurer")
    done = county.shell.json("product", "import", DRAFT, "--json", profile="insurer")
    county.world.agree_to(done["proposal"]).raise_for_status()
    again = county.shell.ok("product", "import", DRAFT, profile="insurer")
    other = tmp_path / "other.toml"
    other.write_text(Path(DRAFT).read_text(encoding="utf-8").replace('"85"', '"86"'), encoding="utf-8")
    refused = county.shell.run("product", "import", str(other), profile="insurer")

    assert (dry["outcome"], dry["dry_run"], done["outcome"]) == ("new", True, "new")
    assert "nothing to do" in again.out
    assert (refused.code, "product-version-fixed" in refused.err) == (5, True)
    rows = county.shell.json("product", "list", "--json", profile="insurer")["products"]
    assert [row["origin"] for row in rows if row["label"].startswith("pig-bands@")] == ["shipped", "imported"]
    shown = county.shell.json("product", "show", "pig-bands@2", "--json", profile="insurer")
    assert shown["product"]["effective_from"] == "2027-01-01"


@pytest.mark.parametrize("profile", ["veterinary", "inspection"])
def test_products_are_the_insurers_to_bring(county: County, profile: str) -> None:
    for command in (["import", DRAFT], ["simulate", DRAFT], ["price", "import", str(PRICES)]):
        assert county.shell.run("product", *command, profile=profile).code == 4


def test_a_draft_over_past_claims_is_told_in_totals(county: County) -> None:
    policy = county.world.policy("pig")
    claim = county.world.report(policy, [county.a_photo().read_bytes()])
    county.world.wait(claim, "JOINT_REVIEW")

    found = county.shell.json(
        "product", "simulate", DRAFT, "--since", "2026-01-01", "--json", profile="insurer"
    )
    told = county.shell.ok("product", "simulate", DRAFT, profile="insurer").out

    assert found["claims"] == found["total"]["claims"] >= 1
    assert "pig-bands@2 over" in told


def test_prices_are_imported_and_listed_and_a_wrong_row_is_named(county: County, tmp_path: Path) -> None:
    own = county.world.county["county"]
    file, wrong = tmp_path / "prices.csv", tmp_path / "wrong.csv"
    file.write_text(
        PRICES.read_text(encoding="utf-8").replace("370800", own).replace("2026", "2020"), "utf-8"
    )
    wrong.write_text(file.read_text(encoding="utf-8").replace("14.05", "-3"), encoding="utf-8")

    refused = county.shell.run("product", "price", "import", str(wrong), profile="insurer")
    dry = county.shell.ok("product", "price", "import", str(file), "--dry-run", profile="insurer")
    done = county.shell.ok("product", "price", "import", str(file), profile="insurer")

    assert refused.code == 2
    assert "/2/price_per_kg" in refused.err
    assert dry.out == done.out == "2 prices: 2 new, 0 changed, 0 same\n"
    page = county.shell.json("product", "price", "list", "--county", own, "--json", profile="insurer")
    assert [(one["week"], one["price_per_kg"]) for one in page["prices"]] == [
        ("2020-11-23", "14.05"),
        ("2020-11-16", "14.20"),
    ]
