"""Market prices 市场价: what a county's animals fetched in one week, by whom it was published."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from backend.domain.policy import policy_day
from backend.domain.words import Species


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPrice:
    """The price of one species in one county and week, in CNY per kg of live weight.

    ``county`` is the code of the administrative division 行政区划代码; ``week`` is the week's Monday in Asia/Shanghai.
    ``source`` says who published it on ``published_on``.
    """

    county: str
    species: Species
    week: date
    per_kg: Decimal
    source: str
    published_on: date


def market_week(moment: datetime) -> date:
    """The Monday of the week (ISO 8601, Asia/Shanghai) in which an aware *moment* falls.

    Raises:
        ValueError: *moment* has no UTC offset.
    """
    day = policy_day(moment)
    return day - timedelta(days=day.weekday())
