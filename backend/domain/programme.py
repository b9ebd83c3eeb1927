"""政策性保险项目 (programme): public money for a county's policies, which their payouts never exceed together."""

from dataclasses import dataclass

from backend.domain.ids import ProgrammeId
from backend.domain.money import ZERO, Money

_PROVINCE = 2
"""Digits that name a province."""


@dataclass(frozen=True, slots=True)
class ProgrammeLimit:
    """The most that a programme pays in its period, and what its claims and earlier systems have used of it.

    A payout uses money from its start on, and gives it back when the bank refuses it or brings it back.
    """

    programme: ProgrammeId
    most: Money
    used: Money

    @property
    def left(self) -> Money:
        """What may still leave; never below 0.00, also where the bank paid against its own word."""
        return max(self.most - self.used, ZERO)

    def allows(self, amount: Money) -> bool:
        """Whether *amount* may leave."""
        return amount <= self.left


def lies_in(county: str, area: str) -> bool:
    """Whether a county belongs to a programme's area, both as codes of GB/T 2260.

    A province's code ends with four zeros (430000), a prefecture's with two (430600); a county is its own area.
    """
    stem = area
    while len(stem) > _PROVINCE and stem.endswith("00"):
        stem = stem[:-2]
    return county.startswith(stem)
