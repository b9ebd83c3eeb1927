"""The report path - from a farmer's manifest to durable rows - against the least that could write those rows.

Three measures over the same reports, in turns in one process, so that a busy machine slows them alike:

* ours: ``Store.submit(carry_out(Report))`` with 64 in flight: policy and product looked up, the claim number drawn,
  the quote computed, event, hashes, projection, stages and effects written; group commit on one writer thread;
* bare: SQLAlchemy Core inserts of exactly the rows that ours left, into the same tables of another file with the
  same pragmas, in as many commits; nothing is looked up or computed;
* one by one: the same rows through aiosqlite, 64 tasks on one connection, a commit a report: what a service without
  group commit gets.

Run: python bench/report.py [--reports N] [--rounds N]
"""

import argparse
import asyncio
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Semaphore
from typing import Any
from uuid import uuid4

import aiosqlite
import sqlalchemy
from sqlalchemy import Connection, Table, event, insert, select
from sqlalchemy.dialects import sqlite as sqlite_dialect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import Report
from backend.domain.ids import ClaimId, FarmId, PhotoId, PolicyNumber
from backend.domain.parties import Actor, Payee, Policy
from backend.domain.photos import Capture, PhotoAnnounced, Position
from backend.domain.policy import Animal, Terms
from backend.domain.words import ActorKind, Cause, Species
from backend.products.load import products
from backend.store import policies, tables
from backend.store.migrate import migrate
from backend.store.run import Store
from backend.store.sqlite import SqliteEngine

IN_FLIGHT = 64
POLICIES = 200
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
WRITTEN = (
    tables.claims,
    tables.claim_photos,
    tables.claim_tags,
    tables.events,
    tables.claim_stages,
    tables.effects,
)
Rows = list[tuple[Table, list[dict[str, Any]]]]


def seed(connection: Connection) -> None:
    """Register the farms and policies that are reported on."""
    farms = [policies.Farm(FarmId(f"F{n}"), f"Farm {n}", "430626", None) for n in range(POLICIES)]
    policies.put_farms(connection, farms)
    terms = Terms(date(2026, 3, 1), date(2027, 2, 28), insured_heads=5_000, stock=5_000)
    for n, farm in enumerate(farms):
        policy = Policy(
            number=PolicyNumber(f"P{n}"),
            farm_id=farm.id,
            farm_name=farm.name,
            county=farm.county,
            species=Species.PIG,
            product="pig-bands",
            terms=terms,
            payee=Payee("Zhang San", f"6222{n:08d}"),
        )
        policies.put_policy(connection, policy, f"hash {n}")


def reports(first: int, count: int) -> list[Report]:
    """Reports of two pigs with ear tags and two photos with positions, spread over all policies."""
    position = Position(Decimal("113.5912"), Decimal("28.7011"), Decimal(12))
    return [
        Report(
            claim_id=ClaimId(uuid4()),
            policy_number=PolicyNumber(f"P{n % POLICIES}"),
            species=Species.PIG,
            heads=2,
            cause=Cause.DISEASE,
            occurred_at=NOW,
            animals=tuple(
                Animal(ref, Species.PIG, tag=f"1430626{n:07d}{ref}", weight_kg=Decimal("95.0"))
                for ref in ("1", "2")
            ),
            photos=tuple(
                PhotoAnnounced(PhotoId(f"{2 * n + half:064x}"), 110_000, "image/jpeg", Capture(position, NOW))
                for half in range(2)
            ),
            by=Actor(ActorKind.FARMER, f"P{n % POLICIES}"),
        )
        for n in range(first, first + count)
    ]


def ours(store: Store, wanted: list[Report]) -> tuple[float, int]:
    """Report with ``IN_FLIGHT`` requests waiting at any time; return the seconds until all are durable, and commits."""
    free = Semaphore(IN_FLIGHT)
    transactions = set()

    def work(connection: Connection, command: Report) -> None:
        transactions.add(connection.get_transaction())
        store.carry_out(connection, command.claim_id, command, NOW)

    start = time.perf_counter()
    futures = []
    for command in wanted:
        free.acquire()
        future = store.submit(partial(work, command=command))
        future.add_done_callback(lambda _: free.release())
        futures.append(future)
    for future in futures:
        future.result()
    return time.perf_counter() - start, len(transactions)


