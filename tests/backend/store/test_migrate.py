"""The schema's history builds exactly the tables that the code speaks of; columns keep what the domain means."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import Withdraw
from backend.domain.ids import ClaimId, effect_id
from backend.domain.money import Money
from backend.products.load import products
from backend.store import tables
from backend.store.columns import Fen, UtcDateTime
from backend.store.engine import open_engine
from backend.store.migrate import SchemaOutdated, check_schema, config, current_revision, migrate
from backend.store.run import Store
from tests.backend.store.county import County, _seed, opened_county
from tests.builders import CLAIM_ID, a_report, handover

SHANGHAI = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def url(dialect: str, database: str, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new folder' / '100% ours.db'}" if dialect == "sqlite" else database


def test_the_migrations_build_the_tables_that_the_code_speaks_of(url: str) -> None:
    migrate(url)

    command.check(config(url))
    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) == {*tables.metadata.tables, "alembic_version"}
    engine.dispose()


def test_migrating_again_changes_nothing(url: str) -> None:
    assert migrate(url) == migrate(url) == current_revision(url)

    check_schema(url)


def test_a_database_without_a_schema_is_refused_by_name(url: str) -> None:
    with pytest.raises(SchemaOutdated, match="at schema none") as refused:
        check_schema(url)

    assert refused.value.found is None
    assert not Path(url.removeprefix("sqlite:///")).exists()


def test_an_unknown_schema_is_refused(url: str) -> None:
    migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    engine.dispose()

    with pytest.raises(SchemaOutdated, match="of tomorrow"):
        check_schema(url)


def test_the_history_goes_back_to_nothing(url: str) -> None:
    migrate(url)

    command.downgrade(config(url), "base")

    engine = create_engine(url)
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()


def test_a_moment_without_an_offset_is_refused_at_the_database(county: County) -> None:
    naive = literal(NOON.replace(tzinfo=None), UtcDateTime)

    with pytest.raises(StatementError, match="without a UTC offset"):
        county.store.engine.read(lambda c: c.scalar(select(naive)), EVERYWHERE)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])  # type: ignore[no-untyped-call]
def test_a_naive_moment_is_refused_on_either_engine(dialect: object) -> None:
    with pytest.raises(TypeError, match="without a UTC offset"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), dialect)  # type: ignore[arg-type]


def test_moments_come_back_as_the_same_moment_in_utc(county: County) -> None:
    later = NOON.astimezone(SHANGHAI) + timedelta(microseconds=1)

    came_back = county.store.engine.read(lambda c: c.scalar(select(literal(later, UtcDateTime))), EVERYWHERE)

    assert came_back == later
    assert came_back.utcoffset() == timedelta(0)


def test_moments_sort_as_text(county: County) -> None:
    moments = [NOON, NOON.astimezone(SHANGHAI) + timedelta(microseconds=1), NOON + timedelta(seconds=1)]

    kept = [
        county.store.engine.read(
            lambda c, at=at: c.scalar(select(text(":at")), {"at": _kept(at)}), EVERYWHERE
        )
        for at in moments
    ]

    assert kept == sorted(kept)
    assert len({len(one) for one in kept}) == 1


def _kept(at: datetime) -> object:
    return UtcDateTime().process_bind_param(at, sqlite.dialect())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("fen", [0, 1, -1, 141_555, 10**15 + 1])
def test_money_is_whole_fen_in_the_database(county: County, fen: int) -> None:
    amount = select(literal(Money(fen), Fen))

    assert county.store.engine.read(lambda c: c.scalar(amount), EVERYWHERE) == Money(fen)
    assert county.store.engine.read(
        lambda c: c.scalar(select(literal(Money(fen), Fen).op("+")(text("0")))), EVERYWHERE
    ) == Money(fen)


def test_claims_that_are_open_when_clocks_come_get_one_timer_each(county: County, url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    engine.write(lambda c: _seed(c, ())).result()
    there = County(Store(engine, products()), county.clock)
    there.report()
    there.verify()
    ended = a_report(claim_id=ClaimId(uuid4()))
    there.report(ended)
    there.give(Withdraw(by=ended.by), ended.claim_id)
    engine.close()

    command.downgrade(config(url), "20261125_2010")
    migrate(url)

    engine = open_engine(url)
    timers = engine.read(
        lambda c: c.execute(select(tables.effects).where(tables.effects.c.kind == "deadline")).all(),
        EVERYWHERE,
    )
    engine.close()
    assert [(row.claim_id, row.state) for row in timers] == [(CLAIM_ID, "pending")]
    assert timers[0].id == effect_id(CLAIM_ID, 1, "deadlines")


@pytest.mark.parametrize(("weight_kg", "differs"), [("120", True), ("190", False)])
def test_receipts_of_before_are_compared_when_the_schema_comes_forward(
    database: str, weight_kg: str, *, differs: bool
) -> None:
    migrate(database)
    with opened_county(database) as county:
        county.report()
        county.verify()
        county.give(handover(2, weight_kg))

    command.downgrade(config(database), "20261125_2010")
    migrate(database)

    engine = create_engine(database)
    with engine.connect() as connection:
        assert [*connection.scalars(select(tables.claims.c.receipt_differs))] == [differs]
    engine.dispose()
