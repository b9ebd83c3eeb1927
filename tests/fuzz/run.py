"""Throws made-up requests, from well formed to absurd, at a county at work, and holds every answer to the description.

``python -m tests.fuzz.run --cases 20000 [--seed N] [--database sqlite|postgresql]``: exit 1 where the server broke, or
answered what the API's description does not say. schemathesis makes the cases; the people are really signed in.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from backend.domain.edges.limited import Limits
from tests.databases import DIALECTS, a_database
from tests.fuzz.people import VARIABLE, county_at_work
from tests.journeys.world import running_world

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "missing_required_header"),
    *("unsupported_method", "ignored_auth", "negative_data_rejection", "use_after_free"),
)
ENDLESS = ("stream_reviews", "stream_timeline")
STEPS = 20
"""Requests in a row that follow from one another, from a report on."""

_PHASES = "coverage,fuzzing,stateful"


@dataclass(frozen=True)
class Fuzzed:
    """How many cases were sent, whether all answers were as described, and what schemathesis says of it."""

    cases: int
    is_clean: bool
    said: str


def fuzz(folder: Path, database: str, *, most: int, seed: int, phases: str = _PHASES) -> Fuzzed:
    """Send made-up requests to an installation in *folder*, at *most* so many of one kind an operation and phase."""
    # Strangers come by hundreds from one address here: a 429 would stand where the 401 that they are due is asked for.
    limits = Limits.parse("sign-in=off")
    with running_world(folder, farms=12, database_url=database, limits=limits) as world:
        known = folder / "known.json"
        county_at_work(world).write(known)
        settings = folder / "schemathesis.toml"
        settings.write_text(f"[phases.stateful]\nmax-steps = {STEPS}\n", encoding="utf-8")
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(settings)),
            *("run", f"{world.url}/docs/openapi.json"),
            *("--url", world.url, "--phases", phases, "--checks", ",".join(CHECKS), "--seed", str(seed)),
            *("--max-examples", str(most), "--continue-on-failure", "--no-shrink", "--warnings", "off"),
            *("--suppress-health-check", "all", "--request-timeout", "20"),
            *(part for name in ENDLESS for part in ("--exclude-operation-id", name)),
        ]
        surroundings = os.environ | {
            VARIABLE: str(known),
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            command, env=surroundings, cwd=folder, capture_output=True, text=True, check=False
        )
    said = done.stdout + done.stderr
    counted = re.search(r"([\d,]+) generated", said)
    if counted is None:
        raise RuntimeError(f"schemathesis did not come to its end:\n{said}")
    return Fuzzed(int(counted[1].replace(",", "")), done.returncode == 0, said)


def main() -> int:
    """Fuzz in rounds, each with the next seed, until enough cases were sent or something was found."""
    asked = _asked()
    screen = Console(stderr=True)
    sent = 0
    for seed, fuzzed in _rounds(asked.database, asked.most, asked.seed):
        sent += fuzzed.cases
        screen.print(f"seed {seed}: {fuzzed.cases} cases, {sent} in all")
        if not fuzzed.is_clean:
            sys.stdout.write(fuzzed.said)
            return 1
        if sent >= asked.cases:
            break
    screen.print(f"{sent} cases over {asked.database}: no server error, no answer that is not described")
    return 0


def _rounds(database: str, most: int, seed: int) -> Iterator[tuple[int, Fuzzed]]:
    while True:
        with tempfile.TemporaryDirectory(prefix="flashclaim-fuzz-") as made:
            folder = Path(made)
            with a_database(database, folder) as url:
                yield seed, fuzz(folder, url, most=most, seed=seed)
        seed += 1


def _asked() -> argparse.Namespace:
    reads = argparse.ArgumentParser(description=__doc__)
    reads.add_argument("--cases", type=int, default=20_000, help="go on until so many were sent")
    reads.add_argument("--most", type=int, default=60, help="examples an operation and phase, each round")
    reads.add_argument("--seed", type=int, default=1)
    reads.add_argument("--database", choices=DIALECTS, default="sqlite")
    return reads.parse_args()


if __name__ == "__main__":
    sys.exit(main())
