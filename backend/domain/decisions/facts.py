"""What a decision needs to know beyond the claim itself; the store gathers it in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain.clocks.deadlines import NOTHING_TIMED, Timetable
from backend.domain.duties.offices import NOT_LOOKED_UP, Offices
from backend.domain.elsewhere import Elsewhere
from backend.domain.ids import OfficerId
from backend.domain.indemnity.market import MarketPrice
from backend.domain.indemnity.product import Product
from backend.domain.money import Money
from backend.domain.notices.channels import ALONE, Channel
from backend.domain.parties import Officer, Policy
from backend.domain.policy import Terms, policy_day
from backend.domain.programme import ProgrammeLimit
from backend.domain.spending import DayLimit, PaymentStop
from backend.domain.tickets.owner import Candidate

_PROMISE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long things may take, and how much may leave in a day; settings, with the defaults of domain.md §1.

    ``payout_target`` None: as the timetable says, 15 minutes where nothing is timed. ``daily_limit`` None: no limit.
    ``channels`` are those over which people are told.
    """

    payout_target: timedelta | None = None
    verification_wait: timedelta = timedelta(minutes=30)
    device_clock_skew: timedelta = timedelta(minutes=10)
    bank_key_memory: timedelta = timedelta(minutes=30)
    daily_limit: Money | None = None
    timetable: Timetable = NOTHING_TIMED
    channels: tuple[Channel, ...] = ALONE

    def promise(self, at: datetime) -> timedelta:
        """What a farmer who reports now is promised, from the report to the money on the account."""
        if self.payout_target or not self.timetable.deadlines:
            return self.payout_target or _PROMISE
        return self.timetable.promise(policy_day(at))


@dataclass(frozen=True, slots=True)
class Facts:
    """The world around one claim.

    ``terms`` are the policy's with ``heads_paid`` as of now: what earlier periods and other claims' payouts used up.
    ``number`` is the next free claim number; only a report uses it. ``elsewhere`` is what rules know beside the claim.
    ``market_price`` is the one of the farm's county and the week of the death, None where nobody imported it or the
    product needs none. ``programme`` is what the policy's programme has left; ``stop`` and ``limit`` stand above all
    payouts. None where there is no such thing. ``offices`` say whose part a lane is; ``to_tell`` whom to tell of a
    deadline, by level. ``candidates`` may answer a bad rating. ``holders`` are the officers who hold the claim;
    ``named`` is the one whom a command names, None where nobody acts under that name now.
    ``office_county`` is that of the office of whoever is on the way.
    """

    policy: Policy
    product: Product
    terms: Terms
    number: str = ""
    clocks: Clocks = Clocks()
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    programme: ProgrammeLimit | None = None
    stop: PaymentStop | None = None
    limit: DayLimit | None = None
    market_price: MarketPrice | None = None
    offices: Offices = NOT_LOOKED_UP
    to_tell: Mapping[int, tuple[OfficerId, ...]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    holders: tuple[OfficerId, ...] = ()
    named: Officer | None = None
    office_county: str = ""
