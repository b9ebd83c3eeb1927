"""Farms 养殖场 and their boundaries in an import."""

from collections.abc import Mapping
from typing import Any  # what a change or a report tells is any field's value

import numpy as np
import shapely
from shapely import STRtree

from backend.domain.register.fields import BOUNDARY
from backend.domain.register.judging import Judged, Wrong
from backend.store import registers
from backend.store.engine import Transaction
from backend.workflows.importing.plan import Plan, Rules, Scope, Values, in_scope
from geo.outlines import hectares, same, square_metres
from geo.overlaps import overlaps_among, overlaps_between


class FarmRules(Rules):
    """A farm stays in its county; grounds that overlap are told."""

    defaults: Mapping[str, object]

    def __init__(self, connection: Transaction, scope: Scope, standing: Mapping[str, Values]) -> None:
        self._connection, self._scope, self._standing = connection, scope, standing
        self.defaults = {"county": scope.county, BOUNDARY: None}

    def judge(self, row: Values, before: Values | None) -> Judged:
        """Whose county it is, and whether it has a boundary at all."""
        if row["county"] is None:
            return Judged((Wrong("county", "is missing", "Write the county's code of six digits."),))
        if not in_scope(row, self._scope) or not in_scope(before, self._scope):
            why = f"is another county than yours, {self._scope.county}"
            return Judged((Wrong("county", why, "Let that county's insurer import it."),))
        if row[BOUNDARY] is None:
            return Judged(notes=("has no boundary: its claims go to people (ASSISTED) until it is surveyed",))
        return Judged()

    def tells(self, value: Any, /) -> str | None:
        """A boundary as hexadecimal WKB."""
        return value.hex() if isinstance(value, bytes) else super().tells(value)

    def shows(self, _name: str, value: Any, /) -> str | None:
        """A boundary by its size and its middle."""
        if not isinstance(value, bytes):
            return self.tells(value)
        shape = shapely.from_wkb(value)
        middle = shape.centroid
        size = hectares(float(square_metres(np.array([shape], dtype=object))[0]))
        return f"{size}, {shapely.get_num_coordinates(shape)} corners at {middle.x:.5f}, {middle.y:.5f}"

    def is_same(self, name: str, before: Any, after: Any, /) -> bool:
        """Boundaries are compared on the ground, to the millimetre."""
        if before == after:
            return True
        return (
            name == BOUNDARY
            and bool(before and after)
            and same(shapely.from_wkb(before), shapely.from_wkb(after))
        )

    def finish(self, plan: Plan, kept: Mapping[int, Values], /) -> None:
        """Note farms that share ground, among each other and with registered ones that the file does not name."""
        places = [index for index, row in kept.items() if row[BOUNDARY] is not None]
        if not places:
            return
        names = {index: kept[index]["name"] for index in places}
        shapes = shapely.from_wkb(np.array([kept[index][BOUNDARY] for index in places], dtype=object))
        for pair in overlaps_among(shapes):
            one, other = places[pair.one], places[pair.other]
            said = f"{names[one]} and {names[other]} (row {other + 1}) share {hectares(pair.shared_m2)} of ground"
            plan.report.note(one, said)
        tree = STRtree(shapes)
        for page in registers.others_boundaries(self._connection, self._scope.county, self._standing):
            others = shapely.from_wkb(np.array([boundary for _, boundary in page], dtype=object))
            for pair in overlaps_between(tree, others):
                one, other_name = places[pair.one], page[pair.other][0]
                said = (
                    f"{names[one]} and {other_name} (registered) share {hectares(pair.shared_m2)} of ground"
                )
                plan.report.note(one, said)
