"""First figures over a year of claims: 100 000 and 1 000 000 of them, on SQLite and PostgreSQL.

Rows are put straight into the tables: claims of ten counties over 365 days, four products (a species each), 70 % FAST,
25 % ASSISTED, 5 % HOLD; nine stretches of stages a claim, log-normal, the joint review in three; 2 % rejected; claims
of the last two days still open, and those of the last four days changed since they were packed. Measured: the whole
document as ``flashclaim stats`` reads it, one county's, the same told apart by product, and a bare ``count(*)`` over
the stages for comparison; each as the median of the rounds, in one process.

Run: python bench/insight.py [--claims N] [--rounds N] [--server postgresql://…]
"""

import argparse
import math
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, delete, func, insert, select, text
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.policy import policy_day
from backend.insight.figures import insight
from backend.insight.wanted import By, Wanted
from backend.products.load import products
from backend.store import tables
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.migrate import migrate
from backend.store.pack_tables import day_packs, unpacked_claims
from backend.store.run import Store
from backend.workflows.packing import Packer
from bench.report import POLICIES, seed
from tests.keys import KEYS

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
COUNTIES = tuple(f"4306{n:02d}" for n in range(10))
_DAYS, _BATCH = 365, 2_000
_PRODUCTS = (
    ("pig-bands@1", "pig"),
    ("beef-fixed@1", "cattle"),
    ("goat-size@1", "goat"),
    ("layer-event@1", "poultry"),
)
_STRETCHES = (
    ("upload", "farmer", 60),
    ("verification", "machine", 4),
    ("joint_review", "insurer+veterinary+inspection", 120),
    ("joint_review", "veterinary+inspection", 60),
    ("joint_review", "inspection", 60),
    ("acceptance", "farmer", 90),
    ("handover", "disposal", 240),
    ("payment", "bank", 20),
    ("certificate", "disposal", 90_000),
)
Row = dict[str, object]


def made(claims: int, counties: Sequence[str] = COUNTIES) -> Iterator[tuple[Row, list[Row]]]:
    """Claims with their stages in these counties in turn, the newest last."""
    chance = random.Random(8)
    for n in range(claims):
        reported = NOW - timedelta(days=_DAYS) + timedelta(days=_DAYS) * n / claims
        product, species = _PRODUCTS[n % len(_PRODUCTS)]
        claim_id, at, paid = UUID(int=n + 1), reported, None
        stages: list[Row] = []
        entered = at
        for name, holder, median_s in _STRETCHES:
            if not stages or stages[-1]["name"] != name:
                entered = at
            ended = at + timedelta(seconds=median_s * math.exp(chance.gauss(0, 0.6)))
            row = {"claim_id": claim_id, "place": len(stages), "name": name, "held_by": holder}
            row |= {"entered_at": entered, "started_at": at, "standstill": None}
            stages.append(row | {"ended_at": ended if ended <= NOW else None})
            if ended > NOW:
                break
            at = ended
            if name == "payment":
                paid = at
            if name == "joint_review" and holder == "inspection" and n % 50 == 0:
                break
        is_rejected = n % 50 == 0 and stages[-1]["ended_at"] is not None
        is_over = paid and stages[-1]["ended_at"]
        state = "REJECTED" if is_rejected else "CLOSED" if is_over else "PAID" if paid else "JOINT_REVIEW"
        yield (
            {
                "id": claim_id,
                "number": f"FC-{n:09d}",
                "version": 12,
                "policy_number": f"P{n % POLICIES}",
                "farm_id": f"F{n % POLICIES}",
                "county": counties[n % len(counties)],
                "species": species,
                "product": product,
                "heads": 1,
                "state": state,
                "amount": None,
                "heads_committed": 0,
                "path": chance.choices(("FAST", "ASSISTED", "HOLD"), (70, 25, 5))[0],
                **dict.fromkeys(("insurer", "veterinary", "inspection"), "approved"),
                "reported_at": reported,
                "due_at": reported + timedelta(minutes=15),
                "paid_at": paid,
                "body_hash": "0" * 64,
                "receipt_differs": False,
            },
            stages,
        )


