"""Imported products and market prices: one catalogue for every process, and claims that are decided under it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.indemnity.import_problems import PricesRefused, ProductFileWrong, ProductVersionFixed
from backend.domain.money import Money
from backend.domain.register.problems import ImportUnreadable
from backend.domain.words import Lane, ReasonCode, Species
from backend.insight.simulation import simulate
from backend.products.load import products
from backend.store import market_prices
from backend.store.products import Shelf
from backend.workflows.importing.prices import import_prices, read_prices
from backend.workflows.products import import_product, read_product
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, a_report, an_officer, assessment, terms

AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
DAY = date(2026, 3, 1)
INSURER = an_officer(Lane.INSURER)
SHIPPED = (files("backend.products") / "pig-bands-1.toml").read_text(encoding="utf-8")
SECOND = (
    SHIPPED.replace("version = 1", "version = 2")
    .replace("2017-01-01", "2026-02-01")
    .replace('percent = "60"', 'percent = "70"')
)
BY_PRICE = a_policy(
    number=PolicyNumber("P-PRICE"),
    product="pig-price-weight",
    terms=terms(sum_insured=Money.parse("800.00")),
)
HEAD = "county,species,week,price_per_kg,source,published_on\n"
ROW = "370800,pig,2026-W48,14.20,county bureau,2026-11-25\n"


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database, more_policies=[BY_PRICE]) as county:
        yield county


def bring(
    county: County, text: str, *, at: datetime = AT, dry_run: bool = False, shelf: Shelf | None = None
) -> Mapping[str, Any]:
    shelf = shelf or county.store.products
    return county.store.submit(
        lambda connection: import_product(connection, shelf, text.encode(), INSURER, at, dry_run=dry_run)
    ).result()


def bring_prices(county: County, text: str, *, dry_run: bool = False) -> Mapping[str, Any]:
    sheet = read_prices(text.encode())
    return county.store.submit(
        lambda connection: import_prices(connection, sheet, "370800", INSURER.id, AT, dry_run=dry_run)
    ).result()


def found_on(county: County, shelf: Shelf, label: str) -> str:
    return county.store.engine.read(lambda connection: shelf.find(connection, label, DAY), EVERYWHERE).label


def reported(county: County, *weights: str, policy: str = "P-2026-001") -> ClaimId:
    claim_id = ClaimId(uuid4())
    report = a_report(*weights, claim_id=claim_id, policy_number=PolicyNumber(policy), photos=(str(uuid4()),))
    county.report(report)
    county.verify(claim_id)
    return claim_id


def test_an_import_is_seen_by_another_process_without_a_restart(county: County) -> None:
    elsewhere = Shelf(products())
    assert found_on(county, elsewhere, "pig-bands") == "pig-bands@1"

    done = bring(county, SECOND)

    assert (done["outcome"], done["policies"]) == ("new", 1)
    assert "band 40 to 60 kg: 60 % → 70 %" in done["differences"]
    assert found_on(county, elsewhere, "pig-bands") == "pig-bands@2"
    assert found_on(county, elsewhere, "pig-bands@1") == "pig-bands@1"


def test_a_claim_is_decided_under_the_imported_version_and_older_ones_keep_theirs(county: County) -> None:
    before = reported(county, "55")
    bring(county, SECOND)

    after = reported(county, "55")

    county.give(assessment("50"), before)
    offers = [county.claim(claim).offer for claim in (before, after)]
    assert [(offer.product, str(offer.amount)) for offer in offers if offer] == [
        ("pig-bands@1", "420.00"),
        ("pig-bands@2", "490.00"),
    ]


def test_the_same_content_again_changes_nothing_and_another_is_refused(county: County) -> None:
    bring(county, SECOND)

    again = bring(county, f"# a comment is no content\n{SECOND}")
    with pytest.raises(ProductVersionFixed, match="pig-bands@2"):
        bring(county, SECOND.replace('"70"', '"71"'))
    with pytest.raises(ProductVersionFixed, match="pig-bands@1"):
        bring(county, SHIPPED.replace('percent = "60"', 'percent = "61"'))

    assert again["outcome"] == "same"
    assert found_on(county, Shelf(products()), "pig-bands") == "pig-bands@2"


def test_a_dry_run_and_a_refused_file_write_nothing(county: County) -> None:
    bring(county, SECOND, dry_run=True)
    with pytest.raises(ProductFileWrong, match=r"line 5: /effective_from .* same day as pig-bands@1"):
        bring(county, SECOND.replace("2026-02-01", "2017-01-01").replace("name =", "\nname ="))

    assert found_on(county, county.store.products, "pig-bands") == "pig-bands@1"


def test_a_write_that_was_taken_back_is_not_remembered(county: County) -> None:
    shelf = county.store.products

    def broken(connection: Any) -> None:
        import_product(connection, shelf, SECOND.encode(), INSURER, AT, dry_run=False)
        shelf.catalogue(connection)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        county.store.submit(broken).result()
    bring(county, SECOND.replace('"70"', '"75"'), at=AT + timedelta(microseconds=1))

    found = county.store.engine.read(lambda connection: shelf.find(connection, "pig-bands", DAY), EVERYWHERE)
    assert found == read_product(SECOND.replace('"70"', '"75"').encode())


def test_a_claim_takes_the_price_of_its_county_and_week(county: County) -> None:
    missing = county.claim(reported(county, "60", policy="P-PRICE"))
    assert ReasonCode.EVIDENCE_MISSING in {doubt.code for doubt in missing.findings}

    done = bring_prices(county, HEAD + ROW + ROW.replace("W48", "W47").replace("14.20", "9.99"))

    claim = county.claim(reported(county, "60", policy="P-PRICE"))
    assert (done["new"], done["changed"], done["same"]) == (2, 0, 0)
    assert claim.findings == ()
    assert claim.offer is not None
    assert str(claim.offer.amount) == "596.40"  # 14.20 × 70 % × 60
    assert claim.offer.basis is not None
    assert claim.offer.basis.market_price is not None
    assert claim.offer.basis.market_price.source == "county bureau"


def test_a_corrected_price_counts_from_the_next_assessment_on(county: County) -> None:
    bring_prices(county, HEAD + ROW)
    claim = reported(county, "60", policy="P-PRICE")

    changed = bring_prices(county, HEAD + ROW.replace("14.20", "15.00"))
    same = bring_prices(county, HEAD + ROW.replace("14.20", "15.00"))

    assert (changed["changed"], changed["changes"][0]["before"], same["same"]) == (1, "14.20", 1)
    stands = county.claim(claim).offer
    assert stands is not None
    assert str(stands.amount) == "596.40"
    county.give(assessment("60"), claim)
    assessed = county.claim(claim).offer
    assert assessed is not None
    assert str(assessed.amount) == "630.00"


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        (ROW.replace("370800", "37"), "/2/county"),
        (ROW.replace("370800", "110101"), "/2/county"),
        (ROW.replace("pig", "dragon"), "/2/species"),
        (ROW.replace("2026-W48", "2026-W60"), "/2/week"),
        (ROW.replace("2026-W48", "2026-11-24"), "/2/week"),
        (ROW.replace("14.20", "-14.20"), "/2/price_per_kg"),
        (ROW.replace("14.20", "0"), "/2/price_per_kg"),
        (ROW.replace("2026-11-25", "2026-11-26"), "/2/published_on"),
        (ROW.replace("2026-11-25", "2026-11-22"), "/2/published_on"),
        (ROW.replace("county bureau", ""), "/2/source"),
        (ROW.replace("W48", "W47"), "/2/week"),
        (ROW.replace(",2026-11-25", ""), "/2"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(county: County, row: str, pointer: str) -> None:
    first = ROW.replace("W48", "W47").replace("2026-11-25", "2026-11-20")

    with pytest.raises(PricesRefused) as refused:
        bring_prices(county, HEAD + first + row)

    assert pointer in [error.pointer for error in refused.value.errors]
    assert (
        county.store.engine.read(lambda c: market_prices.listed(c, None, Species.PIG, 10), EVERYWHERE) == []
    )


def test_a_file_without_a_column_names_it() -> None:
    with pytest.raises(ImportUnreadable, match="published_on"):
        read_prices(b"county,species,week,price,source\n1,pig,2026-W48,1,x\n")


def test_chinese_headings_and_a_dry_run(county: County) -> None:
    text = f"区县代码,畜种,周,价格,来源,发布日期\n{ROW}"

    done = bring_prices(county, text, dry_run=True)

    assert done["new"] == 1
    read = county.store.engine.read(lambda c: market_prices.listed(c, "370800", None, 10), EVERYWHERE)
    assert read == []
    assert read_prices(text.encode()).prices[1].per_kg == Decimal("14.20")


def test_a_draft_says_who_gets_more_and_who_less_and_writes_nothing(county: County) -> None:
    more, same = reported(county, "55"), reported(county, "95", "95")
    less = reported(county, "25")
    county.give(assessment("35"), less)  # what an officer assessed counts, not what was declared
    events = len(county.history(more)) + len(county.history(less)) + len(county.history(same))
    draft = read_product(SECOND.replace('percent = "40"', 'percent = "35"').encode())

    found: Any = county.store.engine.read(lambda c: simulate(c, draft, None, "370800"), EVERYWHERE)

    assert (found["claims"], found["draft"]) == (3, "pig-bands@2")
    assert [found[name]["difference"] for name in ("more", "less", "unchanged", "total")] == [
        "70.00",
        "-35.00",
        "0.00",
        "35.00",
    ]
    assert found["total"]["heads_before"] == found["total"]["heads_after"] == 4
    assert [(line["before"], line["after"]) for line in found["lines"]] == [
        ("420.00", "490.00"),
        ("280.00", "245.00"),
    ]
    elsewhere: Any = county.store.engine.read(lambda c: simulate(c, draft, None, "110101"), EVERYWHERE)
    later: Any = county.store.engine.read(
        lambda c: simulate(c, draft, AT + timedelta(days=900), "370800"), EVERYWHERE
    )
    assert (elsewhere["claims"], later["claims"]) == (0, 0)
    assert events == sum(len(county.history(one)) for one in (more, less, same))


def test_the_offers_own_version_as_a_draft_changes_nothing(county: County) -> None:
    for weights in (("95",), ("55", "25"), ("19",)):
        reported(county, *weights)

    found: Any = county.store.engine.read(
        lambda c: simulate(c, products().find("pig-bands@1", DAY), None, "370800"), EVERYWHERE
    )

    assert (found["unchanged"]["claims"], found["total"]["difference"]) == (3, "0.00")
