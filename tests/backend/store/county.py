"""A store on a real database, with the farm and the policies that ``tests.builders`` speaks of."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, inspect, literal, select, union_all

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.decisions.facts import Clocks
from backend.domain.events import Recorded
from backend.domain.ids import ClaimId
from backend.domain.parties import Policy
from backend.domain.words import Lane
from backend.products.catalogue import Catalogue
from backend.products.load import products
from backend.store import data_keys, events, people, policies, tables
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.run import Outcome, Store
from tests.builders import (
    ALL_THREE,
    CLAIM_ID,
    FARMER,
    REPORTED_AT,
    SECOND,
    a_cattle_policy,
    a_policy,
    a_report,
    a_scene,
    acceptance,
    an_officer,
    decision,
    handover,
    photo_checks,
)
from tests.keys import KEYS

CLOCKS = Clocks()


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    now: datetime = REPORTED_AT

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass
class County:
    """One installation's claims; every command comes a second after the last."""

    store: Store
    clock: HandClock = field(default_factory=HandClock)

    def give(self, command: c.Command, claim_id: ClaimId = CLAIM_ID) -> Outcome:
        self.clock.move(SECOND)
        return self.store.run_blocking(claim_id, command, at=self.clock())

    def claim(self, claim_id: ClaimId = CLAIM_ID) -> Claim:
        return self.store.engine.read(lambda connection: events.load(connection, claim_id), EVERYWHERE)

    def history(self, claim_id: ClaimId = CLAIM_ID) -> tuple[Recorded, ...]:
        return self.store.engine.read(lambda connection: events.history(connection, claim_id), EVERYWHERE)

    def rows(self, table: Table) -> Sequence[Row[Any]]:
        return self.store.engine.read(lambda connection: connection.execute(select(table)).all(), EVERYWHERE)

    def report(self, report: c.Report | None = None) -> Claim:
        report = report or a_report()
        return self.give(report, report.claim_id).claim

    def verify(self, claim_id: ClaimId = CLAIM_ID) -> Claim:
        """Every announced photo arrives and is found good; the claim is triaged."""
        claim = self.claim(claim_id)
        for photo_id in claim.missing_photos:
            claim = self.give(c.ReceivePhoto(photo_id=photo_id, bytes=90_000, by=FARMER), claim_id).claim
        for photo_id in claim.unchecked_photos:
            checks = c.RecordPhotoChecks(photo_id=photo_id, checks=photo_checks())
            claim = self.give(checks, claim_id).claim
        return self.give(c.Triage(scene=a_scene(claim.heads)), claim_id).claim

    def make_payable(self, report: c.Report | None = None, approved_by: Iterable[Lane] = ALL_THREE) -> Claim:
        """A claim of this report, approved, accepted and handed over."""
        claim_id = self.report(report).report.claim_id
        claim = self.verify(claim_id)
        for lane in approved_by:
            claim = self.give(decision(claim, lane), claim_id).claim
        self.give(acceptance(claim), claim_id)
        weight_kg = str(sum(animal.weight_kg or 0 for animal in claim.animals))
        return self.give(handover(claim.heads, weight_kg), claim_id).claim


@contextmanager
def opened_county(
    database: str, *, more_policies: Sequence[Policy] = (), catalogue: Catalogue | None = None
) -> Iterator[County]:
    """A county without claims in the database at this URL, which is emptied first and closed in the end."""
    with closing(open_engine(database, keys=KEYS)) as engine:
        yield new_county(engine, more_policies=more_policies, catalogue=catalogue)


def new_county(
    engine: DatabaseEngine, *, more_policies: Sequence[Policy] = (), catalogue: Catalogue | None = None
) -> County:
    """A county without claims in this engine's database, which is emptied first."""
    engine.write(_empty).result()
    engine.write(lambda connection: _seed(connection, more_policies)).result()
    return County(Store(engine, catalogue or products(), CLOCKS))


_FILLED = union_all(
    *(
        select(literal(table.name)).where(select(literal(1)).select_from(table).exists())
        for table in tables.metadata.sorted_tables
    )
)
"""The names of the tables that hold a row."""


def _empty(connection: Connection) -> None:
    if not inspect(connection).has_table(tables.claims.name):
        tables.metadata.create_all(connection)
        return
    # Most are empty, and one look at all is quicker than a word to each: this is done before every test.
    filled = set(connection.scalars(_FILLED))
    for table in reversed(tables.metadata.sorted_tables):
        if table.name in filled:
            connection.execute(table.delete())


def _seed(connection: Any, more_policies: Sequence[Policy]) -> None:
    data_keys.note(connection, KEYS.current().id, KEYS.current().made_at)
    farm = a_policy()
    policies.put_farms(connection, [policies.Farm(farm.farm_id, farm.farm_name, farm.county, boundary=None)])
    for number, policy in enumerate((a_policy(), a_cattle_policy(), *more_policies)):
        policies.put_policy(connection, policy, f"token {number}")
    for lane in (*Lane, None):
        officer = an_officer(lane)
        people.put_organisation(connection, officer.organisation, officer.organisation, lane, farm.county)
        people.put_officer(connection, officer)


def utc(text: str) -> datetime:
    """An aware moment such as ``2026-11-23T15:59``, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
