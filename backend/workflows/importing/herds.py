"""Herd books 存栏台账 in an import: animals by ear tag."""

from collections.abc import Mapping

from backend.domain.register.judging import Judged, judge_animal
from backend.store import registers
from backend.store.engine import Transaction
from backend.workflows.importing.plan import Rules, Scope, Values, judge_farm


class HerdRules(Rules):
    """An animal stands on a registered farm under a tag of its species."""

    defaults: Mapping[str, object] = {"category": None}

    def __init__(
        self, connection: Transaction, scope: Scope, standing: Mapping[str, Values], farm_ids: list[str]
    ) -> None:
        self._scope = scope
        before = [row["farm_id"] for row in standing.values()]
        self._counties = registers.counties_of_farms(connection, list(dict.fromkeys((*farm_ids, *before))))

    def judge(self, row: Values, before: Values | None) -> Judged:
        """Farm, tag, and whether the animal has moved."""
        if farm := judge_farm(row, before, self._counties, self._scope):
            return Judged((farm,))
        judged = judge_animal(row)
        if before and before["farm_id"] != row["farm_id"] and not judged.wrong:
            return Judged(notes=(f"{row['tag']} moves from farm {before['farm_id']} to {row['farm_id']}",))
        return judged
