"""What a simulation writes is a database like any other: replayed, counted, and carried on by a live system."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.events import ClaimTriaged
from backend.domain.flags.words import FlagKind, FlagState
from backend.domain.ids import ClaimId
from backend.domain.indemnity.product import Product
from backend.domain.merkle.proofs import root
from backend.domain.merkle.tree import Frontier
from backend.insight.figures import insight
from backend.insight.stuck import stuck
from backend.insight.wanted import Wanted
from backend.products.load import products
from backend.simulation.run import Written, simulate
from backend.store import audit_log, claims, effects, elsewhere, events, flags, packing, tables
from backend.store.copying import snapshot
from backend.store.doubt_tables import claim_counts
from backend.store.engine import DatabaseEngine, Transaction, open_engine
from backend.store.refusals import TargetNotEmpty
from backend.store.replay import replay
from tests.backend.simulation.counties import PLAN, means, nobody_watches
from tests.databases import DIALECTS, a_database
from tests.keys import KEYS


@dataclass(frozen=True)
class County:
    url: str
    written: Written
    engine: DatabaseEngine


@pytest.fixture(scope="module", params=DIALECTS)
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with a_database(request.param, tmp_path_factory.mktemp("simulated")) as url:
        written = simulate(PLAN, means(url), nobody_watches)
        engine = open_engine(url, keys=KEYS)
        yield County(url, written, engine)
        engine.close()


def product(label: str) -> Product:
    return products().find(label, date(2026, 9, 1))


def test_its_replay_agrees_to_the_fen(county: County) -> None:
    with snapshot(county.url, KEYS) as connection:
        done = replay(connection, nobody_watches, products=product)

    assert done.faults == []
    assert (done.claims, done.events) == (PLAN.claims, county.written.events)


def test_every_event_has_its_place_in_the_audit_log(county: County) -> None:
    def look(connection: Transaction) -> tuple[int, bool, bytes, bytes]:
        size, anew = audit_log.size(connection), Frontier()
        for leaf in audit_log.leaves(connection, 0, size):
            anew.add(leaf)
        stored = root(size, audit_log.StoredTree(connection))
        return size, audit_log.is_waiting(connection), stored, anew.root

    size, is_waiting, stored, anew = county.engine.read(look, EVERYWHERE)

    assert size == county.written.events
    assert not is_waiting
    assert stored == anew


def test_its_figures_are_packed_and_count_every_claim(county: County) -> None:
    figures = county.engine.read(lambda c: insight(c, Wanted(), PLAN.ends_at), EVERYWHERE)
    unpacked = county.engine.read(packing.unpacked, EVERYWHERE)

    assert figures["claims"] + figures["ended_unpaid"] == PLAN.claims  # type: ignore[operator]
    assert unpacked == []


def test_what_the_machine_counted_and_doubted_is_there_to_be_looked_at(county: County) -> None:
    def look(connection: Transaction) -> tuple[int, dict[tuple[FlagKind, FlagState], int], int]:
        counted = connection.scalar(select(func.count()).select_from(claim_counts)) or 0
        raised = sum(
            len(claim.flags) for claim in (events.load(connection, ClaimId(one)) for one in _ids(connection))
        )
        return counted, flags.tally(connection), raised

    counted, tally, raised = county.engine.read(look, EVERYWHERE)

    assert counted > 0
    assert sum(tally.values()) == raised > 0


def _ids(connection: Transaction) -> list[UUID]:
    return list(connection.scalars(select(tables.claims.c.id)))


def test_stuck_claims_are_told_with_who_holds_them(county: County) -> None:
    told = county.engine.read(lambda c: stuck(c, Wanted(), PLAN.ends_at, 50), EVERYWHERE)

    assert all(one["held_by"] and one["due_at"] for one in told["claims"])  # type: ignore[attr-defined]


def test_open_claims_have_their_timers(county: County) -> None:
    backlog = county.engine.read(lambda c: effects.backlog(c, PLAN.ends_at), EVERYWHERE)
    left = {one.kind.value: one for one in backlog}

    assert left["deadline"].pending
    assert left["deadline"].due == 0


def test_the_facts_of_a_decision_are_those_that_the_store_would_have_gathered(county: County) -> None:
    def look(connection: Transaction) -> int:
        looked = 0
        for row in claims.listed(connection, claims.Wanted(most=200)):
            claim_id = claims.find(connection, row.number)
            history = events.history(connection, claim_id)
            triaged = [one.event for one in history if isinstance(one.event, ClaimTriaged)]
            known = triaged[-1].elsewhere if triaged else None
            claim = events.load(connection, claim_id)
            if known is None or claim.assessments or claim.has_ended_unpaid:
                continue
            stored = elsewhere.around(connection, claim)
            assert known.herds == stored.herds
            assert known.has_herd_book == stored.has_herd_book
            assert known.payee_farms == stored.payee_farms
            assert set(stored.by_tag) <= set(known.by_tag)
            assert set(known.by_photo) <= set(stored.by_photo)
            looked += 1
        return looked

    assert county.engine.read(look, EVERYWHERE) > PLAN.claims // 2


def test_a_database_that_holds_something_is_refused(county: County) -> None:
    with pytest.raises(TargetNotEmpty):
        simulate(replace(PLAN, claims=1), means(county.url), nobody_watches)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whoever_breaks_off_leaves_nothing_behind(dialect: str, tmp_path: Path) -> None:
    def stop(what: str, _done: int) -> None:
        if what == "packing days":
            raise KeyboardInterrupt

    with a_database(dialect, tmp_path) as url:
        with pytest.raises(KeyboardInterrupt):
            simulate(replace(PLAN, claims=5), means(url), stop)
        left = list(tmp_path.iterdir())

        again = simulate(replace(PLAN, claims=5), means(url), nobody_watches)

    assert left == []
    assert again.claims == 5


def test_side_by_side_counties_come_out_the_same(tmp_path: Path) -> None:
    plan = replace(PLAN, counties=2, claims=16, days=10)
    figures = []
    for processes in (1, 2):
        url = f"sqlite:///{tmp_path / f'{processes}.db'}"
        simulate(plan, means(url), nobody_watches, processes=processes)
        engine = open_engine(url, keys=KEYS)
        figures.append(engine.read(lambda c: insight(c, Wanted(), plan.ends_at), EVERYWHERE))
        engine.close()

    assert figures[0] == figures[1]
