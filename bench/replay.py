"""How fast is a history read, folded and proved? Paid claims in SQLite, by the parts of a replay.

`fold` is what the domain costs on events that are read already; `read + fold` is what every command pays for its claim;
`audit replay` adds leaf hashes, today's form, ledger, stages, every row that stands for the claim, and the machine's
decisions made again.

Run: python bench/replay.py [--claims N] [--profile]
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.fold import fold
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.indemnity.product import Product
from backend.products.load import products
from backend.store import tables
from backend.store.codec import recorded_from
from backend.store.replay import replay
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, a_report, certificate, confirmed_by_bank, terms

ROUNDS = 3
PLENTY = PolicyNumber("P-PLENTY")


def product(label: str) -> Product:
    """A product of any day by its label."""
    return products().find(label, date.max)


def fill(county: County, claims: int) -> None:
    """Claims of one head each that went all the way, by the real store."""
    for place in range(claims):
        report = a_report("95", claim_id=ClaimId(uuid4()), photos=(f"photo-{place}",), policy_number=PLENTY)
        claim_id = county.make_payable(report).report.claim_id
        claim = county.give(c.StartPayout(), claim_id).claim
        county.give(confirmed_by_bank(claim), claim_id)
        county.give(replace(certificate(1), certificate_number=f"C-{place}"), claim_id)


def best(work: Callable[[], object]) -> float:
    """Processor seconds of the best of some rounds: others may share the machine."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--profile", action="store_true", help="Say where a replay's time goes.")
    asked = parser.parse_args()
    plenty = a_policy(number=PLENTY, terms=terms(insured_heads=10 * asked.claims, stock=10 * asked.claims))
    with (
        tempfile.TemporaryDirectory() as folder,
        opened_county(f"sqlite:///{folder}/county.db", more_policies=[plenty]) as county,
    ):
        fill(county, asked.claims)
        rows = county.store.engine.read(_rows, EVERYWHERE)
        histories = [[recorded_from(row) for row in history] for history in rows]
        count = sum(map(len, rows))
        whole = lambda products: county.store.engine.read(  # noqa: E731 - one line each
            lambda connection: replay(connection, lambda *_: None, products=products), EVERYWHERE
        )
        assert whole(product).faults == []
        print(f"{asked.claims} claims, {count} events")
        for name, work in (
            ("fold", lambda: [fold(history) for history in histories]),
            ("read + fold", lambda: [fold([recorded_from(row) for row in history]) for history in rows]),
            ("audit replay, folding alone", lambda: whole(None)),
            ("audit replay", lambda: whole(product)),
        ):
            print(f"{name:28} {count / best(work):10,.0f} events/s of one core")
        if asked.profile:
            profile = cProfile.Profile()
            profile.runcall(whole, product)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _rows(connection: Connection) -> list[list[object]]:
    events = tables.events
    found: dict[object, list[object]] = {}
    for row in connection.execute(select(events).order_by(events.c.claim_id, events.c.seq)):
        found.setdefault(row.claim_id, []).append(row)
    return list(found.values())


if __name__ == "__main__":
    main()
