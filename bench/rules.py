"""All rules over one claim, in memory: a plain claim, and a large one that every rule has something to say about.

Target: 1 ms a claim (issue 6). Run: python bench/rules.py [--rounds N]
"""

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.decisions.offering import quote_for
from backend.domain.elsewhere import Elsewhere
from backend.domain.policy import Loss
from backend.domain.rules.rule import Case
from backend.domain.rules.triage import judge
from backend.domain.rules.versions import CURRENT
from tests.builders import OUTSIDE, REPORTED_AT, a_photo_id, a_report, a_scene, facts, photo_checks, pigs
from tests.stories import a_claim

PHOTOS = tuple(f"photo-{place}" for place in range(12))


def case_of(heads: int, *, doubtful: bool) -> Case:
    """A claim with twelve photos; a doubtful one is outside, of unknown tags, seen before, and too large."""
    animals = tuple(
        replace(pig, tag=f"1430121{place:08d}" if doubtful else f"1370800{place:08d}")
        for place, pig in enumerate(pigs(*["95"] * heads))
    )
    report = a_report(heads=heads, animals=animals, photos=PHOTOS)
    known = Elsewhere()
    if doubtful:
        known = Elsewhere(
            by_photo={a_photo_id(name): ("FC-20261101-0001",) for name in PHOTOS},
            has_herd_book=True,
            deaths_before=500,
            payee_farms=40,
            payee_changed_at=REPORTED_AT,
        )
    checks = photo_checks(fence=OUTSIDE) if doubtful else photo_checks()
    claim = a_claim(report=report, checks=checks, scene=a_scene(heads))
    loss = Loss(report.cause, report.occurred_at)
    quote = quote_for(facts(), loss, report.species, heads, animals)
    return Case(claim=claim, scene=a_scene(heads), quote=quote, elsewhere=known, at=REPORTED_AT)


def main() -> None:
    """Print medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2_000)
    rounds = parser.parse_args().rounds
    print(f"rules {CURRENT.version}, {len(CURRENT.checks)} checks, {rounds} rounds: median, 99th percentile")
    for name, heads, doubtful in (
        ("2 heads, clean", 2, False),
        ("30 heads, clean", 30, False),
        ("30 heads, all in doubt", 30, True),
    ):
        case = case_of(heads, doubtful=doubtful)
        doubts = judge(case, CURRENT)
        assert bool(doubts) == doubtful, doubts
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            judge(case, CURRENT)
            taken.append(1_000 * (time.perf_counter() - began))
        worst = statistics.quantiles(taken, n=100)[98]
        print(f"  {name:24} {statistics.median(taken):.3f} ms  {worst:.3f} ms  ({len(doubts)} doubts)")


if __name__ == "__main__":
    main()
