"""Imports as an officer types them, with the examples of docs/importing.md."""

import csv
import json
import stat
from io import StringIO
from pathlib import Path

import geopandas
import pytest
from shapely import Polygon

from tests.cli.conftest import County, Shell

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "import"
YARD = Polygon([(113.0, 28.0), (113.001, 28.0), (113.001, 28.001), (113.0, 28.001)])


def test_a_dry_run_fits_eighty_columns_and_says_what_to_do(county: County, tmp_path: Path) -> None:
    path = tmp_path / "farms.csv"
    path.write_text("养殖场编号,养殖场名称,备注\nCLI-1,一场,x\nCLI-1,again,\n", encoding="gbk")

    done = county.shell.run("farm", "import", str(path), "--dry-run", profile="insurer")

    assert done.code == 2
    assert "farms.csv, 2 rows of farms: dry run, nothing is written" in done.out
    assert "stands in row 1 too" in done.out
    assert "texts read as GB18030" in done.out
    assert max(len(line) for line in done.out.splitlines()) <= 80
    assert "--skip-refused" in done.err


def test_a_shapefile_is_sent_with_the_files_beside_it(county: County, tmp_path: Path) -> None:
    path = tmp_path / "farms.shp"
    geopandas.GeoDataFrame({"farm_id": ["CLI-2"], "name": ["二场"]}, geometry=[YARD], crs=4326).to_file(path)

    first = county.shell.json("farm", "import", str(path), profile="insurer")
    again = county.shell.json("farm", "import", str(path), profile="insurer")

    assert (first["file"], first["new"], again["same"]) == ("farms.zip", 1, 1)
    listed = county.shell.json("import", "list", profile="insurer")["imports"]
    assert first["import"] in {one["id"] for one in listed}
    assert (
        "No registered value was changed."
        in county.shell.ok("import", "show", first["import"], profile="insurer").err
    )


def test_tokens_go_to_a_new_file_of_the_owner_alone(county: County, tmp_path: Path) -> None:
    rows, tokens = tmp_path / "officers.csv", tmp_path / "tokens.csv"
    rows.write_text("officer_id,name\npicc-changsha-8,赵\n", encoding="utf-8")
    command = ("officer", "import", str(rows), "--tokens", str(tokens), "--json")

    done = county.shell.ok(*command, profile="insurer")
    again = county.shell.run(*command, profile="insurer")

    ((officer, token),) = [
        tuple(row.values()) for row in csv.DictReader(StringIO(tokens.read_text(encoding="utf-8")))
    ]
    assert (officer, stat.S_IMODE(tokens.stat().st_mode)) == ("picc-changsha-8", 0o600)
    assert token not in done.out + done.err
    assert again.code == 2
    assert "exists and is not overwritten" in again.err
    assert county.shell.ok("login", "--token", token, profile="new-one").code == 0


def test_tokens_that_nobody_needed_leave_no_file(county: County, tmp_path: Path) -> None:
    rows, tokens = tmp_path / "officers.csv", tmp_path / "tokens.csv"
    rows.write_text("officer_id,name\npicc-changsha-1,周敏\n", encoding="utf-8")

    report = county.shell.json("officer", "import", str(rows), "--tokens", str(tokens), profile="insurer")

    assert (report["same"], tokens.exists()) == (1, False)


@pytest.mark.parametrize("path", ["missing.csv", "."])
def test_a_path_that_is_no_file_is_refused_before_anything_is_sent(county: County, path: str) -> None:
    done = county.shell.run("farm", "import", path, "--json", profile="insurer")

    assert (done.code, json.loads(done.out)["code"]) == (2, "invalid-input")


def test_the_examples_found_a_county_from_nothing(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "profiles", "http://127.0.0.1:9")
    data = {"FLASHCLAIM_DATA_FOLDER": str(tmp_path / "data")}
    assert shell.run("server", "migrate", **data).code == 0
    for register, new in (("officers", 7), ("farms", 3), ("policies", 3), ("herds", 4)):
        options = ["--datum", "wgs84", "--map", "县=county"] if register == "farms" else []
        file = EXAMPLES / f"{register}.csv"
        if register == "farms":
            text = file.read_text(encoding="utf-8").splitlines()
            file = tmp_path / "farms.csv"
            file.write_text(
                "\n".join([f"{text[0]},县", *(f"{line},430624" for line in text[1:])]), encoding="utf-8"
            )
        done = shell.run("server", "import", register, str(file), *options, "--json", **data)
        assert done.code == 0, done.err
        assert json.loads(done.out)["new"] == new