def rows_of(connection: Connection, wanted: list[Report]) -> list[Rows]:
    """What each report left behind, table by table."""
    left: dict[ClaimId, Rows] = {command.claim_id: [] for command in wanted}
    for table in WRITTEN:
        by_claim: dict[ClaimId, list[dict[str, Any]]] = {}
        key = table.c.id if table is tables.claims else table.c.claim_id
        columns = [column for column in table.c if table is not tables.events or column.name != "id"]
        for row in connection.execute(select(*columns)):
            by_claim.setdefault(row._mapping[key], []).append(dict(row._mapping))  # noqa: SLF001 - public by its documentation
        for claim_id, rows in left.items():
            if claim_id in by_claim:
                rows.append((table, by_claim[claim_id]))
    return list(left.values())


def bare(connection: Connection, wanted: list[Rows], commits: int) -> float:
    """Insert the rows of report after report; return the seconds."""
    inserts = {table: insert(table) for table in WRITTEN}
    size = -(-len(wanted) // commits)
    start = time.perf_counter()
    for first in range(0, len(wanted), size):
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for rows in wanted[first : first + size]:
                for table, values in rows:
                    connection.execute(inserts[table], values)
    return time.perf_counter() - start


async def one_by_one(file: Path, wanted: list[Rows]) -> float:
    """Insert the rows of report after report through aiosqlite, a commit each; return the seconds."""
    dialect = sqlite_dialect.dialect()
    statements: list[list[tuple[str, list[tuple[Any, ...]]]]] = []
    for left in wanted:
        statements.append([])
        for table, rows in left:
            names = list(rows[0])
            places = ", ".join("?" * len(names))
            writers = [
                (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
            ]
            values = [
                tuple(write(row[name]) if write else row[name] for name, write in writers) for row in rows
            ]
            text = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own tables
            statements[-1].append((text, values))
    turn = asyncio.Lock()
    async with aiosqlite.connect(file, isolation_level=None) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            await connection.execute(f"PRAGMA {pragma}")
        waiting = iter(statements)

        async def phone() -> None:
            for report in waiting:
                async with turn:
                    await connection.execute("BEGIN IMMEDIATE")
                    for statement, values in report:
                        await connection.executemany(statement, values)
                    await connection.commit()

        start = time.perf_counter()
        await asyncio.gather(*(phone() for _ in range(IN_FLIGHT)))
        return time.perf_counter() - start


@contextmanager
def opened(file: Path) -> Iterator[SqliteEngine]:
    """A migrated and seeded database."""
    migrate(f"sqlite:///{file}")
    engine = SqliteEngine(f"sqlite:///{file}")
    engine.write(seed).result()
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def bare_connection(file: Path) -> Iterator[Connection]:
    """A plain connection with the durability that ours has."""
    engine = sqlalchemy.create_engine(f"sqlite:///{file}", connect_args={"isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    with engine.connect() as connection:
        yield connection
    engine.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    taken: dict[str, list[float]] = {"ours": [], "bare": [], "one by one": []}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("bare.db", "one.db"):
            with opened(Path(folder, name)):
                pass
        with opened(Path(folder, "ours.db")) as engine, bare_connection(Path(folder, "bare.db")) as plainly:
            store = Store(engine, products())
            ours(store, reports(0, 200))
            for turn in range(1, asked.rounds + 1):
                wanted = reports(turn * asked.reports, asked.reports)
                ours_s, commits = ours(store, wanted)
                left = engine.read(partial(rows_of, wanted=wanted), EVERYWHERE)
                taken["ours"].append(asked.reports / ours_s)
                taken["bare"].append(asked.reports / bare(plainly, left, commits))
                few = left[: len(left) // 2]
                taken["one by one"].append(len(few) / asyncio.run(one_by_one(Path(folder, "one.db"), few)))

    ratios = [least / figure for figure, least in zip(taken["ours"], taken["bare"], strict=True)]
    times = [figure / single for figure, single in zip(taken["ours"], taken["one by one"], strict=True)]
    print(f"{asked.reports} reports a round, {asked.rounds} rounds, {commits} commits in the last")
    print(
        f"Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, SQLite {sqlite3.sqlite_version}"
    )
    for name, figures in taken.items():
        print(f"{name:10} {spread_of(figures, 0):>22} reports a second")
    print(f"ours takes {spread_of(ratios, 2)} times as long as the bare inserts")
    print(f"ours is {spread_of(times, 2)} times as quick as aiosqlite with a commit a report")


def spread_of(figures: list[float], digits: int) -> str:
    """Return median (least-most)."""
    low, high = min(figures), max(figures)
    return f"{statistics.median(figures):.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


if __name__ == "__main__":
    main()
