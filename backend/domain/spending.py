"""What stands above every payout 支付: the switch that stops them all, and the sum that may leave in one day."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import OfficerId
from backend.domain.money import Money


@dataclass(frozen=True, slots=True)
class PaymentStop:
    """暂停支付: an officer of the insurer stopped all payouts; nothing new is sent until one resumes them."""

    by: OfficerId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DayLimit:
    """每日限额: the most that may leave on one calendar day (Asia/Shanghai), and what has left or is leaving.

    A payout that the bank refused does not count; one that came back does: its money had left.
    """

    most: Money
    used: Money

    @property
    def left(self) -> Money:
        """What may still leave today; never below 0.00, also where the limit was lowered during the day."""
        return max(self.most - self.used, Money(0))

    def allows(self, amount: Money) -> bool:
        """Whether *amount* may leave today."""
        return amount <= self.left
