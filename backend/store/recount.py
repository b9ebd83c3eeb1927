"""What all claims commit, added up anew from their events, against the rows that payouts are held to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from backend.domain.claim import Claim
from backend.domain.commitments import commitment_of
from backend.domain.money import ZERO, Money
from backend.store.limit_tables import cover_periods, programmes


@dataclass(slots=True)
class Recount:
    """Heads by policy and first day of its cover period, money by programme."""

    heads: dict[tuple[str, date], int] = field(default_factory=lambda: defaultdict(int))
    money: dict[str, Money] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    def add(self, claim: Claim) -> None:
        """Count one claim."""
        policy, has = claim.report.policy, commitment_of(claim)
        self.heads[policy.number, policy.terms.incepted] += has.heads
        if policy.programme:
            self.money[policy.programme] += has.amount

    def faults(self, connection: Connection) -> Iterator[str]:
        """Rows that say something else, a sentence each."""
        kept_heads = {
            (row.policy_number, row.incepted): row.heads_committed
            for row in connection.execute(select(cover_periods))
        }
        for number, first in sorted({*kept_heads, *self.heads}):
            kept, counted = kept_heads.get((number, first), 0), self.heads[number, first]
            if kept != counted:
                yield f"policy {number} from {first}: {kept} heads are committed, its claims say {counted}"
        kept_money = {row.id: row.committed for row in connection.execute(select(programmes))}
        for programme in sorted({*kept_money, *self.money}):
            spent, told = kept_money.get(programme, ZERO), self.money[programme]
            if spent != told:
                yield f"programme {programme}: {spent} is committed, its claims say {told}"
