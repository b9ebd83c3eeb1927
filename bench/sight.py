"""What it costs that a reading sees one county: an officer's looks, kept to their county, over the same without bounds.

One database of a hundred counties (``bench/scale.py`` fills it); each look is taken in turns without bounds, with the
sight of one county, and with that of twenty, in one process.

Run: python bench/sight.py [--claims N] [--rounds N] [--server postgresql://…]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Connection, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.words import Lane
from backend.insight.claim_file import Reader, show
from backend.insight.lists import claim_rows, lane_queue
from backend.store import claims
from backend.store.run import Store
from backend.texts.load import Language, Table
from bench.scale import databases, settle

COUNTIES = 100
FIRST = "430000"
_READER = Reader(Language.ZH, Table.OFFICER)
Look = Callable[[Connection, Sight], object]
SIGHTS = {
    "unbounded": EVERYWHERE,
    "1 county": Sight(counties=frozenset({FIRST})),
    "20 counties": Sight(counties=frozenset(str(int(FIRST) + place) for place in range(20))),
}


def spread(connection: Connection) -> None:
    """Deal the claims out to the counties, one after the other."""
    one = f"(CAST(substr(number, 13) AS integer) % {COUNTIES})"
    code = f"CAST({FIRST} + {one} AS varchar(12))"
    connection.execute(text(f"UPDATE claims SET county = {code}"))  # noqa: S608 - our own figures


def looks(store: Store) -> dict[str, Look]:
    """What officers look at all day; the claim is one of the first county's."""
    wanted = claims.Wanted(open_only=True, most=1)
    [row] = store.engine.read(lambda connection: claims.listed(connection, wanted), SIGHTS["1 county"])
    return {
        "queue, veterinary": lambda c, _sight: lane_queue(c, Lane.VETERINARY, 50),
        "queue, insurer": lambda c, _sight: lane_queue(c, Lane.INSURER, 50),
        "newest 50 claims": lambda c, sight: claim_rows(
            claims.listed(c, claims.Wanted(county=sight.only_county))
        ),
        "newest 50 open claims": lambda c, sight: claim_rows(
            claims.listed(c, claims.Wanted(open_only=True, county=sight.only_county))
        ),
        "claim show": lambda c, _sight: show(c, claims.find(c, row.number), _READER),
    }


def taken(store: Store, look: Look, rounds: int) -> dict[str, float]:
    """Milliseconds under each sight, in turns: the quickest tenth, which a busy machine slows least."""
    figures: dict[str, list[float]] = {name: [] for name in SIGHTS}
    for _ in range(rounds):
        for name, sight in SIGHTS.items():
            start = time.perf_counter()
            store.engine.read(lambda c, sight=sight: look(c, sight), sight)
            figures[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.quantiles(every, n=10)[0] for name, every in figures.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--server", help="a PostgreSQL server that may make databases; without it SQLite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        [store] = stack.enter_context(databases(asked.server, (asked.claims,)))
        store.engine.write(spread).result()
        if asked.server:
            store.engine.read(
                lambda c: settle(str(c.engine.url.render_as_string(hide_password=False))), EVERYWHERE
            )
        print(f"{asked.claims} claims in {COUNTIES} counties; the quickest tenth, and over unbounded")
        for name, look in looks(store).items():
            taken(store, look, 5)
            found = taken(store, look, asked.rounds)
            ratios = "  ".join(
                f"{sight} {ms:7.2f} ms {ms / found['unbounded']:5.2f}" for sight, ms in found.items()
            )
            print(f"{name:24} {ratios}")


if __name__ == "__main__":
    main()
