"""PostgreSQL's own traps: writers side by side, numbers from a sequence, a server that goes away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, insert, select

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.commands import Report, StartPayout
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.problems import DatabaseAway, Problem
from backend.products.load import products
from backend.store import tables
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.limit_tables import cover_periods
from backend.store.postgres import MOST_TRIES
from backend.store.run import Store
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, a_report, pigs, terms
from tests.databases import a_database, server
from tests.journeys.world import eventually

LAST_HEAD = a_policy(number=PolicyNumber("P-ONE"), terms=terms(insured_heads=1, stock=1))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    with a_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def county(database: str) -> Iterator[County]:
    with opened_county(database, more_policies=[LAST_HEAD]) as county:
        yield county


@pytest.fixture
def other_process(database: str, county: County) -> Iterator[Store]:
    """A second process's store on the same database."""
    engine = open_engine(database)
    yield Store(engine, products())
    engine.close()


def another(**changes: object) -> Report:
    """A report of its own photo."""
    return a_report(claim_id=ClaimId(uuid4()), photos=(str(uuid4()),), **changes)  # type: ignore[arg-type]


def test_reports_from_two_processes_get_a_number_each(county: County, other_process: Store) -> None:
    stores = [county.store, other_process]
    reports = [another() for _ in range(80)]

    with ThreadPoolExecutor(16) as phones:
        outcomes = list(
            phones.map(
                lambda place: stores[place % 2].run_blocking(
                    reports[place].claim_id, reports[place], at=county.clock()
                ),
                range(80),
            )
        )

    numbers = {outcome.claim.report.number for outcome in outcomes}
    assert len(numbers) == 80
    assert all(number.startswith("FC-20261123-") for number in numbers)


def test_one_report_sent_to_two_processes_at_once_is_one_claim(county: County, other_process: Store) -> None:
    for _ in range(10):
        report, together = another(), Barrier(2)

        def send(store: Store, report: Report = report, together: Barrier = together) -> Claim:
            together.wait()
            return store.run_blocking(report.claim_id, report, at=county.clock()).claim

        with ThreadPoolExecutor(2) as phones:
            first, second = phones.map(send, (county.store, other_process))

        assert first == second


def test_two_payouts_for_the_last_insured_head_start_one(county: County, other_process: Store) -> None:
    """Both claims are payable; whichever starts second finds the head used up, and stays for a person to look at."""
    one_pig = {"policy_number": LAST_HEAD.number, "heads": 1, "animals": pigs("95")}
    for _ in range(5):
        payable = [county.make_payable(another(**one_pig)).report.claim_id for _ in range(2)]
        together = Barrier(2)

        def start(store: Store, claim_id: ClaimId, together: Barrier = together) -> None:
            together.wait()
            try:
                store.run_blocking(claim_id, StartPayout(), at=county.clock())
            except Problem:
                return

        with ThreadPoolExecutor(2) as offices:
            list(offices.map(start, (county.store, other_process), payable))

        started = [claim_id for claim_id in payable if county.claim(claim_id).payout]
        assert len(started) == 1
        _forget_claims(county)


def _forget_claims(county: County) -> None:
    def work(connection: Connection) -> None:
        for table in reversed(tables.metadata.sorted_tables):
            if "claim_id" in table.c or table in {tables.claims, cover_periods}:
                connection.execute(table.delete())

    county.store.submit(work).result()


def test_work_that_clashes_for_ever_is_given_up_with_its_own_error(county: County) -> None:
    tries = []

    def clash(connection: Connection) -> None:
        tries.append(1)
        connection.execute(insert(tables.farms), {"id": "F-1", "name": "twice", "county": "370800"})

    taken = {"id": "F-1", "name": "first", "county": "370800"}
    county.store.submit(lambda c: c.execute(insert(tables.farms), taken) and None).result()

    with pytest.raises(Exception, match="unique constraint"):
        county.store.submit(clash).result()
    assert len(tries) == MOST_TRIES


def test_connections_that_the_server_ended_are_made_anew(county: County) -> None:
    report = county.report().report
    _end_connections(county)

    assert county.claim().report == report
    _end_connections(county)
    assert county.report(another()).version == 1


def test_a_listener_hears_again_after_its_connection_was_lost(county: County, other_process: Store) -> None:
    heard: list[ClaimId | None] = []
    leave = other_process.listen(heard.append)
    _end_connections(county)

    # None: something may have been said while nobody heard.
    eventually(lambda: None in heard, 10.0, "the new connection")
    report = another()
    county.report(report)
    eventually(lambda: report.claim_id in heard, 10.0, "news")
    leave()


def test_a_process_that_ends_is_no_news_to_the_others(
    database: str, county: County, other_process: Store
) -> None:
    heard: list[frozenset[str] | None] = []
    leave = county.store.engine.listen(heard.append)
    other_process.listen(lambda _: None)

    other_process.engine.close()
    with psycopg.connect(database) as last:
        last.execute("SELECT pg_notify('flashclaim', 'someone last')")
    eventually(lambda: frozenset({"last"}) in heard, 10.0, "what came after it")
    leave()

    assert heard == [frozenset({"last"})]


def test_a_server_that_is_not_there_stops_the_start() -> None:
    nowhere = "postgresql://postgres@127.0.0.1:1/claims"

    with pytest.raises(DatabaseAway):
        open_engine(nowhere)


def test_a_server_that_went_away_is_a_refusal_that_says_to_come_back(
    engine_of_its_own: tuple[DatabaseEngine, str],
) -> None:
    engine, name = engine_of_its_own
    _at_server(f"DROP DATABASE {name} WITH (FORCE)")

    with pytest.raises(DatabaseAway):
        engine.write(lambda c: c.scalar(select(tables.claims.c.id))).result()
    with pytest.raises(DatabaseAway):
        engine.read(lambda c: c.scalar(select(tables.claims.c.id)), EVERYWHERE)


@pytest.fixture
def engine_of_its_own() -> Iterator[tuple[DatabaseEngine, str]]:
    """An engine over a database that the test may drop."""
    name = f"flashclaim_test_{uuid4().hex[:12]}"
    _at_server(f"CREATE DATABASE {name}")
    engine = open_engine(server().set(database=name).render_as_string(hide_password=False))
    yield engine, name
    engine.close()
    _at_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _at_server(statement: str) -> None:
    with psycopg.connect(server().render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload] - our own text


def _end_connections(county: County) -> None:
    name = county.store.engine.read(
        lambda c: c.exec_driver_sql("SELECT current_database()").scalar_one(), EVERYWHERE
    )
    _at_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
