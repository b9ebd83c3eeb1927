"""Who sends a request: an officer with a session, or a farmer with the policy's report token."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # Litestar's generics: the app keeps no user, auth or state types of its own

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation

from backend.api.web import AnyRequest, ClaimName, Running
from backend.bootstrap import Parts
from backend.domain.authority.rule import Rule, roles_of
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.authority.words import Role
from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.officer_keys.problems import KeyNeeded
from backend.domain.parties import Actor, Officer
from backend.domain.problems import NotAllowed, NotFound, NotSignedIn
from backend.domain.register.fields import Register
from backend.domain.words import ActorKind, Lane
from backend.insight.claim_file import Reader
from backend.store import claims, policies, sessions
from backend.store.engine import Transaction
from backend.store.sights import sight_of
from backend.texts.load import Language, Table
from backend.workflows.officers import require_administrator
from backend.workflows.secrets import token_hash

AnyConnection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Reporter:
    """The holder of a policy's report token: the farmer, or someone the farmer trusts."""

    policy_number: PolicyNumber

    @property
    def actor(self) -> Actor:
        """The farmer as the one who acts."""
        return Actor(ActorKind.FARMER, self.policy_number)


# Litestar would otherwise check the injected value against a union that msgspec cannot tell apart.
Person = SkipValidation[NamedDependency[Officer | Reporter]]
Acting = SkipValidation[NamedDependency[Officer]]
"""The officer, where a rule lets nobody else pass: ``officer``."""
Reads = SkipValidation[NamedDependency[Reader]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends this request, and what of the claims they see; resolved once, by the guard.

    Attributes:
        claim: The claim that the address names, where the route's rule is about one.
        seen_at: When an officer's session was last used, to within a minute.
        has_key: An officer's session that an approved key stands behind.
    """

    person: Person
    sight: Sight
    claim: ClaimId | None = None
    seen_at: datetime | None = None
    has_key: bool = False


async def recognise(connection: AnyConnection, parts: Parts, rule: Rule, named: str | None) -> Caller:
    """Who bears the token of this request, if the rule lets them pass; and the claim that it is about.

    Raises:
        NotSignedIn: No token, or none that is known and still valid.
        NotAllowed: The rule is for others.
        NotFound: No claim of this id or number that the caller sees.
    """
    hashed = hashed_token(connection)
    now = parts.clock()

    def look(connection: Transaction) -> Caller:
        bearer = sessions.bearer(connection, hashed, now)
        person = bearer.officer if bearer else _reporter(connection, hashed)
        if person is None:
            raise NotSignedIn("the token is unknown or has ended")
        if not rule.allows(_roles(person)):
            raise NotAllowed(rule.says)
        sight = _sight(connection, person, now)
        claim = None if named is None else find_seen(connection, named, sight)
        if bearer is None:
            return Caller(person, sight, claim)
        return Caller(person, sight, claim, bearer.seen_at, bearer.has_key)

    # Whoever it is, is not known yet: so this one reading for a request sees everything.
    caller = await parts.store.read(look, sight=EVERYWHERE)
    if caller.seen_at is not None and now - caller.seen_at >= sessions.SEEN_EVERY:
        idle = parts.settings.session_idle
        # Not waited for: a disk that is full must not keep an officer from reading.
        parts.store.submit(lambda connection: sessions.see(connection, hashed, now, idle))
    return caller


def find_seen(connection: Transaction, name: str, sight: Sight) -> ClaimId:
    """The claim with this id or number.

    Raises:
        NotFound: There is none, or none that is seen: the answer is the same, so that nobody learns which.
    """
    claim_id = claims.find(connection, name)
    county, policy = claims.place_of(connection, claim_id)
    if not sight.sees(claim=claim_id, county=county, policy=policy):
        raise NotFound("claim", name)
    return claim_id


async def provide_person(request: AnyRequest) -> Person:
    """Whom the guard recognised."""
    return _caller(request).person


async def provide_officer(request: AnyRequest) -> Officer:
    """The officer whom the guard recognised."""
    person = _caller(request).person
    if not isinstance(person, Officer):
        raise TypeError("the rule of this route lets others than officers pass")
    return person


async def provide_sight(request: AnyRequest) -> Sight:
    """What they see."""
    return _caller(request).sight


async def provide_claim_id(request: AnyRequest, claim: ClaimName) -> ClaimId:
    """The claim that the guard found under the name in the address."""
    found = _caller(request).claim
    if found is None:
        raise TypeError(f"{claim:.40} was not looked for: the rule of this route is not about a claim")
    return found


def hashed_token(request: AnyConnection) -> str:
    """The hash of the token that this request carries.

    Raises:
        NotSignedIn: It carries none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("the request carries no Authorization: Bearer header")
    return token_hash(token.strip())


def sights_of(connection: Transaction, hashed: Iterable[str], now: datetime) -> dict[str, Sight]:
    """What whoever comes with these tokens (by hash) sees now; those that are good no more are left out."""
    people_now = {one: _person(connection, one, now) for one in hashed}
    return {one: _sight(connection, person, now) for one, person in people_now.items() if person}


def name_of(person: Person) -> str:
    """One name for one person, whatever the token."""
    return f"policy {person.policy_number}" if isinstance(person, Reporter) else f"officer {person.id}"


def require_key(request: AnyRequest) -> None:
    """What two people do together rests on two people: each has to have come with a key of their own.

    Raises:
        KeyNeeded: The session was opened by a login token, and no key that was made in it is approved.
    """
    if not _caller(request).has_key:
        raise KeyNeeded("this session was opened by a login token, without an approved key")


def require_registrar(officer: Officer, register: Register) -> None:
    """Who may import this register: the insurer's officers, and for its own officers every office's administrators.

    Raises:
        NotAllowed: Anyone else.
    """
    if register is Register.OFFICERS:
        require_administrator(officer)
    elif officer.lane is not Lane.INSURER:
        raise NotAllowed(f"{register} are the insurer's to import")


def require_reporter(person: Person, claim: Claim) -> None:
    """The farmer, or the officer who reported for the farmer: anyone else who ends a claim rejects it, with a reason.

    Raises:
        NotAllowed: Another officer.
    """
    if isinstance(person, Officer) and person.actor != claim.reported_by:
        raise NotAllowed("a report is taken back by the farmer, or by who reported for the farmer")


async def provide_reader(
    person: Person, parts: Running, language: FromQuery[Language | None] = None
) -> Reader:
    """Farmers and officers read different sentences about the same reasons, in the language they ask for."""
    table = Table.OFFICER if isinstance(person, Officer) else Table.FARMER
    return Reader(language or Language(parts.settings.language), table)


def _person(connection: Transaction, hashed: str, now: datetime) -> Person | None:
    bearer = sessions.bearer(connection, hashed, now)
    return bearer.officer if bearer else _reporter(connection, hashed)


def _reporter(connection: Transaction, hashed: str) -> Reporter | None:
    number = policies.policy_of_token(connection, hashed)
    return None if number is None else Reporter(number)


def _roles(person: Person) -> frozenset[Role]:
    return roles_of(person) if isinstance(person, Officer) else frozenset({Role.FARMER})


def _sight(connection: Transaction, person: Person, now: datetime) -> Sight:
    if isinstance(person, Officer):
        return sight_of(connection, person, now)
    farm = policies.policy(connection, person.policy_number).farm_id
    return Sight(policies=frozenset({person.policy_number}), farms=frozenset({farm}))


def _caller(request: AnyRequest) -> Caller:
    caller = request.state.caller
    if not isinstance(caller, Caller):
        raise TypeError("nobody was recognised: the rule of this route lets everybody pass")
    return caller
