"""The index worked out again from an export's rows alone: another way to the same figures, which a test compares.

Kaplan-Meier is written out as a reader of the export would do it (JASA 53, 1958): nothing is shared with the server's
own, which reads packed days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.quality.figure import FORMULA, TARGET_MS, Weighed, shown, weighed_mean
from backend.domain.quality.heard import Heard
from backend.domain.ratings.words import RatedStage

_ROUNDING = 1e-12
NEEDED = (
    *("as_of", "due_at", "paid_at", "ended_unpaid", "asked", "report_to_paid"),
    *(f"rating.{stage.value}" for stage in RatedStage),
    *("recommend", "tickets_in_time", "tickets_late", "tickets_waiting"),
)
"""Columns of the export that the index is made of."""
_FIRST_ROW = 2
"""Of a file's rows: the first one holds the headings."""

Row = Mapping[str, str]


@dataclass(slots=True)
class _Counted:
    claims: int = 0
    paid_in_time: int = 0
    paid: int = 0
    overdue: int = 0
    asked: int = 0
    over: list[int] = field(default_factory=list)
    lasting: list[int] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    as_of: str | None = None


def quality_of(rows: Iterable[Row], weights: Sequence[Weighed]) -> dict[str, object]:
    """The index of all claims of an export, with everything it is made of.

    Args:
        rows: The export's rows by heading, as text.
        weights: The published figures.

    Raises:
        InvalidInput: A column is missing, or a cell cannot be read; row and column are named.
    """
    counted = _Counted()
    for place, row in enumerate(rows, start=_FIRST_ROW):
        missing = [name for name in NEEDED if row.get(name) is None]
        if missing:
            errors = [FieldError(f"/{place}/{name}", "is missing") for name in missing]
            raise InvalidInput("this is no export of flashclaim stats export", errors=errors)
        try:
            _count(counted, row)
        except ValueError as wrong:
            raise InvalidInput(
                f"row {place} cannot be read", errors=[FieldError(f"/{place}", str(wrong))]
            ) from wrong
    raw = _raw(counted, weights)
    return {
        "as_of": counted.as_of,
        "claims": counted.claims,
        "index": weighed_mean([(one, raw[one.name]) for one in weights]),
        "formula": FORMULA,
        "figures": [shown(one, raw[one.name]) for one in weights],
        "voices": counted.heard.as_json(),
    }


def _count(counted: _Counted, row: Row) -> None:
    counted.as_of = counted.as_of or row["as_of"]
    counted.claims += 1
    counted.asked += int(row["asked"])
    if not int(row["ended_unpaid"]):
        due, paid = datetime.fromisoformat(row["due_at"]), row["paid_at"]
        # Half a millisecond: the export writes microseconds, durations are whole milliseconds.
        ms = int(float(row["report_to_paid"]) * 1000 + 0.5)
        (counted.over if paid else counted.lasting).append(ms)
        if paid:
            counted.paid += 1
            counted.paid_in_time += datetime.fromisoformat(paid) <= due
        else:
            counted.overdue += due < datetime.fromisoformat(row["as_of"])
    scores = {stage.value: row[f"rating.{stage.value}"] for stage in RatedStage}
    for stage, score in scores.items():
        if score:
            counted.heard.add_score(stage, 1, int(score))
    counted.heard.rated += any(scores.values())
    if row["recommend"]:
        counted.heard.add_recommendation(int(row["recommend"]))
    counted.heard.in_time += int(row["tickets_in_time"])
    counted.heard.late += int(row["tickets_late"])
    counted.heard.waiting += int(row["tickets_waiting"])


def _raw(counted: _Counted, weights: Sequence[Weighed]) -> dict[str, float | None]:
    curve = _curve(counted.over, counted.lasting)
    watched = bool(counted.over or counted.lasting)
    p90 = next((ms for ms, left in curve if left <= 0.1 + _ROUNDING), None)
    worst = next(one.worst for one in weights if one.name == "p90_seconds")
    unreached = worst if watched else None
    promised = counted.paid + counted.overdue
    return {
        "paid_within_15_min": _within(counted, curve),
        "p90_seconds": unreached if p90 is None else p90 / 1000,
        "kept_promises": counted.paid_in_time / promised if promised else None,
        "asked_again": counted.asked / counted.claims if counted.claims else None,
    } | counted.heard.raw(weights)


def _curve(over: list[int], lasting: list[int]) -> list[tuple[int, float]]:
    """Each time at which a claim was paid, and the share that still waited after it; open ones are censored."""
    over.sort()
    lasting.sort()
    curve: list[tuple[int, float]] = []
    left, done, gone = 1.0, 0, 0
    while done < len(over):
        time = over[done]
        ended = 0
        while done + ended < len(over) and over[done + ended] == time:
            ended += 1
        while gone < len(lasting) and lasting[gone] < time:
            gone += 1
        at_risk = len(over) - done + len(lasting) - gone
        left *= 1 - ended / at_risk
        done += ended
        curve.append((time, left))
    return curve


def _within(counted: _Counted, curve: list[tuple[int, float]]) -> float | None:
    """The share that is paid within 15 minutes; unknown where no claim has been watched for so long."""
    reached = [left for time, left in curve if time <= TARGET_MS]
    longest = max((*counted.over[-1:], *counted.lasting[-1:]), default=-1)
    is_settled = bool(reached) and reached[-1] < _ROUNDING
    if not is_settled and longest < TARGET_MS:
        return None
    if not reached:
        return 0.0
    return 1 - (0.0 if is_settled else reached[-1])
