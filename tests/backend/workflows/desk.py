"""The payout desk: a county, a bank, and the worker that stands between them."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from backend.adapters.bank import Bank
from backend.adapters.bank_notice import BankNotice
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim, Payout
from backend.domain.effects import EffectKind
from backend.domain.ids import ClaimId
from backend.store import effects, tables
from backend.store.effects import EffectState
from backend.workflows.payout import Payouts
from backend.workflows.worker import Worker
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, a_policy

ACCOUNT = a_policy().payee.account
KEY_MEMORY = timedelta(minutes=30)


@dataclass
class Desk:
    """Payouts of one county against one bank; ``work`` carries out what is due now, ``wait`` also what comes."""

    county: County
    bank: Bank
    key_memory: timedelta = KEY_MEMORY
    claim_id: ClaimId = CLAIM_ID
    leaves_in_files: bool = False
    payouts: Payouts = field(init=False)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        clock = self.county.clock
        self.payouts = Payouts(
            self.county.store, self.bank, clock, self.key_memory, leaves_in_files=self.leaves_in_files
        )
        handlers = dict.fromkeys(EffectKind, lambda _: None) | {
            EffectKind.PAY: self.payouts.pay,
            EffectKind.INQUIRE: self.payouts.inquire,
        }
        self.worker = Worker(self.county.store, handlers, clock)  # type: ignore[arg-type]

    @property
    def claim(self) -> Claim:
        return self.county.claim(self.claim_id)

    def work(self) -> Claim:
        self.worker.run_until_idle()
        return self.claim

    def wait(self, length: timedelta, step: timedelta = timedelta(seconds=1)) -> Claim:
        """Let time go by in steps, and carry out what falls due; steps in which nothing can are passed over."""
        clock = self.county.clock
        until = clock() + length
        while (now := clock()) < until:
            comes = self.county.store.engine.read(partial(effects.next_due, now=now), EVERYWHERE)
            next_look = min(until, comes or until)
            clock.move(max(1, -((now - next_look) // step)) * step)
            self.worker.run_until_idle()
        return self.claim

    def hear(self, *notices: BankNotice) -> Claim:
        for notice in notices:
            asyncio.run(self.payouts.heard(notice))
        return self.claim

    @property
    def payout(self) -> Payout:
        payout = self.claim.payout
        assert payout is not None
        return payout

    def buried(self) -> list[str]:
        """Why effects lie dead."""
        return [row.last_error for row in self.county.rows(tables.effects) if row.state == EffectState.DEAD]


def about(notice: BankNotice, **changes: object) -> BankNotice:
    return replace(notice, **changes)  # type: ignore[arg-type]
