"""Two processes that start payouts at the same instant, round after round; what they saw is told in the end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from backend.domain.claim import Claim
from backend.domain.commands import Command, StartPayout
from backend.domain.ids import ClaimId
from backend.products.load import products
from backend.store.engine import open_engine
from backend.store.run import Store
from tests.builders import a_release, a_retry, failed_at_bank
from tests.keys import KEYS

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

PATIENCE_S = 60.0
LONGEST_RACE_S = 540.0
"""Measured: 65 s on two cores that others kept busy; the rest is for worse."""
# Written out here, and counted from the payouts themselves: not by what is under test.
_HEADS_IN_USE = text(
    "SELECT coalesce(sum(claims.heads), 0) FROM payouts JOIN claims ON claims.id = payouts.claim_id "
    "WHERE claims.policy_number = :name AND payouts.state IN ('started', 'accepted', 'unknown', 'confirmed')"
)
_FEN_IN_USE = text(
    "SELECT coalesce(sum(payouts.amount), 0) FROM payouts JOIN claims ON claims.id = payouts.claim_id "
    "WHERE claims.programme = :name AND payouts.state IN ('started', 'accepted', 'unknown', 'confirmed')"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two payable claims that race for what is enough for one: heads of a policy, or fen of a programme."""

    claims: tuple[ClaimId, ClaimId]
    most: int
    policy: str | None = None
    programme: str | None = None

    def in_use(self, connection: Connection) -> int:
        """What payouts under way or done have taken of it."""
        statement = _FEN_IN_USE if self.programme else _HEADS_IN_USE
        return int(connection.execute(statement, {"name": self.programme or self.policy}).scalar_one())


@dataclass(slots=True)
class Told:
    """What one process saw: how often its payout started, and how often both together took too much."""

    started: int = 0
    beyond: list[str] = field(default_factory=list)
    failure: str | None = None


def race(database: str, pairs: list[Pair], rounds: int, at: datetime) -> tuple[Told, Told]:
    """Let two processes race over each pair, *rounds* times."""
    context = get_context("spawn")
    barrier, told = context.Barrier(2, timeout=PATIENCE_S), context.Queue()
    runners = [
        context.Process(target=_run, args=(database, pairs, rounds, at, place, barrier, told), daemon=True)
        for place in range(2)
    ]
    try:
        for runner in runners:
            runner.start()
        found = dict(told.get(timeout=LONGEST_RACE_S) for _ in runners)
        for runner in runners:
            runner.join(PATIENCE_S)
    finally:
        # One that has ended is not there to be ended; none outlives the test that started it.
        for runner in runners:
            runner.kill()
    return found[0], found[1]


def _run(
    database: str,
    pairs: list[Pair],
    rounds: int,
    at: datetime,
    place: int,
    barrier: Barrier,
    told: "Queue[tuple[int, Told]]",
) -> None:
    saw = Told()
    try:
        engine = open_engine(database, writers=1, keys=KEYS)
        runner = _Runner(Store(engine, products()), at, place, barrier, saw)
        for pair in pairs:
            for _ in range(rounds):
                runner.run_once(pair)
        engine.close()
    except BaseException as failure:
        saw.failure = repr(failure)
        barrier.abort()
        raise
    finally:
        told.put((place, saw))


@dataclass(slots=True)
class _Runner:
    store: Store
    at: datetime
    place: int
    barrier: Barrier
    saw: Told

    def run_once(self, pair: Pair) -> None:
        """Both start; one of them looks at what was taken; both make their claim payable again."""
        mine = pair.claims[self.place]
        self.barrier.wait()
        claim = self._give(mine, StartPayout())
        self.barrier.wait()
        if claim.payout is not None:
            self.saw.started += 1
        if self.place == 0:
            used = self.store.submit(pair.in_use).result()
            if used > pair.most:
                self.saw.beyond.append(f"{pair}: {used}")
        self.barrier.wait()
        if claim.payout is not None:
            self._give(mine, failed_at_bank(claim))
            self._give(mine, a_retry())
        else:
            self._give(mine, a_release(claim.holds[0].kind))

    def _give(self, claim_id: ClaimId, command: Command) -> Claim:
        self.at += timedelta(seconds=1)
        return self.store.run_blocking(claim_id, command, at=self.at).claim
