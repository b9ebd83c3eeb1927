"""How much memory does a server hold over a hundred thousand claims, asked for all that people and Prometheus ask?

A real API process with the worker in it, over a database filled as in ``bench/scale.py``: lists page by page, queues,
speed, metrics, some reports with photos that are counted. Prints the most memory it has held.

Run: python bench/memory.py [--claims N] [--pages N]
"""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.store.engine import open_engine
from bench.report import seed
from bench.scale import past
from bench.storm import most_megabytes, phone_photo
from tests.chaos.processes import a_site, people_of


def main() -> None:
    """Fill, ask, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=100)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        a_site(Path(folder), FLASHCLAIM_EMBEDDED_WORKER="1") as (site, county),
    ):
        engine = open_engine(f"sqlite:///{folder}/flashclaim.db")
        engine.write(seed).result()
        engine.write(partial(past, most=asked.claims)).result()
        engine.close()
        api = site.start_api()
        at_rest = most_megabytes(api.pid)
        with people_of(site, county) as people:
            http = people.officer("insurer").http
            after = None
            for _ in range(asked.pages):
                page = http.get("/claims", params={"limit": 500} | ({"after": after} if after else {}))
                after = page.raise_for_status().json()["next"]
            for path in ("/insight", "/reviews?lane=veterinary", "/payouts", "/effects"):
                http.get(path).raise_for_status()
            http.get(f"{site.url}/metrics").raise_for_status()
            for turn in range(5):
                claim = people.report(people.policy("cattle"), [phone_photo(turn)], heads=3)
                people.wait(claim, "JOINT_REVIEW", "TRIAGED")
        print(
            f"{asked.claims:,} claims: {at_rest:.0f} MB once it serves, {most_megabytes(api.pid):.0f} MB at the most"
        )


if __name__ == "__main__":
    main()
