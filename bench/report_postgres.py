"""The report path on PostgreSQL against bare psycopg: the same rows, as many threads, a commit a report on either side.

* ours: ``Store.submit(carry_out(Report))`` with 64 in flight over eight writing threads;
* bare: eight threads with a psycopg connection each insert exactly the rows that ours left, into another database of
  the same server; nothing is looked up or computed.

Run: python bench/report_postgres.py [--server postgresql://…] [--reports N] [--rounds N]
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import local
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.engine import URL, make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE
from backend.products.load import products
from backend.store.engine import open_engine
from backend.store.migrate import migrate
from backend.store.run import Store
from bench.report import Rows, ours, reports, rows_of, seed, spread_of

THREADS = 8
Statements = list[tuple[str, list[dict[str, Any]]]]


@contextmanager
def a_database(server: URL, *, is_empty: bool = False) -> Iterator[str]:
    """A database of its own, migrated and seeded unless it is to be empty, dropped in the end."""
    name = f"flashclaim_bench_{uuid4().hex[:8]}"
    admin = psycopg.connect(
        server.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    )
    admin.execute(f"CREATE DATABASE {name}")
    url = server.set(database=name).render_as_string(hide_password=False)
    try:
        if not is_empty:
            migrate(url)
            engine = open_engine(url)
            engine.write(seed).result()
            engine.close()
        yield url
    finally:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.close()


def statements_of(wanted: list[Rows]) -> list[Statements]:
    """Each report's rows as psycopg takes them, values already written as the server reads them."""
    dialect = dialects.dialect()
    made = []
    for left in wanted:
        statements = []
        for table, rows in left:
            names = list(rows[0])
            text = str(insert(table).inline().compile(dialect=dialect, column_keys=names))
            writers = [
                (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
            ]
            values = [
                {name: write(row[name]) if write else row[name] for name, write in writers} for row in rows
            ]
            statements.append((text, values))
        made.append(statements)
    return made


def bare(url: str, wanted: list[Statements]) -> float:
    """Insert the rows of report after report in threads; return the seconds."""
    kept, opened = local(), []

    def insert_one(report: Statements) -> None:
        if not hasattr(kept, "connection"):
            kept.connection = psycopg.connect(url)
            opened.append(kept.connection)
        connection = kept.connection
        for text, values in report:
            if len(values) > 1:
                connection.cursor().executemany(text, values)
            else:
                connection.execute(text, values[0])
        connection.commit()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(insert_one, wanted[:64]))
        start = time.perf_counter()
        list(threads.map(insert_one, wanted[64:]))
        took = time.perf_counter() - start
    for connection in opened:
        connection.close()
    return took * len(wanted) / (len(wanted) - 64)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--reports", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    with ExitStack() as stack:
        server = make_url(asked.server)
        plainly, url = stack.enter_context(a_database(server)), stack.enter_context(a_database(server))
        engine = open_engine(url, writers=THREADS)
        stack.callback(engine.close)
        store = Store(engine, products())
        ours(store, reports(0, 200))
        for turn in range(1, asked.rounds + 1):
            wanted = reports(turn * asked.reports, asked.reports)
            ours_s, _ = ours(store, wanted)
            left = statements_of(engine.read(partial(rows_of, wanted=wanted), EVERYWHERE))
            taken["ours"].append(asked.reports / ours_s)
            taken["bare"].append(asked.reports / bare(plainly, left))
    shares = [figure / least for figure, least in zip(taken["ours"], taken["bare"], strict=True)]
    for name, figures in taken.items():
        print(f"{name:5} {spread_of(figures, 0):>22} reports a second")
    print(f"ours reaches {spread_of(shares, 2)} of bare psycopg in threads")


if __name__ == "__main__":
    main()
