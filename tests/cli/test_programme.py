"""Programmes as the insurer types them."""

import json
from pathlib import Path

from tests.cli.conftest import County


def a_file(folder: Path, county: County, name: str, most: str) -> str:
    path = folder / "programmes.csv"
    path.write_text(
        f"项目编号,项目名称,区县代码,起始日期,终止日期,项目限额\n{name},生猪保险,{county.world.county['county']},2026-01-01,2026-12-31,{most}\n",
        encoding="utf-8",
    )
    return str(path)


def test_a_programme_is_imported_listed_and_shown(county: County, tmp_path: Path) -> None:
    file = a_file(tmp_path, county, "CLI-G1", "3000000.00")

    planned = county.shell.json("programme", "import", file, "--dry-run", profile="insurer")
    written = county.shell.json("programme", "import", file, profile="insurer")
    listed = county.shell.json("programme", "list", profile="insurer")["programmes"]
    shown = county.shell.json("programme", "show", "CLI-G1", profile="insurer")
    screen = county.shell.ok("programme", "list", profile="insurer").out

    assert (planned["dry_run"], planned["import"], written["new"]) == (True, None, 1)
    (row,) = [one for one in listed if one["id"] == "CLI-G1"]
    assert (row["limit"], row["used"], row["left"], row["policies"]) == (
        "3000000.00",
        "0.00",
        "3000000.00",
        0,
    )
    assert shown == row | {"waiting": []}
    assert "3,000,000.00" in screen
    assert max(len(line) for line in screen.splitlines()) <= 80


def test_a_programme_that_nobody_knows_is_not_found(county: County) -> None:
    done = county.shell.run("programme", "show", "NOWHERE", "--json", profile="insurer")

    assert (done.code, json.loads(done.out)["code"]) == (3, "not-found")


def test_programmes_are_the_insurers_to_see_and_to_import(county: County, tmp_path: Path) -> None:
    file = a_file(tmp_path, county, "CLI-G2", "1.00")

    listed = county.shell.run("programme", "list", profile="veterinary")
    imported = county.shell.run("programme", "import", file, profile="veterinary")

    assert (listed.code, imported.code) == (4, 4)
