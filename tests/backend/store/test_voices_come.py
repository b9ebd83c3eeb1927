"""The schema of ratings and regulators goes back and forth: no rating is lost, and no regulator reads claims."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, select

from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.store import people, tables
from backend.store.migrate import config, migrate
from backend.store.rating_tables import claim_voices, tickets
from tests.backend.store.county import opened_county
from tests.voices import a_rating, closing, taking

BEFORE = "20261126_1000"
OFFICE = OrganisationId("nfra-hunan")
REGULATOR = Officer(OfficerId("nfra-1"), "\u65b9\u5b81", OFFICE, None, is_regulator=True)


@pytest.fixture
def url(dialect: str, database: str, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'county.db'}" if dialect == "sqlite" else database


def test_ratings_and_tickets_come_back_from_the_events_and_regulators_do_not_act(url: str) -> None:
    migrate(url)
    with opened_county(url) as county:
        county.report()
        for said in (a_rating(reporting=1), taking(), closing(), a_rating(reporting=2)):
            county.give(said)
        before = [county.rows(table) for table in (claim_voices, tickets)]
        county.store.submit(lambda c: people.put_regulator(c, OFFICE, "NFRA", "430000")).result()
        county.store.submit(lambda c: people.put_officer(c, REGULATOR)).result()

    command.downgrade(config(url), BEFORE)
    command.upgrade(config(url), "head")

    engine = create_engine(url)
    with engine.connect() as connection:
        after = [
            connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in (claim_voices, tickets)
        ]
        is_own = tables.officers.c.id == REGULATOR.id
        suspended = connection.scalar(select(tables.officers.c.suspended_at).where(is_own))
        others = connection.scalars(select(tables.officers.c.suspended_at).where(~is_own)).all()
    engine.dispose()
    assert [sorted(one, key=str) for one in after] == [sorted(one, key=str) for one in before]
    assert [len(one) for one in after] == [1, 2]
    assert suspended is not None
    assert set(others) <= {None}
