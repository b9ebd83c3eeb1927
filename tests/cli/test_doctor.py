import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, insert, text

from backend.diagnosis import Finding, examine
from backend.keeping import migrate_database
from backend.settings import Settings
from backend.store import tables
from cli.checks.check import Grade
from cli.checks.installation import installation
from cli.checks.server import skew
from cli.exits import Exit
from models.manifest import SHIPPED
from tests.cli.conftest import County, Ran, Shell
from tests.databases import put_migrated
from tests.models.networks import an_export

HERE = ("python", "packages", "extras", "time-zone")


@pytest.fixture
def machine(county: County, tmp_path: Path) -> Shell:
    """A machine of its own, with everyone's sign-in."""
    shutil.copytree(county.shell.folder, tmp_path / "profiles")
    return Shell(tmp_path / "profiles", county.world.url)


def wrong(done: Ran) -> dict[str, str]:
    """What does not work, with its advice."""
    return {check["check"]: check["advice"] for check in done.document["checks"] if not check["ok"]}


def test_a_machine_that_is_well_ends_with_0(machine: Shell) -> None:
    done = machine.run("doctor", "--json", profile="insurer")

    assert done.code == Exit.OK
    assert done.document["ok"] is True
    assert [check["check"] for check in done.document["checks"]] == [
        *(*HERE, "here", "secrets", "server", "ready", "clock", "sign-in", "key"),
        *("audit log", "effects"),
    ]


def test_doctor_says_for_which_policies_a_farmer_is_signed_in(county: County, machine: Shell) -> None:
    told = {check["check"]: check["detail"] for check in machine.json("doctor", profile="farmer")["checks"]}

    assert county.world.policy("pig")["policy_number"] in told["sign-in"]


def test_without_a_sign_in_doctor_says_to_sign_in(machine: Shell) -> None:
    done = machine.run("doctor", "--json", profile="stranger")

    assert done.code == Exit.FAILED
    assert "flashclaim login" in wrong(done)["sign-in"]


def test_files_that_others_can_read_are_named(machine: Shell) -> None:
    key = machine.folder / "insurer.picc-changsha-1.key.pem"
    key.chmod(0o644)

    done = machine.run("doctor", "--json", profile="insurer")

    assert done.code == Exit.FAILED
    assert wrong(done) == {"secrets": f"chmod 600 {key}"}


def test_a_key_that_the_server_does_not_know_is_told(machine: Shell) -> None:
    shutil.copy(
        machine.folder / "veterinary.vet-changsha-1.key.pem",
        machine.folder / "insurer.picc-changsha-1.key.pem",
    )

    done = machine.run("doctor", "--json", profile="insurer")

    assert wrong(done) == {"key": "flashclaim keys new"}


def test_a_session_that_has_ended_is_told(machine: Shell) -> None:
    (machine.folder / "insurer.session").write_text("long-ago")

    done = machine.run("doctor", "--json", profile="insurer")

    assert "sign-in" in wrong(done)


def test_a_server_that_does_not_answer_is_told_in_80_columns(machine: Shell) -> None:
    done = machine.run("doctor", "--server", "http://127.0.0.1:9", profile="insurer")

    assert done.code == Exit.FAILED
    assert "fail  server" in done.out
    assert [line for line in done.out.splitlines() if len(line) > 80 and "/" not in line] == []


def test_a_server_machine_needs_no_sign_in_and_its_installation_is_looked_at(
    machine: Shell, tmp_path: Path
) -> None:
    migrated(tmp_path / "data")

    done = machine.run(
        "doctor",
        "--json",
        profile="stranger",
        FLASHCLAIM_DATA_FOLDER=str(tmp_path / "data"),
        FLASHCLAIM_SERVER="",
    )

    grades = {check["check"]: check["grade"] for check in done.document["checks"]}
    assert (done.code, grades["schema"], grades["model"], grades["sign-in"]) == (
        Exit.OK,
        "ok",
        "ok",
        "warn",
    )


