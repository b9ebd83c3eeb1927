"""``audit replay`` as an auditor runs it at the server: words, document, exit codes, on both kinds of database."""

import os
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.busy_county import a_busy_county, url_of
from tests.cli.conftest import Ran
from tests.databases import a_database
from tests.keys import kept_in


@pytest.fixture
def at_rest(tmp_path: Path) -> Path:
    with a_busy_county(tmp_path):
        return tmp_path


def run(database: str, folder: Path, *arguments: str) -> Ran:
    kept_in(folder / "keys")
    others = {name: None for name in os.environ if name.startswith("FLASHCLAIM_")}
    own = {"FLASHCLAIM_DATABASE_URL": database, "FLASHCLAIM_DATA_FOLDER": str(folder), "COLUMNS": "80"}
    done = CliRunner().invoke(app, list(arguments), env=others | own)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Ran(done.exit_code, done.stdout, done.stderr)


def test_a_database_that_is_what_happened_is_said_to_be(at_rest: Path) -> None:
    plain = run(url_of(at_rest), at_rest, "audit", "replay")
    told = run(url_of(at_rest), at_rest, "audit", "replay", "--json")

    assert plain.code == 0, plain.err
    assert "9 claims" in plain.out
    assert (told.document["claims"], told.document["differences"], told.document["folded_only"]) == (
        9,
        [],
        {},
    )
    assert told.document["decisions"] > 20


def test_the_first_difference_is_named_and_the_exit_code_is_one(at_rest: Path) -> None:
    with sqlite3.connect(at_rest / "county.db") as database:
        database.execute("UPDATE claims SET amount = amount + 1 WHERE state = 'PAID'")
        (number,) = database.execute("SELECT number FROM claims WHERE state = 'PAID'").fetchone()

    plain = run(url_of(at_rest), at_rest, "audit", "replay")
    told = run(url_of(at_rest), at_rest, "audit", "replay", "--claim", number, "--json")

    assert plain.code == 1
    assert f"{number}: claims.amount is" in plain.out
    assert "Next:" in plain.err
    assert told.code == 1
    first = told.document["differences"][0]
    assert (first["claim"], first["field"]) == (number, "claims.amount")
    assert (first["recorded"], first["replayed"]) == ("1400.01", "1400.00")


def test_a_claim_that_is_not_there_is_not_found(at_rest: Path) -> None:
    done = run(url_of(at_rest), at_rest, "audit", "replay", "--claim", "FC-20200101-9999")

    assert done.code == 3


def test_it_runs_on_postgres_too(at_rest: Path) -> None:
    with a_database("postgresql", at_rest) as url:
        moved = run(url_of(at_rest), at_rest, "server", "move", "--to", url)
        told = run(url, at_rest, "audit", "replay", "--json")

    assert moved.code == 0, moved.err
    assert told.code == 0, told.out
    assert (told.document["claims"], told.document["differences"]) == (9, [])
