"""Programmes 政策性保险项目 in an import: whose they are, and what their limits come to."""

from collections.abc import Mapping
from datetime import datetime

from backend.domain.effects import EffectKind
from backend.domain.money import ZERO
from backend.domain.register.judging import Judged, Wrong
from backend.domain.register.programmes import judge_programme
from backend.store import effects
from backend.store.engine import Transaction
from backend.workflows.importing.plan import Plan, Rules, Scope, Values


class ProgrammeRules(Rules):
    """An insurer registers the programmes of its own county; wider ones are registered at the server."""

    defaults: Mapping[str, object] = {"paid_before": ZERO}

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def judge(self, row: Values, before: Values | None) -> Judged:
        """Whose programme it is, its days, its limit."""
        own = self._scope.county
        if own is not None and any(one["county"] != own for one in (row, before or row)):
            why = f"is not your county, {own}"
            return Judged((Wrong("county", why, "Wider programmes are imported at the server."),))
        return judge_programme(row, before, committed=before["committed"] if before else ZERO)


def let_go_on(connection: Transaction, plan: Plan, at: datetime) -> None:
    """Claims that waited for money look again at once where a limit has changed."""
    if any("most" in row for row in plan.changed):
        effects.hurry(connection, EffectKind.PAY, at)
