"""Figures on the command line: the same as the API's, as tables, documents and files."""

import csv
from pathlib import Path

import pyarrow.parquet as pq

from tests.cli.conftest import County


def test_speed_and_minutes_are_the_apis_figures(county: County) -> None:
    county.report()
    api = county.world.officer("insurer").http.get("/insight", params={"by": "species"}).json()

    speed = county.shell.json("stats", "speed", "--by", "species", profile="insurer")
    minutes = county.shell.json("stats", "minutes", profile="veterinary")

    assert speed["claims"] == api["claims"] > 0
    assert speed["filter"] == api["filter"]
    assert [one["stage"] for one in speed["stages"]] == [one["stage"] for one in api["stages"]]
    assert speed["groups"][0]["group"] == "pig"
    assert minutes["minutes"]["claims"] >= api["claims"]


def test_people_read_tables(county: County) -> None:
    county.report()

    speed = county.shell.ok("stats", "speed", "--by", "week", "--language", "en", profile="insurer").out
    minutes = county.shell.ok(
        "stats", "minutes", "--by", "product", "--language", "en", profile="insurer"
    ).out
    stuck = county.shell.ok("stats", "stuck", "--language", "en", profile="insurer")

    assert "claims" in speed
    assert "2026-W" in speed or "-W" in speed
    assert "farmer" in minutes
    assert "veterinary" in minutes
    assert "Nothing is stuck." in stuck.err or "held by" in stuck.out
    assert max(map(len, (speed + minutes).splitlines())) <= 80


def test_an_export_holds_every_claim_in_both_formats(county: County, tmp_path: Path) -> None:
    claim = county.report()
    told = county.world.officer("insurer").http.get("/insight").json()

    county.shell.ok("stats", "export", str(tmp_path / "claims.csv"), profile="insurer")
    county.shell.ok("stats", "export", str(tmp_path / "claims.parquet"), profile="insurer")

    with (tmp_path / "claims.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == told["claims"] + told["ended_unpaid"]
    assert claim in {row["number"] for row in rows}
    assert pq.read_table(tmp_path / "claims.parquet").num_rows == len(rows)
    assert not list(tmp_path.glob("*.part"))


def test_two_periods_are_the_apis_figures_and_fit_a_terminal(county: County) -> None:
    county.report()
    http = county.world.officer("insurer").http

    told = county.shell.json("stats", "compare", profile="insurer")
    shown = county.shell.ok("stats", "compare", "--species", "pig", profile="insurer").out
    half = county.shell.run("stats", "compare", "--against-from", "2026-11-01", "--json", profile="insurer")

    api = http.get("/insight/comparison").json()
    # Open claims have waited longer a moment later: what does not grow by itself is the same.
    same = ("filter", "against", "claims")
    assert {name: told[name] for name in same} == {name: api[name] for name in same}
    assert [one["figure"] for one in told["figures"]] == [one["figure"] for one in api["figures"]]
    assert told["claims"]["now"] > 0
    assert "≤ 15 min" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert (half.code, half.document["errors"][0]["pointer"]) == (2, "/against_to")


def test_wrong_filters_are_named_and_leave_no_file(county: County, tmp_path: Path) -> None:
    turned = county.shell.run(
        "stats", "speed", "--from", "2026-11-20", "--to", "2026-11-01", "--json", profile="insurer"
    )
    no_day = county.shell.run("stats", "minutes", "--from", "yesterday", "--json", profile="insurer")
    no_group = county.shell.run("stats", "speed", "--by", "moon", "--json", profile="insurer")
    no_format = county.shell.run("stats", "export", str(tmp_path / "claims.xls"), profile="insurer")
    not_theirs = county.shell.run(
        "stats", "export", str(tmp_path / "own.csv"), "--json", profile="veterinary"
    )

    assert (turned.code, turned.document["errors"][0]["pointer"]) == (2, "/to")
    assert (no_day.code, no_group.code, no_format.code) == (2, 2, 2)
    assert not_theirs.code == 4
    assert list(tmp_path.iterdir()) == []


def test_an_empty_county_has_no_figures_and_a_script_can_tell(county: County) -> None:
    told = county.shell.json("stats", "speed", "--county", "999999", profile="insurer")
    stuck = county.shell.run(
        "stats", "stuck", "--county", "999999", "--fail-empty", "--json", profile="insurer"
    )

    assert (told["claims"], told["paid_within_15_min"]) == (0, None)
    assert (stuck.code, stuck.document["claims"]) == (8, [])


def test_the_index_is_explained_with_every_weight(county: County) -> None:
    county.report()

    told = county.shell.json("stats", "quality", "--by", "product", profile="insurer")
    shown = county.shell.ok("stats", "quality", "--explain", "--language", "en", profile="insurer").out

    assert told["index"] is not None
    assert sum(one["weight"] for one in told["figures"]) == 100
    assert f"service quality {told['index']}" in shown or "service quality" in shown
    assert "It is what the farmer was promised." in " ".join(shown.split())
    assert "sum(weight * points)" in shown


def test_a_regulators_table_hides_what_counts_few(county: County) -> None:
    county.report()

    told = county.shell.json("stats", "regulator", "--month", "2026-10", profile="insurer")
    shown = county.shell.ok("stats", "regulator", profile="insurer").out
    lasting = county.shell.run("stats", "regulator", "--month", "2099-01", "--json", profile="insurer")

    assert (told["month"], told["fewest"]) == ("2026-10", 5)
    assert all(one["suppressed"] or one["claims"] >= 5 for one in told["groups"])
    assert "total" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert (lasting.code, lasting.document["code"]) == (2, "invalid-input")


def test_the_index_is_worked_out_again_from_the_export_without_a_server(
    county: County, tmp_path: Path
) -> None:
    county.report()
    file = tmp_path / "claims.csv"
    county.shell.ok("stats", "export", str(file), profile="insurer")

    again = county.shell.json("stats", "quality", "--from-export", str(file))
    shown = county.shell.ok("stats", "quality", "--explain", "--from-export", str(file)).out
    figures = county.shell.ok("stats", "quality", "--csv", "--from-export", str(file)).out
    none = county.shell.run("stats", "quality", "--from-export", str(tmp_path / "none.csv"))

    with file.open(newline="", encoding="utf-8") as opened:
        assert again["claims"] == len(list(csv.DictReader(opened)))
    assert {one["name"] for one in again["figures"]} >= {"paid_within_15_min", "rating", "nps"}
    assert [one["weight"] for one in csv.DictReader(figures.splitlines())] == [
        str(one["weight"]) for one in again["figures"]
    ]
    assert "sum(weight * points)" in shown
    assert none.code == 2
