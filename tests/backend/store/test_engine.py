"""What both engines promise: atomic, durable, one snapshot a reader, news after the fact, an orderly end."""

from collections.abc import Iterator
from concurrent.futures import Future
from threading import Event, current_thread

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.domain.authority.sight import EVERYWHERE
from backend.store import tables
from backend.store.engine import DatabaseEngine, open_engine
from tests.journeys.world import eventually

PATIENCE_S = 20


@pytest.fixture
def engine(database: str) -> Iterator[DatabaseEngine]:
    engine = open_engine(database)
    engine.write(tables.metadata.create_all).result()
    yield engine
    engine.close()


def add_farm(connection: Connection, name: str) -> str:
    connection.execute(insert(tables.farms), {"id": name, "name": name, "county": "370800"})
    return name


def farms_in(engine: DatabaseEngine) -> set[str]:
    return set(engine.read(lambda c: c.scalars(select(tables.farms.c.id)).all(), EVERYWHERE))


def test_a_failing_job_leaves_nothing_and_keeps_nobody_from_writing(engine: DatabaseEngine) -> None:
    def fail_after_writing(connection: Connection) -> None:
        add_farm(connection, "half")
        raise ValueError("the third step")

    with pytest.raises(ValueError, match="the third step"):
        engine.write(fail_after_writing).result(PATIENCE_S)
    engine.write(lambda c: add_farm(c, "F1")).result(PATIENCE_S)
    with pytest.raises(IntegrityError):
        engine.write(lambda c: add_farm(c, "F1")).result(PATIENCE_S)

    assert farms_in(engine) == {"F1"}


def test_many_at_once_are_all_written(engine: DatabaseEngine) -> None:
    jobs = [engine.write(lambda c, n=n: add_farm(c, f"F{n}")) for n in range(200)]

    assert [job.result(PATIENCE_S) for job in jobs] == [f"F{n}" for n in range(200)]
    assert len(farms_in(engine)) == 200


def test_readers_cannot_write(engine: DatabaseEngine) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        engine.read(lambda c: add_farm(c, "F1"), EVERYWHERE)


def test_a_reader_sees_one_snapshot(engine: DatabaseEngine) -> None:
    def count_twice(connection: Connection) -> tuple[object, object]:
        count = select(func.count()).select_from(tables.farms)
        before = connection.scalar(count)
        engine.write(lambda c: add_farm(c, "F1")).result()
        return before, connection.scalar(count)

    assert engine.read(count_twice, EVERYWHERE) == (0, 0)
    assert farms_in(engine) == {"F1"}


def test_news_is_told_once_it_is_durable_and_not_of_what_failed(engine: DatabaseEngine) -> None:
    heard: list[tuple[frozenset[str] | None, set[str]]] = []
    engine.listen(lambda topics: heard.append((topics, farms_in(engine))))

    def say(connection: Connection, name: str) -> None:
        add_farm(connection, name)
        engine.announce(connection, name)

    def say_and_fail(connection: Connection) -> None:
        say(connection, "half")
        raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        engine.write(say_and_fail).result(PATIENCE_S)
    engine.write(lambda c: say(c, "F1")).result(PATIENCE_S)
    eventually(lambda: heard, PATIENCE_S)

    assert heard == [(frozenset({"F1"}), {"F1"})]


def test_another_process_hears_that_something_was_committed(engine: DatabaseEngine, database: str) -> None:
    elsewhere, heard = open_engine(database), Event()
    leave = elsewhere.listen(lambda _: heard.set())

    def say(connection: Connection) -> None:
        add_farm(connection, "F1")
        engine.announce(connection, "F1")

    engine.write(say).result(PATIENCE_S)
    assert heard.wait(PATIENCE_S)
    leave()
    elsewhere.close()


def test_a_listener_that_fails_keeps_nobody_from_hearing(engine: DatabaseEngine) -> None:
    heard = Event()

    def fail(_: frozenset[str] | None) -> None:
        raise RuntimeError("deaf")

    engine.listen(fail)
    engine.listen(lambda _: heard.set())
    engine.write(lambda c: engine.announce(c, "F1")).result(PATIENCE_S)

    assert heard.wait(PATIENCE_S)


def test_closing_finishes_what_is_queued_and_refuses_what_comes_later(database: str) -> None:
    engine = open_engine(database)
    queued: list[Future[object]] = [engine.write(lambda _: current_thread().name) for _ in range(100)]

    engine.close()
    engine.close()

    assert all(job.done() and "store-writer" in str(job.result()) for job in queued)
    with pytest.raises(RuntimeError, match=r"closed|shutdown"):
        engine.write(lambda _: 1)


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_engine("mysql://127.0.0.1/claims")
