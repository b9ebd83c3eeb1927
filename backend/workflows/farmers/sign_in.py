"""Farmers sign in: by a code to the contact phone, or with the policy's card; and stay signed in by refreshing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from backend.domain.edges.rates import Rate
from backend.domain.ids import FarmId
from backend.domain.sign_in.family import Verdict
from backend.domain.sign_in.limits import CodeLimits
from backend.domain.sign_in.words import CodeFor, Message
from backend.store import contacts, farmer_codes, farmer_sessions, policies, rate_limits
from backend.store.engine import Transaction
from backend.store.farmer_sessions import Refreshed, TokenPair
from backend.workflows.farmers.letters import send_code, tell
from backend.workflows.secrets import new_token, phone_code_hash, token_hash

_DIGITS_OF_A_BUCKET = 6
"""Of a number's hash: some hundred numbers share one, so that nobody reads in the table who asked."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens in clear: only its holder has them."""

    access: str
    access_for: timedelta
    access_until: datetime
    refresh: str
    refresh_until: datetime

    @classmethod
    def new(cls, at: datetime, access_for: timedelta, refresh_for: timedelta) -> "Tokens":
        """Two tokens of 256 bits."""
        return cls(new_token(), access_for, at + access_for, new_token(), at + refresh_for)

    @property
    def kept(self) -> TokenPair:
        """What is kept of them."""
        return TokenPair(
            token_hash(self.access), self.access_until, token_hash(self.refresh), self.refresh_until
        )


def ask_for_code(
    connection: Transaction, request_id: UUID, phone: str, address: str, limits: CodeLimits, at: datetime
) -> None:
    """Send a code where the number is a farm's contact phone; the same is read, written and said where it is not.

    Over the county's limit nothing is sent and nothing is said: only known numbers have a county.

    Raises:
        TooManyRequests: For this number, or from this address; whether or not the number is known.
    """
    found = contacts.farms_with_phone(connection, phone)
    farm_id = found[0] if found else None
    # Counted also for nobody, which takes as long as for somebody.
    county = policies.county_of_farm(connection, farm_id or FarmId(""))
    if not is_within_county(connection, county, limits, at) and farm_id:
        log.warning("sign_in.code_withheld", why="county")
        farm_id = None
    if send_code(connection, request_id, CodeFor.SIGN_IN, farm_id, at):
        number = hashlib.sha256(phone.encode()).hexdigest()[:_DIGITS_OF_A_BUCKET]
        require_rates(connection, f"code/number/{number}", limits.number, at, "codes for one number")
        require_rates(connection, f"code/address/{address}", limits.address, at, "codes from one address")


def require_rates(
    connection: Transaction, bucket: str, rates: Sequence[Rate], at: datetime, what: str
) -> None:
    """Count one request against each of these rates.

    Raises:
        TooManyRequests: One of them is used up.
    """
    for rate in rates:
        name = f"{bucket}/{rate.per_s}"
        rate_limits.require(connection, name, most=rate.most, per=rate.per, at=at, what=what)


def open_by_phone(
    connection: Transaction,
    request_id: UUID,
    phone: str,
    code: str,
    device: str,
    tokens: Tokens,
    at: datetime,
) -> UUID | None:
    """Open a session for the farms with this contact phone; None: number, request and code do not belong together."""
    hashed = phone_code_hash(request_id, phone, code)
    if not farmer_codes.spend(connection, request_id, CodeFor.SIGN_IN, hashed, at):
        return None
    farms = contacts.farms_with_phone(connection, phone)
    if not policies.any_of_farms(connection, farms):
        return None
    session_id = uuid4()
    farmer_sessions.open_session(connection, session_id, tokens.kept, at, device=device, farms=farms)
    return session_id


def open_by_card(
    connection: Transaction, card: str, device: str, tokens: Tokens, at: datetime
) -> UUID | None:
    """Open a session for the one policy that has this card; None: there is none."""
    number = policies.policy_of_card(connection, token_hash(card))
    if number is None:
        return None
    session_id = uuid4()
    farmer_sessions.open_session(connection, session_id, tokens.kept, at, device=device, policy=number)
    return session_id


def refresh(connection: Transaction, refresh_token: str, tokens: Tokens, at: datetime) -> Refreshed | None:
    """The next pair for a refresh token; where it was spent before, the session ends and the farmer is told."""
    done = farmer_sessions.refresh(connection, token_hash(refresh_token), tokens.kept, at)
    if done and done.verdict is Verdict.REUSED:
        # Farms of one session have one phone: one message.
        for farm_id in sorted(farmer_sessions.farms_of(connection, done.session_id))[:1]:
            tell(connection, Message.SESSION_REUSED, farm_id, at)
        log.warning("farmer_session.reused", session_id=str(done.session_id))
    return done


def is_within_county(connection: Transaction, county: str, limits: CodeLimits, at: datetime) -> bool:
    """Count one code against a county's limits; whether they had room for it."""
    taken = [
        rate_limits.take(
            connection, f"code/county/{county}/{rate.per_s}", most=rate.most, per=rate.per, at=at
        )
        for rate in limits.county
    ]
    return all(one.is_given for one in taken)
