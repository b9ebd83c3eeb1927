"""What does it cost that events commit to personal data and keep it encrypted beside them?

Reports, readings of a claim and a replay, with commitments and as if no field were personal, turn about in one run.

Run: python bench/personal.py [--reports N] [--claims N] [--rounds N]
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.domain.personal import withheld
from backend.products.load import products
from backend.store import events, tables
from backend.store.replay import replay
from backend.store.run import Store
from bench.replay import PLENTY, fill, product
from bench.report import opened, ours, reports
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, terms


@contextmanager
def in_clear() -> Iterator[None]:
    """No field is personal: payloads hold what they say."""
    with patch.object(withheld, "_PATHS", {}):
        yield


def a_report_s(folder: Path, count: int, *, clear: bool) -> float:
    """Reports a processor second of one writer, many waiting: how slow the disk is today is not the question."""
    with opened(folder / f"{time.monotonic_ns()}.db") as engine:
        store = Store(engine, products())
        ours(store, reports(0, 100))
        wanted = reports(100, count)
        with in_clear() if clear else nullcontext():
            return count / _cpu(lambda: ours(store, wanted))


def of_county(county: County) -> tuple[float, float]:
    """Claims loaded, and events replayed, a second of one core."""
    read = county.store.engine.read
    ids = read(lambda connection: connection.scalars(select(tables.claims.c.id)).all(), EVERYWHERE)
    count = len(county.rows(tables.events))
    load = _cpu(
        lambda: read(lambda one: [events.load(one, ClaimId(claim_id)) for claim_id in ids], EVERYWHERE)
    )
    again = _cpu(lambda: read(lambda one: replay(one, lambda *_: None, products=product), EVERYWHERE))
    return len(ids) / load, count / again


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Fill both ways, measure turn about, print ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reports", type=int, default=1_500)
    parser.add_argument("--claims", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    plenty = a_policy(number=PLENTY, terms=terms(insured_heads=10 * asked.claims, stock=10 * asked.claims))
    found: dict[str, list[tuple[float, float]]] = {"reports": [], "claims loaded": [], "events replayed": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(asked.rounds):
            pair = tuple(a_report_s(folder, asked.reports, clear=clear) for clear in (False, True))
            found["reports"].append((pair[0], pair[1]))
        with (
            opened_county(f"sqlite:///{folder}/ours.db", more_policies=[plenty]) as ours_county,
            opened_county(f"sqlite:///{folder}/clear.db", more_policies=[plenty]) as clear_county,
        ):
            fill(ours_county, asked.claims)
            with in_clear():
                fill(clear_county, asked.claims)
            for _ in range(asked.rounds):
                both = of_county(ours_county), of_county(clear_county)
                found["claims loaded"].append((both[0][0], both[1][0]))
                found["events replayed"].append((both[0][1], both[1][1]))
    for what, pairs in found.items():
        ratio = statistics.median(ours / clear for ours, clear in pairs)
        sealed, clear = (statistics.median(one) for one in zip(*pairs, strict=True))
        print(f"{what:16} {sealed:8,.0f} a second sealed, {clear:8,.0f} in clear: {ratio:.2f} of the speed")


if __name__ == "__main__":
    main()
