"""Exports of many claims in each format, with what a plain SELECT of as many rows to CSV takes beside them.

The database is filled as in ``bench/insight.py``: nine stretches of stages a claim, and for XES one event for each.
Measured: seconds from the first row to the last byte; the processor's of them, which is what counts where others use
the machine too; the file's size; and the most memory that the process held. Each in a child of its own, so that one
format's memory is not another's.

Run: python bench/export.py [--claims N] [--server postgresql://…]
"""

import argparse
import csv
import io
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, String, insert, select, type_coerce

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE
from backend.insight.export import ExportFormat, write_export
from backend.insight.wanted import Wanted
from backend.store import tables
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.migrate import migrate
from bench.insight import NOW, database, fill, made
from bench.report import seed
from tests.keys import KEYS

_BATCH = 5_000
_BARE = "SELECT of claims and stages → csv.writer"
_DRIVER = "the same as the driver gives it → csv.writer"


def main() -> None:
    """Fill, export in each format, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--server", default=None)
    asked = parser.parse_args()
    with database(asked.server) as url:
        migrate(url)
        engine = open_engine(url, keys=KEYS)
        engine.write(seed).result()
        fill(engine, asked.claims)
        add_events(engine, asked.claims)
        engine.close()
        bare = 0.0
        for kind in (_BARE, _DRIVER, *ExportFormat):
            seconds, busy, size, memory = measured(url, kind)
            bare = bare or busy
            print(
                f"{kind:46} {seconds:6.1f} s  {busy:6.1f} s of processor  {busy / bare:4.1f} ×  {size / 1e6:7.1f} MB  "
                f"{memory:4.0f} MB of memory"
            )


def add_events(engine: DatabaseEngine, claims: int) -> None:
    """One event a stretch of stages, as far as an export of events reads them."""

    def rows() -> Iterator[dict[str, Any]]:
        for claim, stages in made(claims):
            for seq, stage in enumerate(stages, start=1):
                yield {
                    "claim_id": claim["id"],
                    "seq": seq,
                    "at": stage["started_at"],
                    "type": "claim-reported" if seq == 1 else "photo-checked",
                    "actor_kind": "machine",
                    "actor": "flashclaim",
                    "organisation": None,
                    "payload": "{}",
                    "leaf_hash": "0" * 64,
                }

    left = rows()
    while batch := list(islice(left, _BATCH)):
        engine.write(lambda connection, some=batch: connection.execute(insert(tables.events), some)).result()


def measured(url: str, kind: str) -> tuple[float, float, int, float]:
    """Seconds, the processor's seconds, bytes and megabytes of memory of one export."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (url, kind))


def _measure(url: str, kind: str) -> tuple[float, float, int, float]:
    engine, size = open_engine(url, keys=KEYS), 0

    def put(piece: bytes) -> None:
        nonlocal size
        size += len(piece)

    def write(connection: Connection) -> None:
        if kind in {_BARE, _DRIVER}:
            bare(connection, put, as_given=kind == _DRIVER)
        else:
            write_export(connection, Wanted(), NOW + timedelta(minutes=1), ExportFormat(kind), put)

    began, busy_before = time.perf_counter(), time.process_time()
    engine.read(write, EVERYWHERE)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy_before
    engine.close()
    return seconds, busy, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare(connection: Connection, put: Any, *, as_given: bool) -> None:
    """Every column of the claims' rows and of their stages' rows, each value read as its type, or as it is given."""
    for table in (tables.claims, tables.claim_stages):
        columns = [type_coerce(column, String()) if as_given else column for column in table.c]
        found = connection.execution_options(yield_per=_BATCH).execute(select(*columns))
        for batch in found.partitions():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(batch)
            put(text.getvalue().encode())


if __name__ == "__main__":
    main()
