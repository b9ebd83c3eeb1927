"""The insurer's pages over a year of claims: search, flags, money and the counter, on SQLite and PostgreSQL.

Claims as ``bench/insight.py`` makes them; each with a count (one in ten unsure, one in fifty wrong), six lines of the
ledger and a payout where it was paid, and a flag on every fortieth. Measured: what each page reads, as the insurer of
one county of ten and of the whole installation; the median of the rounds, in one process.

Run: python bench/views.py [--claims N] [--rounds N] [--server postgresql://…]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.flags.words import FlagState
from backend.domain.money import ZERO, Money
from backend.domain.policy import policy_day
from backend.domain.words import LedgerAccount, PayoutState, Species, State
from backend.insight.funds import funds
from backend.insight.lists import claim_page
from backend.insight.model import model_figures
from backend.insight.wanted import Wanted
from backend.store import flags, tables
from backend.store.claims import Wanted as Listed
from backend.store.doubt_tables import claim_counts, claim_flags
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.migrate import migrate
from bench.insight import NOW, database, fill, made
from bench.report import seed
from tests.keys import KEYS

_BATCH = 2_000
_SUM = Money(70_000)
_COUNTY = Sight(counties=frozenset({"430603"}))
Row = dict[str, object]


def beside(claim: Row) -> Iterator[tuple[str, Row]]:
    """Rows that stand beside a claim, by their table."""
    claim_id, reported, paid = claim["id"], claim["reported_at"], claim["paid_at"]
    assert isinstance(claim_id, UUID)
    n, day = claim_id.int, policy_day(reported)  # type: ignore[arg-type]
    counted = 2 if n % 50 == 0 else 1
    yield (
        "counts",
        {
            "claim_id": claim_id,
            "week": day - timedelta(days=day.weekday()),
            "model": f"carcass-counter@{n % 2}",
        }
        | {"counted": counted, "low": 1, "high": counted, "unsure": n % 10 == 0, "heads_claimed": 1}
        | {"heads_agreed": 1 if paid else None},
    )
    moved = [(LedgerAccount.INCURRED, _SUM), (LedgerAccount.RESERVE, ZERO - _SUM)]
    if paid:
        moved += [(LedgerAccount.RESERVE, _SUM), (LedgerAccount.TRANSIT, ZERO - _SUM)]
        moved += [(LedgerAccount.TRANSIT, _SUM), (LedgerAccount.PAID, ZERO - _SUM)]
        yield (
            "payouts",
            {"id": UUID(int=n + 2**64), "claim_id": claim_id, "no": 1, "amount": _SUM, "bank_file": None}
            | {"state": PayoutState.CONFIRMED, "bank_reference": "B", "reason": None, "started_at": paid}
            | {"confirmed_at": paid, "returned_at": None},
        )
    for line, (account, amount) in enumerate(moved, start=1):
        yield (
            "ledger",
            {"claim_id": claim_id, "seq": 5, "line": line, "account": account, "amount": amount, "day": day},
        )
    if n % 40 == 0:
        state = FlagState.OPEN if n % 400 == 0 else FlagState.CLEARED
        yield (
            "flags",
            {"claim_id": claim_id, "key": "COUNT_MISMATCH:", "kind": "count", "code": "COUNT_MISMATCH"}
            | {"state": state, "raised_at": reported, "judged_by": None, "judged_at": None},
        )


def fill_beside(engine: DatabaseEngine, claims: int) -> None:
    """Write them in batches, a transaction each."""
    places = {
        "counts": claim_counts,
        "payouts": tables.payouts,
        "ledger": tables.ledger_entries,
        "flags": claim_flags,
    }
    left = made(claims)
    while batch := list(islice(left, _BATCH)):
        rows = [row for claim, _ in batch for row in beside(claim)]

        def put(connection: Connection, rows: list[tuple[str, Row]] = rows) -> None:
            for name, table in places.items():
                own = [row for place, row in rows if place == name]
                if own:
                    connection.execute(insert(table), own)

        engine.write(put).result()


Measure = Callable[[Connection, Sight], object]
MEASURES: dict[str, Measure] = {
    "claims, newest": lambda c, sight: claim_page(c, Listed(county=sight.only_county)),
    "claims, by policy": lambda c, sight: claim_page(c, Listed(county=sight.only_county, text="P7")),
    "claims, rejected": lambda c, sight: claim_page(
        c, Listed(county=sight.only_county, state=State.REJECTED, species=Species.CATTLE)
    ),
    "flags, open": lambda c, sight: (
        flags.listed(c, flags.Wanted(state=FlagState.OPEN, county=sight.only_county)),
        flags.tally(c, sight.only_county),
    ),
    "money": lambda c, sight: funds(c, None, ZERO, "gateway", sight, NOW),
    "model": lambda c, sight: model_figures(c, Wanted(within=_within(sight)), NOW),
    "model, one species": lambda c, sight: model_figures(
        c, Wanted(within=_within(sight), species="pig"), NOW
    ),
}


def _within(sight: Sight) -> frozenset[str] | None:
    return None if sight.everywhere else sight.counties


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
        fill_beside(engine, asked.claims)
        print(f"{asked.claims:,} claims within {time.perf_counter() - began:.0f} s")
        for name, work in MEASURES.items():
            medians = [_median(engine, work, sight, asked.rounds) for sight in (EVERYWHERE, _COUNTY)]
            print(f"{name:20} everywhere {medians[0]:8.1f} ms   one county {medians[1]:8.1f} ms")
        engine.close()


def _median(engine: DatabaseEngine, work: Measure, sight: Sight, rounds: int) -> float:
    engine.read(lambda connection: work(connection, sight), sight)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        engine.read(lambda connection: work(connection, sight), sight)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
