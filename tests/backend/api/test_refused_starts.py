"""A server that cannot do its work does not start, and says which file or variable, and what to do."""

import json
import os
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.keeping import migrate_database
from backend.settings import Settings
from models.choice import choose
from models.counter import Predictor
from models.manifest import SHIPPED, read_manifest
from tests.databases import put_migrated
from tests.forked import Ended, forks


def start(folder: Path, *command: str, **environment: str) -> Ended:
    around = os.environ | {"FLASHCLAIM_DATA_FOLDER": str(folder), "LC_ALL": "C.UTF-8"} | environment
    return forks().run(("server", *(command or ("run", "--port", "0"))), around, seconds=60)


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    settings = Settings(data_folder=tmp_path)
    put_migrated(settings.database)
    migrate_database(settings)
    return tmp_path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


@pytest.mark.parametrize("command", [("run", "--port", "0"), ("worker",)])
def test_missing_weights_stop_the_start(migrated: Path, model: Path, command: tuple[str, ...]) -> None:
    weights = next(model.glob("*.onnx"))
    weights.unlink()

    refused = start(migrated, *command, FLASHCLAIM_MODEL_FOLDER=str(model))

    assert refused.code == 1
    assert str(weights) in refused.err
    assert "Next:" in refused.err
    assert "Traceback" not in refused.err


def test_changed_weights_stop_the_start(migrated: Path, model: Path) -> None:
    weights = next(model.glob("*.onnx"))
    weights.write_bytes(weights.read_bytes() + b"\0")

    refused = start(migrated, FLASHCLAIM_MODEL_FOLDER=str(model))

    assert refused.code == 1
    assert str(weights) in refused.err
    assert "has changed" in refused.err
    assert "Next:" in refused.err


def test_a_folder_without_a_manifest_stops_the_start(migrated: Path) -> None:
    refused = start(migrated, FLASHCLAIM_MODEL_FOLDER=str(migrated))

    assert refused.code == 1
    assert str(migrated / "manifest.json") in refused.err
    assert "Next:" in refused.err


def test_a_chosen_network_that_is_gone_stops_the_start(migrated: Path, model: Path) -> None:
    shipped = read_manifest(SHIPPED).full_name
    choose(migrated, shipped, Predictor.ONNX, by="li.wei", at=datetime(2026, 11, 25, tzinfo=UTC))
    document = json.loads((migrated / "model.json").read_text())
    (migrated / "model.json").write_text(json.dumps(document | {"model": "own-farms@7"}))

    refused = start(migrated, "worker")

    assert refused.code == 1
    assert "own-farms@7 was chosen on 2026-11-25" in refused.err
    assert "flashclaim model use" in refused.err
    assert "Traceback" not in refused.err


def test_a_database_without_the_schema_stops_the_start(tmp_path: Path) -> None:
    refused = start(tmp_path)

    assert refused.code == 1
    assert "flashclaim server migrate" in refused.err
    assert "Traceback" not in refused.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FLASHCLAIM_EFFECT_LEASE", "soon"),
        ("FLASHCLAIM_WORKER_THREADS", "0"),
        ("FLASHCLAIM_LANGUAGE", "fr"),
        ("FLASHCLAIM_PREDICTOR", "tflite"),
        ("FLASHCLAIM_PAYOUT_TARGET", "-1"),
        ("FLASHCLAIM_EMBEDDED_WORKER", "maybe"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, variable: str, value: str) -> None:
    refused = start(tmp_path, **{variable: value})

    assert refused.code == 2
    assert variable in refused.err
    assert "Next:" in refused.err
    assert "Traceback" not in refused.err


def test_a_port_that_is_taken_is_said(migrated: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = start(migrated, "run", "--port", str(taken.getsockname()[1]))

    assert refused.code == 1
    assert "--port" in refused.err


def test_a_database_server_that_is_not_there_stops_the_start_and_keeps_the_password(tmp_path: Path) -> None:
    refused = start(tmp_path, FLASHCLAIM_DATABASE_URL="postgresql://claims:geheim@127.0.0.1:1/claims")

    assert refused.code == 7
    assert "postgresql://claims:***@127.0.0.1:1/claims" in refused.err
    assert "Next: start the database server" in refused.err
    assert "geheim" not in refused.err
    assert "Traceback" not in refused.err


@pytest.mark.parametrize("url", ["mysql://here/claims", "postgres://here/claims", "claims.db"])
def test_a_database_that_we_do_not_know_is_a_setting_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    refused = start(tmp_path, "migrate", FLASHCLAIM_DATABASE_URL=url)

    assert refused.code == 2
    assert "FLASHCLAIM_DATABASE_URL" in refused.err
    assert "postgresql://" in refused.err
