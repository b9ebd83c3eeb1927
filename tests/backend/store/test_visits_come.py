"""Assisted claims and visits under way are read from the events where their schema was taken back meanwhile."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command

from backend.domain.assistance.words import Assistance, Proof
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import EndVisit, StartVisit
from backend.domain.ids import ClaimId
from backend.domain.visits.words import VisitEnd
from backend.domain.words import Lane
from backend.products.load import products
from backend.store import tables
from backend.store.engine import open_engine
from backend.store.migrate import config, migrate
from backend.store.replay import replay
from backend.store.run import Store
from backend.store.visit_tables import visits
from tests.backend.store.county import County, opened_county
from tests.builders import a_report, an_officer
from tests.keys import KEYS

BEFORE = "20261126_1140"
COLLECTOR, AGENT = an_officer(None), an_officer(Lane.INSURER, name="zhao")


@pytest.fixture
def url(dialect: str, database: str, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'county.db'}" if dialect == "sqlite" else database


def test_who_assisted_and_who_is_on_the_way_come_back_from_the_events(url: str) -> None:
    migrate(url)
    helped = Assistance(AGENT.id, AGENT.name, AGENT.organisation, is_agent=True, proof=Proof.CONTACT_PHONE)
    arrived = ClaimId(uuid4())
    with opened_county(url) as county:
        county.report(replace(a_report(), assistance=helped))
        county.report(a_report(claim_id=arrived))
        for claim_id in (None, arrived):
            named = () if claim_id is None else (claim_id,)
            county.give(StartVisit(officer=COLLECTOR, expected_at=None, expected_from=None), *named)
        county.give(EndVisit(how=VisitEnd.ARRIVED, officer=COLLECTOR), arrived)
        before = county.rows(visits)

    command.downgrade(config(url), BEFORE)
    migrate(url)

    with closing(open_engine(url, keys=KEYS)) as engine:
        county = County(Store(engine, products()))
        after = county.rows(visits)
        assisted = {row.id: row.assisted_by for row in county.rows(tables.claims)}
        faults = county.store.engine.read(
            lambda connection: replay(connection, lambda *_: None).faults, EVERYWHERE
        )
    assert (len(before), after) == (1, before)
    assert [one for one in assisted.values() if one] == [AGENT.id]
    assert assisted[arrived] is None
    assert faults == []
