"""What was insured (policy 保单) and what was lost (loss 损失)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from backend.domain.money import Money
from backend.domain.plain import plain
from backend.domain.size_bands import SizeBand
from backend.domain.words import Category, Cause, Species, WeightSource

_AHEAD = timedelta(hours=8)
SHANGHAI = timezone(_AHEAD, "Asia/Shanghai")
"""Policy days are dates in Asia/Shanghai, which has kept UTC+08:00 without summer time since 1991."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of one cover period 保险期间 that an indemnity is computed from.

    ``sum_insured`` 保险金额 is per head; ``stock`` 存栏 is the number of animals before the event; ``expires`` is
    the last covered day. Dates are in Asia/Shanghai.
    """

    incepted: date
    expires: date
    insured_heads: int
    stock: int
    sum_insured: Money | None = None
    heads_paid: int = 0
    deductible_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss event on one farm. ``occurred_at`` is aware."""

    cause: Cause
    occurred_at: datetime
    market_price_per_kg: Decimal | None = None
    deaths: int | None = None
    age_percent: Decimal | None = None
    normal_mortality_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FlockFigures:
    """What the insurer finds of a flock 禽群, in percent: share of the sum insured by age, and normal mortality."""

    age_percent: Decimal | None = None
    normal_mortality_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Animal:
    """One dead animal as declared or as assessed; what is unknown is None.

    ``size_band`` is the picture that the farmer picked; ``weight_kg`` is then the weight that it stands for.
    """

    ref: str
    species: Species
    tag: str | None = None
    category: Category | None = None
    weight_kg: Decimal | None = None
    weight_source: WeightSource | None = None
    age_months: int | None = None
    size_band: SizeBand | None = None


def as_said(animals: Sequence[Animal]) -> list[dict[str, object]]:
    """Animals as plain values for a hash; a picture that was not picked is unsaid.

    As before there were pictures: what was hashed then, and signed, has the same hash today.
    """
    said = []
    for animal in animals:
        values = plain(animal)
        if not isinstance(values, dict):
            raise TypeError("an animal is an object")
        if animal.size_band is None:
            del values["size_band"]
        said.append(values)
    return said


def policy_day(moment: datetime) -> date:
    """The policy day (Asia/Shanghai) on which an aware *moment* falls.

    Raises:
        ValueError: *moment* has no UTC offset.
    """
    if moment.tzinfo is UTC:
        # What the database and every clock of ours give: twice as quick as by way of the zone.
        return (moment + _AHEAD).date()
    if moment.utcoffset() is None:
        raise ValueError("a moment without a UTC offset has no policy day")
    return moment.astimezone(SHANGHAI).date()
