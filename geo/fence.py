"""The fence decision 电子围栏: was the photo taken on the insured premises?

The contract is formats.md, "flashclaim fence check". Metres decide, and they are compared before they are
rounded.
"""

from dataclasses import dataclass
from enum import StrEnum

from geo.datum import Datum
from geo.fix import COARSE_OVER_M, STALE_OVER_S, Fix, InvalidFix, Signal
from geo.metres import compass_point
from geo.premises import EDGE_M, InvalidPremises, Premises, Standing

__all__ = [
    "COARSE_OVER_M",
    "STALE_OVER_S",
    "Datum",
    "Decision",
    "FenceDecision",
    "Fix",
    "InvalidFix",
    "InvalidPremises",
    "Neighbour",
    "Premises",
    "Signal",
    "check",
    "unknown",
]


class Decision(StrEnum):
    """The four answers of the fence."""

    INSIDE = "INSIDE"
    INSIDE_WITHIN_UNCERTAINTY = "INSIDE_WITHIN_UNCERTAINTY"
    OUTSIDE = "OUTSIDE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest premises other than those decided on; ``distance_m`` is 0.0 for a point inside them."""

    premises: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class FenceDecision:
    """What the fence found, for a person or a rule to judge by.

    Attributes:
        decision: INSIDE includes the edge; INSIDE_WITHIN_UNCERTAINTY is outside by no more than the radius.
        distance_m: Exact signed metres to the nearest edge, holes included: positive inside, negative
            outside, 0.0 on it. None only without a fix or a boundary.
        probability_inside: That the true place is inside; None when UNKNOWN, lest a number read as an answer.
        accuracy_m: The fix's radius as given.
        premises: The name decided on; None where no boundary was found.
        nearest: The nearest other premises, or None where there are none.
        signals: Every reason for UNKNOWN, the gravest first.
        direction: Where the fix lies as seen from the premises, one of eight compass points; None inside.
    """

    decision: Decision
    distance_m: float | None
    probability_inside: float | None
    accuracy_m: float | None
    premises: str | None
    nearest: Neighbour | None = None
    signals: tuple[Signal, ...] = ()
    direction: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the document of formats.md; metres to 0.1, the probability to 0.01."""
        limits = (0.0, -(self.accuracy_m or 0.0) - EDGE_M)
        near = self.nearest
        return {
            "decision": str(self.decision),
            "distance_m": None if self.distance_m is None else shown_m(self.distance_m, limits),
            "probability_inside": None
            if self.probability_inside is None
            else round(self.probability_inside, 2),
            "accuracy_m": None if self.accuracy_m is None else float(self.accuracy_m),
            "premises": self.premises,
            "nearest": near
            and {"premises": near.premises, "distance_m": -shown_m(-near.distance_m, (0.0,)) + 0.0},
            "signals": [str(signal) for signal in self.signals],
        }


def check(
    fix: Fix,
    premises: Premises,
    *,
    nearest: Neighbour | None = None,
    standing: Standing | None = None,
    coarse_over_m: float = COARSE_OVER_M,
    stale_over_s: float = STALE_OVER_S,
) -> FenceDecision:
    """Decide whether *fix* was taken on *premises*.

    Args:
        fix: Where the device says it was.
        premises: The ground in question.
        nearest: The nearest other premises, passed through to the decision.
        standing: How the fix stands to the premises, where the caller has measured it already.
        coarse_over_m: A larger accuracy radius in metres gives UNKNOWN.
        stale_over_s: A greater age in seconds gives UNKNOWN.
    """
    lon, lat = fix.wgs84()
    distance_m, bearing_deg = standing or premises.standing(lon, lat)
    signals = fix.signals(coarse_over_m=coarse_over_m, stale_over_s=stale_over_s)
    if signals or not fix.accuracy_m:
        decision, probability = Decision.UNKNOWN, None
    else:
        decision = _by_metres(distance_m, fix.accuracy_m)
        probability = premises.probability_inside(lon, lat, accuracy_m=fix.accuracy_m, distance_m=distance_m)
    return FenceDecision(
        decision=decision,
        distance_m=distance_m,
        probability_inside=probability,
        accuracy_m=fix.accuracy_m,
        premises=premises.name,
        nearest=nearest,
        signals=tuple(signals),
        direction=compass_point(bearing_deg) if distance_m < 0.0 else None,
    )


def unknown(
    *reasons: Signal, fix: Fix | None = None, premises: str | None = None, nearest: Neighbour | None = None
) -> FenceDecision:
    """Return the decision where there is nothing to measure: no fix (NO_FIX) or no boundary (NO_BOUNDARY)."""
    return FenceDecision(
        decision=Decision.UNKNOWN,
        distance_m=None,
        probability_inside=None,
        accuracy_m=fix.accuracy_m if fix else None,
        premises=premises,
        nearest=nearest,
        signals=reasons,
    )


def shown_m(distance_m: float, limits: tuple[float, ...]) -> float:
    """Round metres to 0.1, or finer where a tenth would read as the other side of one of *limits*.

    0.04 m outside is shown as -0.04, because -0.0 would read as on the edge.
    """
    for digits in (1, 2, 3):
        shown = round(distance_m, digits) + 0.0  # never -0.0
        if all((shown >= limit) == (distance_m >= limit) for limit in limits):
            return shown
    return distance_m


def _by_metres(distance_m: float, accuracy_m: float) -> Decision:
    if distance_m >= 0.0:
        return Decision.INSIDE
    # The edge's tolerance: a point 15 m out, put there by geodesy, comes back as 15.000000003.
    if -distance_m <= accuracy_m + EDGE_M:
        return Decision.INSIDE_WITHIN_UNCERTAINTY
    return Decision.OUTSIDE
