"""``claim assess``: from a table, as a trial, from the receipt; faults are named by row and field."""

import json
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import County


def test_a_trial_shows_both_sums_and_records_nothing(county: County, tmp_path: Path) -> None:
    claim = county.report()
    table = tmp_path / "pigs.csv"
    table.write_text("序号,体重（公斤）,体重来源\n1,50,过秤照片\n", encoding="gb18030")
    said = ("claim", "assess", claim, "--file", str(table), "--reason", "weighed", "--language", "en")

    tried = county.shell.ok(*said, "--dry-run", profile="insurer")
    before = county.world.show(claim)["offer"]["amount"]
    county.shell.ok(*said, profile="insurer")

    shown = county.world.show(claim)
    assert "700.00 CNY → 420.00 CNY" in tried.out
    assert (before, shown["offer"]["amount"]) == ("700.00", "420.00")
    assert shown["animals"][0]["weight_source"] == "scale_photo"
    assert shown["animals"][0]["tag"]


def test_every_fault_of_a_table_is_named_by_row_and_field(county: County, tmp_path: Path) -> None:
    claim = county.report()
    table = tmp_path / "pigs.csv"
    table.write_text("ref,weight_kg,age_months\n1,heavy,\n\n2,-3,many\n", encoding="utf-8")

    refused = county.shell.run(
        "claim", "assess", claim, "--file", str(table), "--reason", "weighed", "--json", profile="insurer"
    )

    details = " | ".join(error["detail"] for error in json.loads(refused.out)["errors"])
    assert refused.code == Exit.USAGE
    for part in ("row 2, weight_kg", "row 4, weight_kg", "row 4, age_months"):
        assert part in details


@pytest.mark.parametrize(
    ("text", "fault"),
    [("ref,colour\n1,pink\n", "colour"), ("ref,weight_kg\n1\n", "row 2 has 1 cells"), ("ref\n", "no row")],
)
def test_a_table_that_is_none_is_refused_before_it_is_sent(
    county: County, tmp_path: Path, text: str, fault: str
) -> None:
    claim = county.report()
    table = tmp_path / "pigs.csv"
    table.write_text(text, encoding="utf-8")

    refused = county.shell.run("claim", "assess", claim, "--file", str(table), profile="insurer")

    assert refused.code == Exit.USAGE
    assert fault in refused.err


def test_without_a_terminal_nothing_is_asked(county: County) -> None:
    claim = county.report()

    refused = county.shell.run("claim", "assess", claim, "--reason", "weighed", profile="insurer")

    assert refused.code == Exit.USAGE
    assert "--from-handover" in refused.err


def test_the_other_lanes_read_what_changed_and_that_their_approval_is_void(county: County) -> None:
    claim = county.report()
    county.shell.ok("claim", "approve", claim, profile="veterinary")
    county.shell.ok("claim", "assess", claim, "--weight", "1=50", "--reason", "weighed", profile="insurer")

    shown = county.shell.ok("claim", "show", claim, "--language", "en", profile="veterinary").out
    told = county.shell.ok("claim", "timeline", claim, "--json", profile="veterinary").out

    plain = " ".join(shown.split())
    assert "Agreed to an offer of 700.00 CNY, now 420.00 CNY: look again." in plain
    assert "700.00 CNY → 420.00 CNY" in plain
    (assessment,) = [event["assessment"] for event in json.loads(told)["events"] if "assessment" in event]
    assert {"ref": "1", "field": "amount", "before": "700.00", "after": "420.00"} in assessment["changes"]
    assert [one["lane"] for one in assessment["voided"]] == ["veterinary"]
