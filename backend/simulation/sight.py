"""What the machine finds on a photo that was never taken: the fence really decides, the count is drawn."""

from decimal import Decimal
from random import Random

from backend.domain.events import SceneFound
from backend.domain.photos import BoxFound, CountFound, FenceFound, PhotoChecks
from backend.domain.words import Species
from backend.simulation.habits import Habits
from geo.fence import Fix, check
from geo.premises import Premises

COUNTER = "simulated@1"
"""Stands where the network's name stands: no photo was counted."""

_SIDES = (4000, 3000)
_BOX = 400
_MILLIMETRE, _SHARE = Decimal("0.001"), Decimal("0.0001")


def fence_found(premises: Premises, fix: Fix) -> FenceFound:
    """The real fence's decision on a fix; neighbours are not looked for."""
    decided = check(fix, premises)
    return FenceFound(
        decision=decided.decision.value,
        distance_m=_exact(decided.distance_m, _MILLIMETRE),
        probability_inside=_exact(decided.probability_inside, _SHARE),
        accuracy_m=_exact(decided.accuracy_m, _MILLIMETRE),
        premises=decided.premises,
        signals=tuple(signal.value for signal in decided.signals),
        direction=decided.direction,
    )


def scene_found(chance: Random, habits: Habits, heads: int) -> SceneFound:
    """One estimate over the photos of *heads* dead animals."""
    if chance.random() < habits.is_unsure:
        low = max(0, heads - 1)
        return SceneFound(count=heads, low=low, high=heads + 1, unsure=True, reasons=("LOW_CONFIDENCE",))
    seen = max(1, heads + chance.choice((-1, 1))) if chance.random() < habits.miscounts else heads
    return SceneFound(count=seen, low=seen, high=seen, unsure=False)


def checks_of(scene: SceneFound, fence: FenceFound, species: Species) -> PhotoChecks:
    """The findings on one photo that shows the whole scene."""
    count = scene.count or 0
    boxes = tuple(
        BoxFound((place * 10, 900, place * 10 + _BOX, 900 + _BOX), species.value, Decimal("0.9100"))
        for place in range(min(count, 12))
    )
    return PhotoChecks(
        width=_SIDES[0],
        height=_SIDES[1],
        format="JPEG",
        taken_at=None,
        location_grade="B",
        fence=fence,
        count=CountFound(
            model=COUNTER,
            count=count,
            low=scene.low or 0,
            high=scene.high or 0,
            unsure=scene.unsure,
            reasons=scene.reasons,
            boxes=boxes,
        ),
    )


def _exact(number: float | None, step: Decimal) -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(step)
