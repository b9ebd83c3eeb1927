"""Reports over HTTP with requests counted against rates, and without: what the counting costs.

Two servers over databases of their own in one process, in turns, so that a busy machine slows both alike. Run:
``python bench/rates.py [--dialect postgresql] [--reports N] [--rounds N]``
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.edges.limited import Limits
from tests.databases import a_database
from tests.journeys.world import World, key, running_world

PHONES = 16
# The shipped rates would end the measurement.
COUNTED = Limits.parse("reports=1000000/h,1000000/h")


@contextmanager
def opened(dialect: str, limits: Limits) -> Iterator[World]:
    """A server over a database of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        a_database(dialect, Path(folder)) as url,
        running_world(Path(folder), farms=40, database_url=url, limits=limits) as world,
    ):
        yield world


def reports_a_second(world: World, count: int) -> float:
    """Send so many reports of one animal without photos from many phones."""
    policies = [world.policy(place=place) for place in range(PHONES)]
    bodies = [world.report_body(policies[n % PHONES], []) for n in range(count)]
    with ExitStack() as lines:
        phones = [lines.enter_context(world.farmer(policy)) for policy in policies]

        def send(n: int) -> Any:
            return phones[n % PHONES].post("/claims", json=bodies[n], headers=key()).raise_for_status()

        began = perf_counter()
        with ThreadPoolExecutor(PHONES) as senders:
            list(senders.map(send, range(count)))
        return count / (perf_counter() - began)


def main() -> None:
    """Print both and their ratio."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--dialect", choices=("sqlite", "postgresql"), default="sqlite")
    given.add_argument("--reports", type=int, default=200)
    given.add_argument("--rounds", type=int, default=7)
    chosen = given.parse_args()
    with opened(chosen.dialect, COUNTED) as counted, opened(chosen.dialect, Limits.parse("off")) as free:
        for world in (counted, free):
            reports_a_second(world, 50)
        figures = [
            (reports_a_second(counted, chosen.reports), reports_a_second(free, chosen.reports))
            for _ in range(chosen.rounds)
        ]
    ratios = [free / counted for counted, free in figures]
    print(
        f"{chosen.dialect}: counted {statistics.median(one for one, _ in figures):.0f} reports/s, "
        f"not counted {statistics.median(one for _, one in figures):.0f}; a report takes "
        f"{statistics.median(ratios):.2f} times as long ({min(ratios):.2f}-{max(ratios):.2f}, {len(ratios)} rounds)"
    )


if __name__ == "__main__":
    main()
