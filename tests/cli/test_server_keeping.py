"""``server backup``, ``restore`` and ``move`` as an operator runs them: words, documents, exit codes."""

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.busy_county import a_busy_county, url_of
from tests.cli.conftest import Ran
from tests.databases import a_database
from tests.keys import kept_in


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("county")
    with a_busy_county(folder):
        return url_of(folder)


def server(database: str, folder: Path, *arguments: str) -> Ran:
    """One command of an installation that keeps its photos in *folder*; in this process, for it loads much."""
    others = {name: None for name in os.environ if name.startswith("FLASHCLAIM_")}
    kept_in(folder / "keys")
    own = {"FLASHCLAIM_DATABASE_URL": database, "FLASHCLAIM_DATA_FOLDER": str(folder), "COLUMNS": "80"}
    done = CliRunner().invoke(app, ["server", *arguments], env=others | own)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Ran(done.exit_code, done.stdout, done.stderr)


def new(folder: Path) -> str:
    return f"sqlite:///{folder / 'restored.db'}"


def test_a_backup_is_made_checked_and_restored(at_rest: str, tmp_path: Path) -> None:
    backups = tmp_path / "backups"

    # The busy county's photos are hashes only: the backup says that they are not there, and stands.
    saved = server(at_rest, tmp_path, "backup", str(backups))
    checked = server(at_rest, tmp_path, "restore", str(backups), "--check", "--json")
    restored = server(new(tmp_path), tmp_path, "restore", str(backups))
    again = server(new(tmp_path), tmp_path, "restore", str(backups), "--json")

    assert saved.code == 1
    assert Path(saved.out.strip()).parent == backups
    assert "recorded photos are gone or damaged" in saved.err
    assert (checked.code, checked.document["restored"]) == (0, False)
    assert restored.code == 0, restored.err
    assert "9 claims and" in restored.err
    assert "Payments are stopped" in restored.err
    assert "compare the account's statement since then; flashclaim payout resume" in restored.err
    assert restored.out == ""
    assert (again.code, again.document["code"]) == (5, "target-not-empty")


def test_what_cannot_be_restored_ends_with_words(at_rest: str, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    missing = server(new(tmp_path), tmp_path, "restore", str(backups))
    [path] = [Path(server(at_rest, tmp_path, "backup", str(backups)).out.strip())]
    (path / "tables" / "events.jsonl.gz").write_bytes(b"")
    damaged = server(new(tmp_path), tmp_path, "restore", str(backups))

    assert (missing.code, "backup-missing" in missing.err) == (3, True)
    assert (damaged.code, "events.jsonl.gz has sha-256" in damaged.err) == (2, True)
    assert not (tmp_path / "restored.db").exists()
    for said in (missing, damaged):
        assert "Next:" in said.err
        assert "Traceback" not in said.err


def test_a_database_moves_to_postgres_and_the_command_says_what_to_set(at_rest: str, tmp_path: Path) -> None:
    with a_database("postgresql", tmp_path) as postgres:
        moved = server(at_rest, tmp_path, "move", "--to", postgres)
        once_more = server(at_rest, tmp_path, "move", "--to", postgres, "--json")

    assert moved.code == 0, moved.err
    assert "events" in moved.out
    assert f"Next: FLASHCLAIM_DATABASE_URL={postgres}" in moved.err
    assert (once_more.code, once_more.document["code"]) == (5, "target-not-empty")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("mysql://x", "database-unusable"),
        ("postgresql+psycopg://root:word@127.0.0.1:9/x", "database-unusable"),
    ],
)
def test_a_target_that_is_no_database_is_said_without_its_password(
    at_rest: str, tmp_path: Path, target: str, code: str
) -> None:
    refused: Any = server(at_rest, tmp_path, "move", "--to", target, "--json")

    assert (refused.code, refused.document["code"]) == (2, code)
    assert "word" not in refused.err + refused.out


def test_an_old_schema_is_said(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "old.db"):
        pass

    for command in (("backup", str(tmp_path / "b")), ("move", "--to", new(tmp_path))):
        refused = server(f"sqlite:///{tmp_path / 'old.db'}", tmp_path, *command)
        assert (refused.code, "Next: flashclaim server migrate" in refused.err) == (1, True)
    assert not (tmp_path / "restored.db").exists()