def fill(engine: DatabaseEngine, claims: int, counties: Sequence[str] = COUNTIES) -> None:
    """Write them in batches, a transaction each, and note them as not packed."""
    left = made(claims, counties)
    while batch := list(islice(left, _BATCH)):
        rows = [claim for claim, _ in batch]
        stages = [stage for _, own in batch for stage in own]
        notes = [_note(row) for row in rows]

        def put(connection: Connection, rows=rows, stages=stages, notes=notes) -> None:  # noqa: ANN001
            connection.execute(insert(tables.claims), rows)
            connection.execute(insert(tables.claim_stages), stages)
            connection.execute(insert(unpacked_claims), notes)

        engine.write(put).result()


def _note(row: Row) -> Row:
    reported = row["reported_at"]
    assert isinstance(reported, datetime)
    own = {"claim_id": row["id"], "version": 12}
    return own | {"day": policy_day(reported), "county": row["county"]}


def touch_newest(connection: Connection) -> None:
    """Claims of the last four days have changed since they were packed."""
    since = policy_day(NOW) - timedelta(days=3)
    claims = tables.claims
    wanted = select(claims.c.id, claims.c.county, claims.c.reported_at).where(
        claims.c.reported_at >= NOW - timedelta(days=4)
    )
    rows = [
        {"claim_id": row.id, "version": 13, "day": policy_day(row.reported_at), "county": row.county}
        for row in connection.execute(wanted)
        if policy_day(row.reported_at) >= since
    ]
    connection.execute(delete(unpacked_claims))
    connection.execute(insert(unpacked_claims), rows)


@contextmanager
def database(server: str | None) -> Iterator[str]:
    """An empty database, gone afterwards."""
    if server is None:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/insight.db"
        return
    admin = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name = f"flashclaim_bench_{uuid4().hex[:8]}"
    with ExitStack() as stack:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        with stack, admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


Measure = Callable[[Connection], object]
MEASURES: dict[str, Measure] = {
    "count(*) over stages": lambda c: c.scalar(select(func.count()).select_from(tables.claim_stages)),
    "first figures": lambda c: insight(c, Wanted(), NOW),
    "one county": lambda c: insight(c, Wanted(county="430603"), NOW),
    "by product": lambda c: insight(c, Wanted(by=By.PRODUCT), NOW),
    "by week": lambda c: insight(c, Wanted(by=By.WEEK), NOW),
    "one month": lambda c: insight(c, Wanted(first=date(2026, 10, 1), last=date(2026, 10, 31)), NOW),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--server", help="a PostgreSQL server that may make databases; without it SQLite")
    asked = parser.parse_args()
    with database(asked.server) as url:
        migrate(url)
        engine = open_engine(url, keys=KEYS)
        engine.write(seed).result()
        began = time.perf_counter()
        fill(engine, asked.claims)
        filled = time.perf_counter()
        packed = Packer(Store(engine, products()), timedelta(days=1)).pack_changed()
        took = time.perf_counter() - filled
        print(f"{asked.claims:,} claims within {filled - began:.0f} s, {packed:,} packs within {took:.0f} s")
        engine.write(touch_newest).result()
        size = engine.read(lambda c: c.scalar(select(func.sum(func.length(day_packs.c.content)))), EVERYWHERE)
        print(f"packs: {size / 1e6:.1f} MB")
        bare = 0.0
        for name, work in MEASURES.items():
            engine.read(work, EVERYWHERE)
            taken = []
            for _ in range(asked.rounds):
                start = time.perf_counter()
                engine.read(work, EVERYWHERE)
                taken.append((time.perf_counter() - start) * 1000)
            median = statistics.median(taken)
            bare = bare or median
            print(f"{name:24} {median:9.1f} ms   {median / bare:6.2f} of count(*)")
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        engine.close()


if __name__ == "__main__":
    main()
