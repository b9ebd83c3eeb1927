"""``/readyz``: each thing that a server needs is looked at, and what fails says why and what to do."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update

from backend import stopping
from backend.bootstrap import Parts, assemble
from backend.settings import Settings
from backend.store import tables
from backend.workflows.readiness import Check, Duty, is_ready
from tests.databases import put_migrated
from tests.fakes import FakeBank
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, FakeCounter, World, running_world
from tests.logbook import kept_log

API = Duty(serves=True, works=False)
WORKER = Duty(serves=False, works=True)
BOTH = Duty(serves=True, works=True)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """An installation whose worker was started."""
    settings = Settings(data_folder=tmp_path)
    put_migrated(settings.database)
    with kept_log(), assemble(settings, counter=FakeCounter(), bank=FakeBank()) as parts:
        parts.worker.start()
        yield parts
        parts.worker.stop()


def looked(parts: Parts, duty: Duty = BOTH) -> dict[str, Check]:
    return {one.check: one for one in parts.readiness.look(duty)}


def failing(parts: Parts, duty: Duty = BOTH) -> Check:
    """The one check that fails; it has to stop the process from being ready, and to say what to do."""
    checks = parts.readiness.look(duty)
    (wrong,) = [check for check in checks if not check.ok]
    assert not is_ready(checks)
    assert wrong.why
    assert wrong.next.endswith(".")
    return wrong


def test_a_server_that_is_well_is_ready(parts: Parts) -> None:
    checks = looked(parts)

    assert is_ready(tuple(checks.values()))
    assert list(checks) == ["stopping", "database", "schema", "rows", "effects", "photos", "disk", "worker"]
    assert "worker" not in looked(parts, API)


def test_a_database_whose_file_is_gone_is_told_although_sqlite_would_write_on(
    parts: Parts, tmp_path: Path
) -> None:
    parts.worker.stop()
    for file in tmp_path.glob("flashclaim.db*"):
        file.unlink()

    wrong = failing(parts, API)

    assert (wrong.check, "would be lost" in wrong.why) == ("database", True)
    assert str(tmp_path) not in wrong.why


def test_a_database_that_is_closed_is_told(parts: Parts) -> None:
    parts.worker.stop()
    parts.store.engine.close()

    assert failing(parts, API).check == "database"


def test_a_database_that_does_not_answer_in_time_is_told(parts: Parts, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "flashclaim.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        wrong = failing(parts)

        other.execute("ROLLBACK")
    assert (wrong.check, wrong.why) == ("database", "no answer within 2 s")


def test_another_schema_is_told_with_both_revisions(parts: Parts) -> None:
    parts.store.submit(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    ).result()

    wrong = failing(parts)

    assert wrong.check == "schema"
    assert "at schema old, this version needs 2" in wrong.why
    assert "flashclaim server migrate" in wrong.next


def test_a_photo_store_that_cannot_be_written_is_told_without_its_path(parts: Parts, tmp_path: Path) -> None:
    # A file in the folder's place: permissions would not stop root.
    shutil.rmtree(tmp_path / "photos")
    (tmp_path / "photos").write_text("in the way")

    wrong = failing(parts)

    assert (wrong.check, wrong.why) == ("photos", "Not a directory")


def test_too_little_room_on_the_disk_is_told_with_the_floor(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, disk_floor=10**9)
    put_migrated(settings.database)
    with assemble(settings, counter=FakeCounter(), bank=FakeBank()) as parts:
        wrong = failing(parts, API)

    assert (wrong.check, "the floor is 1000000000 MB" in wrong.why) == ("disk", True)


def test_a_worker_whose_threads_have_ended_is_told(parts: Parts) -> None:
    parts.worker.stop()

    assert failing(parts).check == "worker"


def test_effects_that_nobody_carries_out_stop_a_worker_and_never_an_api(tmp_path: Path) -> None:
    with running_world(tmp_path, farms=2) as world:
        claim = world.report(world.policy(), [a_photo()])
        world.wait(claim, "JOINT_REVIEW")
        ready = world.parts.readiness
        overdue = {"due_at": world.parts.clock() - timedelta(minutes=6), "leased_until": world.parts.clock()}
        in_an_hour = world.parts.clock() + timedelta(hours=1)
        one = tables.effects.c.kind == "verify"
        world.parts.store.submit(
            lambda connection: connection.execute(
                update(tables.effects)
                .where(one)
                .values(state="pending", **overdue | {"leased_until": in_an_hour})
            )
        ).result()

        as_api, as_worker = ready.look(BOTH), ready.look(WORKER)
        answer = httpx.get(f"{world.url}/readyz", **PLAIN)

    lag = next(check for check in as_api if check.check == "effects")
    assert (lag.ok, lag.required, "has been due for 36" in lag.why) == (False, False, True)
    assert (is_ready(as_api), is_ready(as_worker)) == (True, False)
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_a_server_that_was_asked_to_end_answers_503_and_goes_on_answering(world: World) -> None:
    stopping.asked.set()
    try:
        ready = httpx.get(f"{world.url}/readyz", **PLAIN)
        alive = httpx.get(f"{world.url}/healthz", **PLAIN)
    finally:
        stopping.asked.clear()

    body: dict[str, Any] = ready.json()
    assert (ready.status_code, body["ready"]) == (503, False)
    assert [check["check"] for check in body["checks"] if not check["ok"]] == ["stopping"]
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
