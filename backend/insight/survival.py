"""How long things take while some still last: Kaplan-Meier with confidence bands, over milliseconds.

What still lasts is a censored observation: it has taken at least this long. Leaving it out would flatter the figures.
Sources: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958); the variance is
Greenwood's (1926); bands are made on the scale log(-log S), where they stay between 0 and 1 (Kalbfleisch and Prentice,
The Statistical Analysis of Failure Time Data, 2002, 1.4); a quantile's limits are where the band crosses its share
(Brookmeyer and Crowley, Biometrics 38, 1982).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

Z_95 = 1.959963984540054
"""Of the normal distribution: 95 % lie within so many standard deviations."""
_ROUNDING = 1e-12
"""Rounding must not push a quantile to the next observation."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % limits; None is what too many open ones, or too few, leave unknown."""

    value: float | None
    low: float | None
    high: float | None


UNKNOWN = Estimate(None, None, None)


@dataclass(frozen=True, eq=False)
class Observed:
    """What is over and what lasts, in milliseconds, each shortest first."""

    over: NDArray[np.generic]
    lasting: NDArray[np.generic]

    @classmethod
    def of(cls, over: NDArray[np.generic], lasting: NDArray[np.generic]) -> Self:
        """Put observations in order; nothing lasts less than no time, whatever the clocks did."""
        return cls(np.sort(over), np.sort(np.maximum(lasting, 0)))

    @property
    def count(self) -> int:
        """How many were begun."""
        return len(self.over) + len(self.lasting)

    @cached_property
    def curve(self) -> "Curve":
        """The estimate of who is left after each time at which something ended."""
        ends = np.flatnonzero(np.append(self.over[1:] != self.over[:-1], True)) if len(self.over) else None
        if ends is None:
            nothing = np.zeros(0)
            return Curve(nothing, nothing, nothing, nothing)
        times = self.over[ends]
        ended = np.diff(ends, prepend=-1)
        # Of equal times what ended comes first: what is censored then was still at risk.
        left_open = len(self.lasting) - np.searchsorted(self.lasting, times, side="left")
        at_risk = (len(self.over) - (ends - ended + 1)) + left_open
        surviving = np.cumprod(1 - ended / at_risk)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = np.cumsum(ended / (at_risk * (at_risk - ended).astype(np.float64)))
            scale = np.log(surviving)
            spread = np.exp(Z_95 * np.sqrt(variance) / np.abs(scale))
            low, high = np.exp(scale * spread), np.exp(scale / spread)
        if surviving[-1] < _ROUNDING:
            # Nobody is left: the variance is not defined there, and nothing more was learnt.
            surviving[-1] = 0.0
            low[-1], high[-1] = 0.0, high[-2] if len(high) > 1 else 1.0
        return Curve(times.astype(np.float64), surviving, low, high)

    def quantile_ms(self, share: float) -> Estimate:
        """The time by which *share* (0 to 1) are through."""
        found = (
            self.curve.first_at_most(column, 1 - share)
            for column in (self.curve.surviving, self.curve.low, self.curve.high)
        )
        return Estimate(*found)

    def through_within(self, ms: int) -> Estimate:
        """The share (0 to 1) that are through after so many milliseconds, that last one included.

        Unknown where nothing has been watched for so long.
        """
        curve = self.curve
        place = int(np.searchsorted(curve.times, ms, side="right")) - 1
        is_settled = place >= 0 and curve.surviving[place] == 0
        longest = max((float(one[-1]) for one in (self.over, self.lasting) if len(one)), default=-1.0)
        if not is_settled and longest < ms:
            return UNKNOWN
        if place < 0:
            return Estimate(0.0, None, None)
        low, high = 1 - curve.high[place], 1 - curve.low[place]
        return Estimate(float(1 - curve.surviving[place]), float(low), float(high))


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Survival after each of ``times`` (milliseconds, rising), with its 95 % band."""

    times: NDArray[np.float64]
    surviving: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def first_at_most(self, column: NDArray[np.float64], left: float) -> float | None:
        """When a column first falls to *left*; None if it does not."""
        reached = column <= left + _ROUNDING
        place = int(np.argmax(reached)) if len(reached) else 0
        return float(self.times[place]) if len(reached) and reached[place] else None
