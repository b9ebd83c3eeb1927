"""How often a person, an address or a county may come to routes that create, sign in or cost.

The guard counts before the body is read, in a transaction of its own: a request that is refused afterwards has counted
too.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any  # the application keeps no user, auth or state types of its own

from litestar.connection import ASGIConnection

from backend.api.auth import Farmer, FeedHolder, LinkHolder, name_of, person_of
from backend.api.headers import RATE
from backend.bootstrap import Parts
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.edges.limited import Limited, Limits
from backend.domain.edges.problems import TooManyRequests
from backend.domain.edges.rates import Rate, Taken
from backend.domain.parties import Officer
from backend.store import claims, policies, rate_limits, registers
from backend.store.engine import Transaction
from backend.workflows.secrets import token_hash

Connection = ASGIConnection[Any, Any, Any, Any]
_IPV6_HOME = 64
"""Bits of an IPv6 address that a customer's line has; the others are the customer's to choose."""
_V6 = 6
_KNOWN_FOR = timedelta(minutes=1)
_MOST_KNOWN = 20_000
_SWEEP_EVERY = 5_000
"""Requests between two sweeps of buckets that are full again; the first one sweeps too."""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a request counts; no county where nobody is signed in."""

    name: str
    county: str | None


@dataclass(frozen=True, slots=True)
class _Share:
    bucket: str
    what: str
    rate: Rate

    def take(self, connection: Transaction, now: datetime) -> Taken:
        return rate_limits.require(
            connection, self.bucket, most=self.rate.most, per=self.rate.per, at=now, what=self.what
        )


class Counting:
    """What one process knows while it counts: who bears which token, remembered for a minute.

    It says whom a request counts for, never what that person may do.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[str, tuple[Asker | None, datetime]] = {}
        self._counted = 0

    async def count(self, connection: Connection, kind: Limited) -> None:
        """Take one from each share of this request.

        Raises:
            TooManyRequests: One of them has none left; nothing was taken from the others either.
        """
        now = self._parts.clock()
        token = None if kind is Limited.SIGN_IN else _token(connection)
        asker = await self._bearer(token_hash(token), now) if token else None
        if asker is None:
            # Nobody, or a token that nobody has: an attempt to come in.
            kind, asker = Limited.SIGN_IN, Asker(f"address {address_of(connection)}", None)
        shares = _shares(kind, asker, self._parts.settings.limits)
        if not shares:
            return
        self._counted += 1
        sweeps = self._counted % _SWEEP_EVERY == 1

        def take(on: Transaction) -> list[Taken]:
            rate_limits.need_not_last(on)
            if sweeps:
                rate_limits.forget_full(on, now)
            return [share.take(on, now) for share in shares]

        try:
            taken = await self._parts.store.write(take)
        except TooManyRequests as refused:
            connection.scope["state"][RATE] = _headers(kind, shares[0].rate, Taken(0))
            raise refused from None
        connection.scope["state"][RATE] = _headers(kind, shares[0].rate, taken[0])

    async def _bearer(self, hashed: str, now: datetime) -> Asker | None:
        known = self._known.get(hashed)
        if known is None or known[1] < now:
            look = lambda connection: _asker(connection, hashed, now)  # noqa: E731 - said once
            asker = await self._parts.store.read(look, sight=EVERYWHERE)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[hashed] = (asker, now + _KNOWN_FOR)
        return known[0]


def _asker(connection: Transaction, hashed: str, now: datetime) -> Asker | None:
    person = person_of(connection, hashed, now)
    if person is None:
        return None
    match person:
        case Officer():
            county = registers.county_of(connection, person.organisation)
        case Farmer():
            county = policies.policy(connection, person.policy_number).county
        case LinkHolder():
            county = claims.place_of(connection, person.claim_id)[0]
        case FeedHolder():
            county = person.county
    return Asker(name_of(person), county)


def _shares(kind: Limited, asker: Asker, limits: Limits) -> list[_Share]:
    bound = limits.bounds[kind]
    shares = []
    if bound.person:
        whom = "one person" if asker.county else "one address"
        shares.append(_Share(f"{kind}/{asker.name}", f"{kind} of {whom}", bound.person))
    if bound.county and asker.county:
        shares.append(_Share(f"{kind}/county {asker.county}", f"{kind} of one county", bound.county))
    return shares


def address_of(connection: Connection) -> str:
    """The address that counts as one household: a whole /64 of IPv6, whose last half anybody chooses freely."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == _V6:
        return str(ip_network((address, _IPV6_HOME), strict=False))
    return str(address)


def _token(connection: Connection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _headers(kind: Limited, rate: Rate, taken: Taken) -> list[tuple[bytes, bytes]]:
    """As draft-ietf-httpapi-ratelimit-headers has it: the policy, what is left, and when all of it has come back."""
    back_s = math.ceil((rate.most - taken.left) * rate.per.total_seconds() / rate.most)
    return [
        (b"ratelimit-policy", f'"{kind}";q={rate.most};w={rate.per_s}'.encode()),
        (b"ratelimit", f'"{kind}";r={taken.left};t={back_s}'.encode()),
    ]
