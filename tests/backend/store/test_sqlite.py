"""One writer, many commands a commit: each fails alone, a failed commit fails all, nobody waits for ever."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import StorageFull
from backend.store import tables
from backend.store.sqlite import MOST_JOBS_A_COMMIT, SqliteEngine

PATIENCE_S = 20


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SqliteEngine]:
    engine = SqliteEngine(f"sqlite:///{tmp_path / 'made' / 'on the way' / 'a.db'}")
    engine.write(tables.metadata.create_all).result()
    yield engine
    engine.close()


@contextmanager
def in_one_commit(engine: SqliteEngine) -> Iterator[None]:
    """What is queued inside is gathered into one batch behind a job that waits."""
    begun, go_on = Event(), Event()

    def wait(_: Connection) -> None:
        begun.set()
        go_on.wait(PATIENCE_S)

    blocking = engine.write(wait)
    begun.wait(PATIENCE_S)
    yield
    go_on.set()
    blocking.result(PATIENCE_S)


def add_farm(connection: Connection, name: str) -> str:
    connection.execute(insert(tables.farms), {"id": name, "name": name, "county": "370800"})
    return name


def add_orphan(connection: Connection) -> None:
    """A policy of no farm, which SQLite finds out about at the commit."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    row = {"tag": "1", "farm_id": "nowhere", "species": "pig"}
    connection.execute(insert(tables.herd_animals), row)


def farms_in(engine: SqliteEngine) -> set[str]:
    return set(engine.read(lambda c: c.scalars(select(tables.farms.c.id)).all(), EVERYWHERE))


def test_what_was_answered_is_durable_for_another_connection(engine: SqliteEngine, tmp_path: Path) -> None:
    engine.write(lambda c: add_farm(c, "F1")).result()

    with sqlite3.connect(tmp_path / "made" / "on the way" / "a.db") as other:
        assert other.execute("SELECT id FROM farms").fetchall() == [("F1",)]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_writer_syncs_every_commit(engine: SqliteEngine) -> None:
    full = 2

    assert engine.write(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar()).result() == full


def test_a_failing_job_fails_alone_and_leaves_nothing(engine: SqliteEngine) -> None:
    def fail_after_writing(connection: Connection) -> None:
        add_farm(connection, "half")
        raise ValueError("the third step")

    with in_one_commit(engine):
        before = engine.write(lambda c: add_farm(c, "F1"))
        failing = engine.write(fail_after_writing)
        clashing = engine.write(lambda c: add_farm(c, "F1"))
        after = engine.write(lambda c: add_farm(c, "F2"))

    assert (before.result(), after.result()) == ("F1", "F2")
    with pytest.raises(ValueError, match="the third step"):
        failing.result()
    with pytest.raises(IntegrityError):
        clashing.result()
    assert farms_in(engine) == {"F1", "F2"}


def test_a_failing_commit_fails_every_job_of_it(engine: SqliteEngine) -> None:
    with in_one_commit(engine):
        jobs: list[Future[object]] = [
            engine.write(lambda c: add_farm(c, "F1")),
            engine.write(add_orphan),
            engine.write(lambda c: add_farm(c, "F2")),
        ]
    for job in jobs:
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            job.result(PATIENCE_S)

    assert farms_in(engine) == set()
    assert engine.write(lambda c: add_farm(c, "F3")).result() == "F3"


def test_a_transaction_that_sqlite_gave_up_fails_every_job_of_it(engine: SqliteEngine) -> None:
    def lose_the_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise ValueError("as on an input/output error")

    with in_one_commit(engine):
        jobs = [
            engine.write(lambda c: add_farm(c, "F1")),
            engine.write(lose_the_transaction),
            engine.write(lambda c: add_farm(c, "F2")),
        ]
    for job in jobs:
        with pytest.raises(ValueError, match="input/output"):
            job.result(PATIENCE_S)

    assert farms_in(engine) == set()
    assert engine.write(lambda c: add_farm(c, "F3")).result() == "F3"


def test_a_locked_database_fails_the_jobs_instead_of_keeping_them(
    engine: SqliteEngine, tmp_path: Path
) -> None:
    engine.write(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=50")).result()
    other = sqlite3.connect(tmp_path / "made" / "on the way" / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"):
        engine.write(lambda c: add_farm(c, "F1")).result(PATIENCE_S)

    other.close()
    assert engine.write(lambda c: add_farm(c, "F1")).result() == "F1"


def test_a_full_disk_is_said_as_such_and_nothing_is_half_written(engine: SqliteEngine) -> None:
    engine.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1")).result()

    with pytest.raises(StorageFull):
        engine.write(lambda c: [add_farm(c, f"{n:0100}") for n in range(2_000)]).result()

    assert farms_in(engine) == set()
    engine.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=100000")).result()
    assert engine.write(lambda c: add_farm(c, "F1")).result() == "F1"


def test_more_jobs_than_a_commit_takes_are_all_done(engine: SqliteEngine) -> None:
    many = 3 * MOST_JOBS_A_COMMIT + 1

    with in_one_commit(engine):
        jobs = [engine.write(lambda c, n=n: add_farm(c, f"F{n}")) for n in range(many)]

    assert [job.result() for job in jobs] == [f"F{n}" for n in range(many)]
    assert len(farms_in(engine)) == many


def test_a_cancelled_job_is_left_out_and_does_not_end_the_writer(engine: SqliteEngine) -> None:
    with in_one_commit(engine):
        cancelled = engine.write(lambda c: add_farm(c, "F1"))
        kept = engine.write(lambda c: add_farm(c, "F2"))
        assert cancelled.cancel()

    assert kept.result(PATIENCE_S) == "F2"
    with pytest.raises(CancelledError):
        cancelled.result()
    assert farms_in(engine) == {"F2"}


def test_a_database_that_cannot_be_opened_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        SqliteEngine(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a file"):
        SqliteEngine(url)
