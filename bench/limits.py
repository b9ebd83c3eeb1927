"""What a programme costs a payout on PostgreSQL: policies without one, with one each, and all of them in one.

A step is ``StartPayout``, the bank's refusal and ``RetryPayout`` on a claim of its own, eight at once. The kinds take
turns in one run, so that the machine's mood is the same for all; what counts is the ratio.

Run: python bench/limits.py [--steps N] [--rounds N]
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection

from backend.domain.commands import StartPayout
from backend.domain.ids import ClaimId, PolicyNumber, ProgrammeId
from backend.domain.money import Money
from backend.domain.parties import Policy
from backend.domain.register.fields import Register
from backend.store import registers
from bench.report import spread_of
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, a_report, a_retry, failed_at_bank
from tests.databases import a_database

AT_ONCE = 8
KINDS = ("none", "one each", "one for all")


def policies() -> dict[str, list[Policy]]:
    """As many policies of each kind as steps run at once."""
    named: dict[str, list[ProgrammeId | None]] = {
        "none": [None] * AT_ONCE,
        "one each": [ProgrammeId(f"G-{place}") for place in range(AT_ONCE)],
        "one for all": [ProgrammeId("G-ALL")] * AT_ONCE,
    }
    return {
        kind: [
            a_policy(number=PolicyNumber(f"P-{kind}-{place}"), programme=programme)
            for place, programme in enumerate(programmes)
        ]
        for kind, programmes in named.items()
    }


def put_programmes(connection: Connection, held: Sequence[Policy]) -> None:
    """Register every programme that a policy names, with more money than is asked for."""
    one = a_policy()
    common = {
        "name": "bench",
        "county": one.county,
        "begins": one.terms.incepted,
        "ends": one.terms.expires,
        "most": Money(10**12),
        "paid_before": Money(0),
    }
    named = sorted({policy.programme for policy in held if policy.programme})
    registers.put_rows(connection, Register.PROGRAMMES, [{"id": name} | common for name in named])


def steps(county: County, claim_id: ClaimId, times: int) -> None:
    """Start, refuse, retry."""
    give = partial(county.store.run_blocking, claim_id, at=county.clock())
    for _ in range(times):
        claim = give(StartPayout()).claim
        give(failed_at_bank(claim))
        give(a_retry())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    held = policies()
    every = [policy for some in held.values() for policy in some]
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with (
        tempfile.TemporaryDirectory() as folder,
        a_database("postgresql", Path(folder)) as url,
        opened_county(url, more_policies=every) as county,
        ThreadPoolExecutor(AT_ONCE) as offices,
    ):
        county.store.submit(partial(put_programmes, held=every)).result()
        for turn in range(asked.rounds + 1):
            for kind in KINDS:
                # New claims each time: a claim with a long history is slower for a reason of its own.
                reports = [
                    a_report(claim_id=ClaimId(uuid4()), photos=(str(uuid4()),), policy_number=policy.number)
                    for policy in held[kind]
                ]
                claims = [county.make_payable(report).report.claim_id for report in reports]
                start = time.perf_counter()
                list(offices.map(partial(steps, county, times=asked.steps), claims))
                if turn:
                    took[kind].append(AT_ONCE * asked.steps / (time.perf_counter() - start))
    for kind, figures in took.items():
        print(f"{kind:12} {spread_of(figures, 0):>22} steps a second")
    for kind in KINDS[1:]:
        shares = [figure / plain for figure, plain in zip(took[kind], took["none"], strict=True)]
        print(f"{kind} reaches {spread_of(shares, 2)} of none")


if __name__ == "__main__":
    main()
