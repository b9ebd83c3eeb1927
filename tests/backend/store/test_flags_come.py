"""Claims of before have their flags and their counts when the schema comes forward."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Table, create_engine, select

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.store.doubt_tables import claim_counts, claim_flags
from backend.store.migrate import config, migrate
from backend.store.replay import replay
from tests.backend.store.county import opened_county
from tests.builders import a_flag_judgement, a_photo_id, a_report

BEFORE = "20261126_1100"


@pytest.fixture
def url(dialect: str, database: str, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'county.db'}" if dialect == "sqlite" else database


def rows(url: str, table: Table) -> Sequence[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
    engine.dispose()
    return found


def test_every_claim_has_the_flags_and_the_count_that_its_events_say(url: str) -> None:
    migrate(url)
    with opened_county(url) as county:
        for _ in range(3):
            report = a_report(claim_id=ClaimId(uuid4()))
            untagged = tuple(replace(one, tag=None) for one in report.animals)
            claim_id = county.report(replace(report, animals=untagged)).report.claim_id
            county.verify(claim_id)
        county.give(a_flag_judgement(f"DUPLICATE_PHOTO:{a_photo_id()}"), claim_id)
        faults = county.store.engine.read(
            lambda connection: replay(connection, lambda *_: None).faults, EVERYWHERE
        )
    before = [rows(url, table) for table in (claim_flags, claim_counts)]

    command.downgrade(config(url), BEFORE)
    command.upgrade(config(url), "head")

    assert faults == []
    assert [len(one) for one in before] == [2, 3]
    assert [rows(url, table) for table in (claim_flags, claim_counts)] == before
