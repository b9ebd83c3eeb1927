"""When animals die and when farmers report it: by month, by hour, and all at once where a disease breaks out."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from backend.simulation.habits import Habits

_BY_MONTH = (1.25, 1.2, 1.05, 0.9, 0.85, 0.95, 1.15, 1.2, 0.95, 0.85, 0.9, 1.1)
"""Deaths from January on against the year's mean: cold and coughs in winter, heat in July and August."""

_BY_HOUR = (1, 1, 1, 1, 2, 5, 9, 11, 10, 8, 7, 5, 3, 3, 5, 6, 7, 8, 7, 5, 3, 2, 2, 1)
"""Reports of an hour of the day, Asia/Shanghai: farmers look into the pens in the morning and before dusk."""

_OUTBREAK_DAYS = 14
CONFIRMED_AFTER = timedelta(days=3)
ZONE_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Outbreak:
    """疫情: a disease that starts on the farm at this place; ``confirmed_at`` opens its zone, ``lifted_at`` ends it."""

    farm: int
    begins_at: datetime

    @property
    def confirmed_at(self) -> datetime:
        """When a person of the veterinary office has confirmed it."""
        return self.begins_at + CONFIRMED_AFTER

    @property
    def lifted_at(self) -> datetime:
        """When the zone is no more."""
        return self.confirmed_at + ZONE_LASTS


@dataclass(frozen=True, slots=True)
class Death:
    """A loss that will be reported at ``reported_at`` from the farm at this place."""

    reported_at: datetime
    farm: int
    is_epidemic: bool


def outbreaks(chance: Random, habits: Habits, begins: datetime, days: int, farms: int) -> list[Outbreak]:
    """The outbreaks of a county; none where nobody would see the end of one."""
    room = days - _OUTBREAK_DAYS
    number = max(1, round(days / habits.days_between_outbreaks)) if room > 0 else 0
    found = [
        Outbreak(chance.randrange(farms), begins + timedelta(days=chance.uniform(0, room)))
        for _ in range(number)
    ]
    return sorted(found, key=lambda one: one.begins_at)


def deaths(
    chance: Random,
    habits: Habits,
    begins: datetime,
    days: int,
    number: int,
    farms: int,
    struck: Sequence[tuple[Outbreak, Sequence[int]]],
) -> list[Death]:
    """So many losses in the order of their reports.

    A Poisson process whose number is given: each moment is drawn from the season's density on its own.

    Args:
        chance: What is drawn from.
        habits: How many of them belong to epidemics.
        begins: The first midnight.
        days: How many.
        number: How many losses.
        farms: How many farms there are.
        struck: Each outbreak with the farms that it reaches.
    """
    in_epidemic = round(number * habits.dies_in_epidemic) if struck else 0
    by_day = list(accumulate(_BY_MONTH[(begins + timedelta(days=day)).month - 1] for day in range(days)))
    by_hour = list(accumulate(_BY_HOUR))
    found = [
        Death(_moment(chance, begins, bisect(by_day, chance.random() * by_day[-1]), by_hour), farm, False)
        for farm in chance.choices(range(farms), k=number - in_epidemic)
    ]
    for place in range(in_epidemic):
        outbreak, reached = struck[place % len(struck)]
        day = min(days - 1, int((outbreak.begins_at - begins) / timedelta(days=1)) + _course(chance))
        farm = chance.choice(reached)
        found.append(Death(_moment(chance, begins, day, by_hour), farm, True))
    return sorted(found, key=lambda one: (one.reported_at, one.farm))


def _course(chance: Random) -> int:
    """Days since the outbreak: more farms each day at first, then fewer."""
    return int(chance.triangular(0, _OUTBREAK_DAYS, _OUTBREAK_DAYS / 3))


def _moment(chance: Random, begins: datetime, day: int, by_hour: Sequence[int]) -> datetime:
    hour = bisect(by_hour, chance.random() * by_hour[-1])
    moment = begins + timedelta(days=day, hours=hour, milliseconds=chance.randrange(3_600_000))
    return moment.astimezone(UTC)
