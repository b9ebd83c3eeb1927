"""From one database to another: every row the same, the source untouched, and nothing half-done when it fails."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, text

from backend.domain.ids import ClaimId
from backend.products.load import products
from backend.store import tables
from backend.store.copying import tally_of
from backend.store.engine import open_engine
from backend.store.migrate import SchemaOutdated, migrate
from backend.store.moving import Move, move
from backend.store.portable import Tally
from backend.store.refusals import (
    CopyDiffers,
    CopyUnfinished,
    DatabaseInUse,
    DatabaseUnusable,
    TargetNotEmpty,
)
from backend.store.run import Store
from tests.builders import REPORTED_AT, a_report
from tests.busy_county import a_busy_county, looking, url_of
from tests.databases import a_database
from tests.keys import KEYS


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A county at rest; no test may change it."""
    folder = tmp_path_factory.mktemp("county")
    with a_busy_county(folder):
        pass
    return url_of(folder)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    with a_database("postgresql", tmp_path) as url:
        yield url


def moved(source: str, target: str) -> Move:
    return move(source, target, lambda _what, _done: None)


def held(url: str) -> dict[str, Tally]:
    with looking(url) as connection:
        # What counts the day's claims says something else on either engine.
        kept = [table for table in tables.metadata.sorted_tables if table is not tables.claim_numbers]
        return {table.name: tally_of(connection, table) for table in kept}


def test_everything_arrives_in_postgres_and_comes_back_the_same(
    source: str, postgres: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"

    there = moved(source, postgres)
    returned = moved(postgres, back)

    assert held(source) == held(postgres) == held(back)
    assert [one.table for one in there.tables] == [one.table for one in returned.tables]
    assert there.events_digest == returned.events_digest
    assert {table.table for table in there.tables} == set(tables.metadata.tables)
    assert there.rows > 200


def test_claim_numbers_go_on_where_they_were_in_either_direction(
    source: str, postgres: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    with looking(source) as connection:
        last = connection.scalar(select(func.max(tables.claims.c.number)))

    moved(source, postgres)
    there = next_number(postgres)
    moved(postgres, back)
    returned = next_number(back)

    assert [serial(number) - serial(str(last)) for number in (there, returned)] == [1, 2]


def serial(number: str) -> int:
    return int(number.rsplit("-", 1)[1])


def next_number(url: str) -> str:
    """Report one more loss on the day of the others."""
    engine = open_engine(url, keys=KEYS)
    report = a_report(claim_id=ClaimId(uuid4()), photos=(str(uuid4()),))
    reported = Store(engine, products()).run_blocking(report.claim_id, report, at=REPORTED_AT)
    engine.close()
    return reported.claim.report.number


def test_the_next_event_in_postgres_gets_the_next_number(source: str, postgres: str) -> None:
    moved(source, postgres)

    with looking(postgres) as connection:
        last = connection.scalar(select(func.max(tables.events.c.id)))
        row = dict(connection.execute(select(tables.events).limit(1)).one()._mapping)
        del row["id"]
        connection.execute(insert(tables.events), row | {"seq": 999})
        following = connection.scalar(select(func.max(tables.events.c.id)))

    assert following == last + 1


def test_an_empty_installation_moves_too_and_starts_at_one(tmp_path: Path, postgres: str) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    migrate(empty)

    assert moved(empty, postgres).rows == 0
    with looking(postgres) as connection:
        assert connection.scalar(text("SELECT nextval(pg_get_serial_sequence('events', 'id'))")) == 1


def test_a_target_that_holds_a_row_is_refused_and_left_as_it_is(source: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    migrate(target)
    with looking(target) as connection:
        connection.execute(
            insert(tables.organisations), {"id": "a", "name": "A", "lane": None, "county": "430121"}
        )

    with pytest.raises(TargetNotEmpty, match="organisations"):
        moved(source, target)

    assert held(target)["organisations"].rows == 1
    assert held(target)["claims"].rows == 0


def test_the_source_itself_is_no_target(source: str) -> None:
    with pytest.raises(TargetNotEmpty):
        moved(source, source)


def test_a_source_that_a_server_has_open_is_refused(source: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    engine = open_engine(source, keys=KEYS)
    try:
        with pytest.raises(DatabaseInUse, match="open in another process"):
            moved(source, target)
    finally:
        engine.close()

    assert moved(source, target).rows > 0


def test_a_source_in_postgres_that_somebody_has_open_is_refused(
    source: str, postgres: str, tmp_path: Path
) -> None:
    moved(source, postgres)
    back = f"sqlite:///{tmp_path / 'back.db'}"

    with looking(postgres + "?application_name=a-worker") as other:
        other.execute(text("SELECT 1"))
        with pytest.raises(DatabaseInUse, match="1 × a-worker"):
            moved(postgres, back)
        other.execute(text("UPDATE claims SET heads = heads"))
        with pytest.raises(DatabaseInUse, match="writes to it now"):
            moved(postgres, back)

    assert moved(postgres, back).rows > 0


def test_a_source_without_our_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaOutdated):
        moved(f"sqlite:///{tmp_path / 'nothing.db'}", f"sqlite:///{tmp_path / 'target.db'}")


@pytest.mark.parametrize(
    "target",
    [
        "nonsense",
        "mysql://root@127.0.0.1/x",
        "oddity://x",
        "postgresql+psycopg://root@127.0.0.1:9/x",
        "sqlite:////proc/nowhere/x.db",
    ],
)
def test_an_address_that_is_no_database_is_refused(source: str, target: str) -> None:
    with pytest.raises(DatabaseUnusable):
        moved(source, target)


def a_target_that(does: str, tmp_path: Path) -> str:
    """A migrated database with a trigger of somebody else's in it."""
    target = f"sqlite:///{tmp_path / 'target.db'}"
    migrate(target)
    with looking(target) as connection:
        connection.exec_driver_sql(f"CREATE TRIGGER odd AFTER INSERT ON payouts BEGIN {does}; END")
    return target


def test_a_target_that_keeps_something_else_is_found_out_and_keeps_nothing(
    source: str, tmp_path: Path
) -> None:
    target = a_target_that("UPDATE payouts SET amount = amount + 1", tmp_path)

    with pytest.raises(CopyDiffers, match="table payouts"):
        moved(source, target)

    assert {tally.rows for tally in held(target).values()} == {0}


def test_a_target_that_breaks_off_keeps_nothing(source: str, tmp_path: Path) -> None:
    target = a_target_that("SELECT RAISE(ABORT, 'no room for payouts')", tmp_path)

    with pytest.raises(CopyUnfinished, match="no room for payouts"):
        moved(source, target)

    assert {tally.rows for tally in held(target).values()} == {0}
