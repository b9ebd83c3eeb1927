import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from cli.fence import app

FARMS = Path(__file__).resolve().parents[2] / "docs" / "examples" / "farms.geojson"


def run(*args: str, premises: str | None = str(FARMS)) -> Result:
    whole = typer.Typer()
    whole.add_typer(app, name="fence")
    file = ["--premises", premises] if premises else []
    return CliRunner().invoke(whole, ["fence", "check", *file, *args])


def test_json_has_exactly_the_promised_fields() -> None:
    result = run("--at", "112.9905,28.2262", "--accuracy", "12", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "decision": "INSIDE",
        "distance_m": 75.8,
        "probability_inside": 1.0,
        "accuracy_m": 12.0,
        "premises": "Lotus Pond pig farm 荷塘猪场",
        "nearest": {"premises": "East Ridge pig farm 东岭猪场", "distance_m": 196.8},
        "signals": [],
    }
    assert result.stderr == ""


def test_a_name_picks_one_premises() -> None:
    result = run(
        "--at", "112.9905,28.2262", "--accuracy", "12", "--name", "East Ridge pig farm 东岭猪场", "--json"
    )

    answer = json.loads(result.stdout)
    assert answer["decision"] == "OUTSIDE"
    assert answer["distance_m"] == -196.8
    assert answer["nearest"] == {"premises": "Lotus Pond pig farm 荷塘猪场", "distance_m": 0.0}


@pytest.mark.parametrize(
    ("options", "signals"),
    [
        ([], ["NO_ACCURACY"]),
        (["--accuracy", "0"], ["NO_ACCURACY"]),
        (["--accuracy", "100.5"], ["COARSE_FIX"]),
        (["--accuracy", "9", "--mock"], ["MOCK"]),
        (["--accuracy", "9", "--age", "121"], ["STALE_FIX"]),
    ],
)
def test_a_fix_not_to_be_trusted_is_unknown_with_exit_0(options: Sequence[str], signals: list[str]) -> None:
    result = run("--at", "112.9905,28.2262", *options, "--json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["decision"] == "UNKNOWN"
    assert answer["signals"] == signals
    assert answer["distance_m"] == 75.8


@pytest.mark.parametrize("spelling", [["--at", "-0.5,51"], ["--at=-0.5,51"]])
def test_a_western_longitude_is_not_taken_for_an_option(spelling: Sequence[str]) -> None:
    result = run(*spelling, "--accuracy", "9", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["decision"] == "OUTSIDE"


def test_a_chinese_datum_is_converted() -> None:
    result = run("--at", "112.996,28.2223", "--accuracy", "9", "--datum", "gcj02", "--json")

    assert json.loads(result.stdout)["decision"] == "INSIDE"


def test_without_json_one_sentence_says_metres_and_direction() -> None:
    result = run("--at", "112.9888,28.2262", "--accuracy", "15")

    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert "OUTSIDE: the fix lies 28.2 m W of Lotus Pond" in result.stdout


def test_all_wrong_options_are_named_at_once() -> None:
    result = run("--at", "12", "--accuracy", "-3", "--age", "old", "--datum", "mars", "--json", premises=None)

    problem = json.loads(result.stdout)
    assert result.exit_code == 2
    assert problem["code"] == "invalid-input"
    assert {error["pointer"] for error in problem["errors"]} == {
        "/premises",
        "/at",
        "/accuracy",
        "/age",
        "/datum",
    }
    assert "--age is 'old'" in result.stderr


@pytest.mark.parametrize("at", ["nan,1", "181,10", "10,91", "1,2,3", "east,north", "", "inf,inf"])
def test_a_place_that_is_none_is_unusable(at: str) -> None:
    result = run("--at", at, "--accuracy", "5")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "--at" in result.stderr


def test_an_unknown_name_lists_those_that_are_close() -> None:
    result = run("--at", "113,28", "--name", "East Ridge", "--json")

    problem = json.loads(result.stdout)
    assert result.exit_code == 2
    assert "East Ridge pig farm 东岭猪场" in problem["next"]
    assert "no premises called East Ridge" in result.stderr


@pytest.mark.parametrize("name", ["missing.geojson", "farms.docx"])
def test_a_file_that_cannot_be_read_is_unusable(tmp_path: Path, name: str) -> None:
    result = run("--at", "113,28", "--json", premises=str(tmp_path / name))

    problem = json.loads(result.stdout)
    assert result.exit_code == 2
    assert name in problem["detail"]
    assert problem["next"]
