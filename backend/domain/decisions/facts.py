"""What a decision needs to know beyond the claim itself; the store gathers it in the same transaction."""

from dataclasses import dataclass, field
from datetime import timedelta

from backend.domain.elsewhere import Elsewhere
from backend.domain.indemnity.market import MarketPrice
from backend.domain.indemnity.product import Product
from backend.domain.money import Money
from backend.domain.parties import Policy
from backend.domain.policy import Terms
from backend.domain.spending import DayLimit, PaymentStop


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long things may take, and how much may leave in a day; settings, with the defaults of domain.md §1.

    ``daily_limit`` None: no limit.
    """

    payout_target: timedelta = timedelta(minutes=15)
    verification_wait: timedelta = timedelta(minutes=30)
    device_clock_skew: timedelta = timedelta(minutes=10)
    bank_key_memory: timedelta = timedelta(minutes=30)
    daily_limit: Money | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The world around one claim.

    ``terms`` are the policy's with ``heads_paid`` as of now: what earlier periods and other claims' payouts used up.
    ``number`` is the next free claim number; only a report uses it. ``elsewhere`` is what rules know beside the claim.
    ``market_price`` is the one of the farm's county and the week of the death, None where nobody imported it or the
    product needs none. ``stop`` and ``limit`` stand above all payouts; None where nothing does.
    """

    policy: Policy
    product: Product
    terms: Terms
    number: str = ""
    clocks: Clocks = Clocks()
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    stop: PaymentStop | None = None
    limit: DayLimit | None = None
    market_price: MarketPrice | None = None
