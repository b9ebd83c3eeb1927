"""Commit → effect start: how long after its event is durable does a worker begin with an effect?

Three ways: the worker in the process that committed; a worker in another process on SQLite (which looks whether anybody
has written); a worker in another process on PostgreSQL (told by NOTIFY). The event is a report without photos, its
effect is picked up by a handler that notes the time.

Run: python bench/effects.py [--effects N] [--server postgresql://…]
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.effects import EffectKind
from backend.products.load import products
from backend.store.effects import Leased
from backend.store.engine import open_engine
from backend.store.migrate import migrate
from backend.store.run import Store
from backend.workflows.clock import utc_now
from backend.workflows.worker import Worker
from bench.report import reports, seed
from bench.report_postgres import a_database
from tests.keys import KEYS


def noting(url: str, began: Any, ready: Event, end: Event) -> None:
    """A worker process that notes when it begins with each claim's code."""
    store = Store(open_engine(url, keys=KEYS), products())
    work_until(store, began, ready, end)
    store.engine.close()


def work_until(store: Store, began: Any, ready: Event, end: Event) -> None:
    """Carry out effects until *end*."""

    def begin(leased: Leased) -> None:
        began.append((str(leased.claim_id), time.monotonic()))

    worker = Worker(store, dict.fromkeys(EffectKind, lambda _: None) | {EffectKind.SEND_CODE: begin}, utc_now)
    leave = store.listen_for_effects(worker.wake)
    worker.start()
    ready.set()
    end.wait()
    worker.stop()
    leave()


def measured(url: str, effects: int, *, apart: bool) -> list[float]:
    """Milliseconds from each commit to its effect's start, one report at a time."""
    migrate(url)
    engine = open_engine(url, keys=KEYS)
    engine.write(seed).result()
    store = Store(engine, products())
    with multiprocessing.Manager() as manager:
        began, ready, end = manager.list(), multiprocessing.Event(), multiprocessing.Event()
        if apart:
            other: Any = multiprocessing.Process(target=noting, args=(url, began, ready, end))
        else:
            began = []
            other = Thread(target=work_until, args=(store, began, ready, end))
        other.start()
        ready.wait()
        time.sleep(1)
        committed = {}
        for command in reports(0, effects):
            store.run_blocking(command.claim_id, command, at=datetime.now(UTC))
            committed[str(command.claim_id)] = time.monotonic()
            time.sleep(0.02)
        time.sleep(1)
        end.set()
        other.join()
        started = dict(list(began))
    engine.close()
    return [(started[claim] - at) * 1000 for claim, at in committed.items() if claim in started]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--effects", type=int, default=100)
    parser.add_argument("--server", default="postgresql://postgres@127.0.0.1:5432/postgres")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(a_database(make_url(asked.server), is_empty=True))
        for name, url, apart in (
            ("same process, SQLite", f"sqlite:///{folder}/one.db", False),
            ("another process, SQLite", f"sqlite:///{folder}/two.db", True),
            ("another process, PostgreSQL", server, True),
        ):
            waits = measured(url, asked.effects, apart=apart)
            p95 = sorted(waits)[int(len(waits) * 0.95)]
            print(
                f"{name:28} p50 {statistics.median(waits):6.1f} ms, p95 {p95:6.1f} ms ({len(waits)} effects)"
            )


if __name__ == "__main__":
    main()
