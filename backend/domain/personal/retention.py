"""How long the law has personal data kept, and so when a person may ask for its erasure (PIPL art. 47).

The periods are data with their sources. Until they end the data is stored and protected, and used for nothing else.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Retention:
    """A period in whole years, and what says so."""

    years: int
    source: str


SHORT_COVER = Retention(5, "保险法 Insurance Law art. 87, cover of up to a year, from the contract's end")
LONG_COVER = Retention(10, "保险法 Insurance Law art. 87, cover of more than a year, from the contract's end")
VOUCHERS = Retention(30, "会计档案管理办法 (order 79 of 2015), annex 1, vouchers, from the end of the year")


@dataclass(frozen=True, slots=True)
class Kept:
    """The last day on which something has to be kept, and why."""

    until: date
    source: str


def file_kept(incepted: date, expires: date) -> Kept:
    """How long the file of a policy and its claims is kept; days are dates in Asia/Shanghai."""
    period = SHORT_COVER if expires < _years_on(incepted, 1) else LONG_COVER
    return Kept(_years_on(expires, period.years), period.source)


def voucher_kept(paid: date, years: int = VOUCHERS.years) -> Kept:
    """How long what a payout rests on is kept: so many years from the end of the year in which it was made."""
    return Kept(date(paid.year + years, 12, 31), VOUCHERS.source)


def _years_on(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)
