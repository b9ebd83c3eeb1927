"""What was insured (policy 保单) and what was lost (loss 损失)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from backend.domain.money import Money
from backend.domain.words import Category, Cause, Species, WeightSource

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
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
class Animal:
    """One dead animal as declared or as assessed; what is unknown is None."""

    ref: str
    species: Species
    tag: str | None = None
    category: Category | None = None
    weight_kg: Decimal | None = None
    weight_source: WeightSource | None = None
    age_months: int | None = None


def policy_day(moment: datetime) -> date:
    """The policy day (Asia/Shanghai) on which an aware *moment* falls.

    Raises:
        ValueError: *moment* has no UTC offset.
    """
    if moment.utcoffset() is None:
        raise ValueError("a moment without a UTC offset has no policy day")
    return moment.astimezone(SHANGHAI).date()