def test_the_base_install_needs_no_server_extra(tmp_path: Path) -> None:
    hidden = (
        "litestar",
        "sqlalchemy",
        "msgspec",
        "structlog",
        "prometheus_client",
        "uvicorn",
        "alembic",
        "psycopg",
        "torch",
        "ultralytics",
    )
    program = (
        "import sys; from importlib.machinery import PathFinder\n"
        f"find, hidden = PathFinder.find_spec, {hidden!r}\n"
        "PathFinder.find_spec = lambda name, *a, **k: None if name.split('.')[0] in hidden else find(name, *a, **k)\n"
        "from cli.main import main; sys.argv = ['flashclaim', 'doctor', '--json']; main()"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASHCLAIM_")}
    own = {"FLASHCLAIM_CLI_FOLDER": str(tmp_path), "FLASHCLAIM_DATA_FOLDER": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=kept | own,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    checks = {check["check"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.returncode == Exit.FAILED, done.stderr
    assert checks["extras"]["detail"] == "none; the officers' commands need none"
    assert checks["here"]["advice"] == "pip install 'flashclaim[server]'"


def migrated(folder: Path) -> Path:
    """This data folder, with its database and keys."""
    settings = Settings(data_folder=folder)
    put_migrated(settings.database)
    migrate_database(settings)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation's data folder, migrated."""
    return migrated(tmp_path)


@pytest.fixture
def bank() -> Iterator[str]:
    """A bank's address where nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def found(folder: Path, **variables: str) -> dict[str, Finding]:
    """What doctor finds in an installation's folder."""
    environment = {"FLASHCLAIM_DATA_FOLDER": str(folder)} | variables
    return {finding.check: finding for finding in examine(environment)}


def changed(folder: Path, *statements: Any) -> None:
    """Alter an installation's database from outside."""
    engine = create_engine(f"sqlite:///{folder / 'flashclaim.db'}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def test_an_installation_that_is_well_fails_nothing(folder: Path, bank: str) -> None:
    seen = found(folder, FLASHCLAIM_BANK_URL=bank)

    assert [one for one in seen.values() if one.grade == Grade.FAIL] == []
    assert "journal mode" in seen["database"].detail
    assert seen["bank"].grade == Grade.WARN
    assert "sandbox" in seen["bank"].detail


def test_a_value_that_cannot_be_used_and_a_variable_that_nobody_reads_are_named(folder: Path) -> None:
    bad = found(folder, FLASHCLAIM_WORKER_THREADS="many")
    odd = found(folder, FLASHCLAIM_WORKER_THREAD="2")

    assert list(bad) == ["settings"]
    assert "FLASHCLAIM_WORKER_THREADS" in bad["settings"].detail
    assert (odd["settings"].grade, "FLASHCLAIM_WORKER_THREAD" in odd["settings"].detail) == (Grade.WARN, True)


def test_the_published_secret_towards_a_real_bank_is_refused(folder: Path) -> None:
    seen = found(folder, FLASHCLAIM_BANK_URL="https://bank.example")

    assert (seen["settings"].grade, "FLASHCLAIM_BANK_SECRET" in seen["settings"].detail) == (Grade.FAIL, True)


def test_a_missing_database_and_an_old_schema_say_how_to_migrate(folder: Path, tmp_path: Path) -> None:
    missing = found(tmp_path / "nowhere")
    changed(folder, text("UPDATE alembic_version SET version_num = 'old'"))
    old = found(folder)

    assert (missing["database"].grade, missing["disk"].grade) == (Grade.FAIL, Grade.FAIL)
    assert "flashclaim server migrate" in missing["database"].advice
    assert (old["schema"].grade, old["schema"].advice) == (Grade.FAIL, "flashclaim server migrate")


def test_a_database_server_that_is_away_is_told_without_its_password(folder: Path) -> None:
    away = found(folder, FLASHCLAIM_DATABASE_URL="postgresql+psycopg://someone:secret@127.0.0.1:9/claims")
    unknown = found(folder, FLASHCLAIM_DATABASE_URL="nodatabase://x")

    assert (away["database"].grade, "secret" in away["database"].detail) == (Grade.FAIL, False)
    assert (list(unknown), unknown["settings"].grade) == (["settings"], Grade.FAIL)


def test_dead_effects_and_effects_that_nobody_carries_out_are_told(folder: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    row = {"claim_id": uuid4(), "kind": "notify", "arguments": {}, "due_at": long_ago, "failures": 0}
    put = [
        insert(tables.effects).values(row | {"id": uuid4(), "state": state, "lease_token": 0})
        for state in ("pending", "dead")
    ]
    changed(folder, *put)

    seen = found(folder)

    assert (seen["effects"].grade, seen["effects"].detail) == (Grade.WARN, "1 are dead: a person has to look")
    assert (seen["worker"].grade, "60 min" in seen["worker"].detail) == (Grade.FAIL, True)


def test_a_full_disk_unwritable_photos_and_changed_weights_are_told(folder: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(SHIPPED, weights)
    with next(weights.glob("*.onnx")).open("ab") as network:
        network.write(b"!")
    (folder / "photos").write_text("in the way")

    seen = found(folder, FLASHCLAIM_DISK_FLOOR=str(10**9), FLASHCLAIM_MODEL_FOLDER=str(weights))

    assert [seen[name].grade for name in ("disk", "photos", "model")] == [Grade.FAIL] * 3
    assert "has changed" in seen["model"].detail


def test_a_network_that_is_whole_and_cannot_run_is_told(folder: Path, tmp_path: Path) -> None:
    weights = an_export(tmp_path / "weights", classes=["cattle", "pig"])

    seen = found(folder, FLASHCLAIM_MODEL_FOLDER=str(weights))

    assert (seen["model"].grade, "2 classes of the manifest" in seen["model"].detail) == (Grade.FAIL, True)
    assert seen["model"].advice == "Export the network and its manifest together."


def test_a_port_that_another_program_has_is_told(folder: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]

        seen = found(folder, FLASHCLAIM_WORKER_ADDRESS=f"127.0.0.1:{port}")

    assert (seen[f"port-{port}"].grade, "another program" in seen[f"port-{port}"].detail) == (
        Grade.WARN,
        True,
    )


def test_a_clock_that_is_minutes_off_fails_with_advice() -> None:
    right = skew("clock", "server", datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"))
    off = skew("clock", "server", "Mon, 23 Nov 2020 08:00:00 GMT")

    assert right is not None
    assert off is not None
    assert (right.grade, off.grade, "NTP" in off.advice) == (Grade.OK, Grade.FAIL, True)
    assert skew("clock", "server", None) is None


def test_a_machine_without_an_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    (only,) = installation({})

    assert (only.check, only.grade) == ("here", Grade.OK)
