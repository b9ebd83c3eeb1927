"""``claim export`` against a real server: the documented fields, the schema, and every fen."""

import csv
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import County

DOCS = Path(__file__).resolve().parents[2] / "docs"
TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def paid(county: County) -> list[str]:
    """Numbers of two paid claims."""
    world, policy = county.world, county.world.policy("pig")
    numbers = []
    for _ in range(2):
        claim = county.report()
        claim_id = world.show(claim)["id"]
        world.agree(claim_id, policy)
        numbers.append(world.pay(claim_id)["number"])
    return numbers


def test_a_paid_claim_is_one_document_of_the_schema(county: County, paid: list[str]) -> None:
    done = county.shell.ok("claim", "export", paid[0], profile="insurer")

    document = done.document
    jsonschema.validate(document, json.loads((DOCS / "core-import.schema.json").read_text(encoding="utf-8")))
    (claim,) = document["claims"]
    assert (claim["claim_number"], claim["amount"], claim["heads"][0]["amount"]) == (
        paid[0],
        "700.00",
        "700.00",
    )
    assert [one["lane"] for one in claim["approvals"]] == ["insurer", "veterinary", "inspection"]
    assert county.world.policy("pig")["account"] not in done.out


def test_every_field_is_described(county: County, paid: list[str]) -> None:
    (claim,) = county.shell.ok("claim", "export", paid[0], profile="insurer").document["claims"]
    described = (DOCS / "core-import.md").read_text(encoding="utf-8")

    assert [name for name in (*claim, *claim["heads"][0]) if f"`{name}" not in described] == []


def test_all_that_were_paid_come_as_csv_and_add_up(county: County, paid: list[str]) -> None:
    done = county.shell.ok(
        "claim", "export", "--paid", "--since", YESTERDAY, "--format", "csv", profile="insurer"
    )

    rows = [row for row in csv.DictReader(StringIO(done.out, newline="")) if row["claim_number"] in paid]
    assert [row["claim_number"] for row in rows] == paid
    assert sum(Decimal(row["head_amount"]) for row in rows) == Decimal("1400.00")


def test_pages_come_one_after_another_as_one_document(county: County, paid: list[str]) -> None:
    insurer, since = county.world.officer("insurer").http, f"{YESTERDAY}T00:00:00+08:00"
    found, after = [], None
    while True:
        asked = {"since": since, "limit": 1} | ({"after": after} if after else {})
        page = insurer.get("/exports/paid-claims", params=asked).raise_for_status().json()
        found += [one["claim_number"] for one in page["claims"]]
        after = page["next"]
        if after is None:
            break

    whole = county.shell.ok("claim", "export", "--paid", "--since", YESTERDAY, profile="insurer").document

    assert set(paid) <= set(found)
    assert [one["claim_number"] for one in whole["claims"]] == found


def test_a_day_without_payouts_is_empty_and_whole(county: County, paid: list[str]) -> None:
    asked = ("claim", "export", "--paid", "--since", "2020-01-01", "--until", "2020-01-31")

    as_json = county.shell.ok(*asked, profile="insurer")
    as_csv = county.shell.ok(*asked, "--format", "csv", profile="insurer")

    assert as_json.document["claims"] == []
    assert as_csv.out.startswith("claim_number,")
    assert len(as_csv.out.splitlines()) == 1


@pytest.mark.parametrize(
    "asked", [(), ("--paid",), ("FC-1", "--paid", "--since", "2026-11-01"), ("--paid", "--since", "soon")]
)
def test_what_is_asked_in_two_ways_or_none_is_refused(county: County, asked: tuple[str, ...]) -> None:
    assert county.shell.run("claim", "export", *asked, profile="insurer").code == 2


def test_an_unpaid_claim_and_other_offices_export_nothing(county: County) -> None:
    claim = county.report()

    unpaid = county.shell.run("claim", "export", claim, profile="insurer")
    others = county.shell.run("claim", "export", claim, profile="veterinary")

    assert (unpaid.code, "[not-paid]" in unpaid.err) == (5, True)
    assert others.code == 4
    assert unpaid.out == ""
