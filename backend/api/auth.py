"""Who sends a request: an officer or a farmer with a session, or the holder of a claim link."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation

from backend.api.bearing import Bearing
from backend.api.web import AnyRequest, ClaimName, Running
from backend.bootstrap import Parts
from backend.domain.authority.rule import Rule, roles_of
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.authority.words import Role
from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, FarmId, KeyId, PolicyNumber
from backend.domain.officer_keys.key import require_signs
from backend.domain.officer_keys.problems import KeyNeeded
from backend.domain.parties import Actor, Officer
from backend.domain.problems import NotAllowed, NotFound, NotSignedIn, StorageFull
from backend.domain.register.fields import Register
from backend.domain.sign_in.problems import CardIsNoToken, LinkReadsOnly
from backend.domain.sign_in.words import Way
from backend.domain.webhooks.endpoint import EndpointId
from backend.domain.words import ActorKind, Lane
from backend.insight.claim_file import Reader
from backend.store import claim_links, claims, farmer_sessions, officer_keys, policies, sessions, webhooks
from backend.store.engine import Transaction
from backend.store.farmer_sessions import Bearer
from backend.store.sights import sight_of
from backend.texts.load import Language, Table
from backend.workflows.farmers.assisting import on_phone
from backend.workflows.officers import require_administrator


@dataclass(frozen=True, slots=True)
class Farmer:
    """A farmer with a session.

    Attributes:
        session_id: The session.
        policies: Those that it acts for, at least one.
        farms: Theirs.
        policy_number: The policy that this request is about, the first of them where it names none.
    """

    session_id: UUID
    way: Way
    policies: frozenset[PolicyNumber]
    farms: frozenset[FarmId]
    policy_number: PolicyNumber

    @property
    def actor(self) -> Actor:
        """The farmer as the one who acts."""
        return Actor(ActorKind.FARMER, self.policy_number)


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whoever was given a link to one claim: reads it, rates it, and does nothing else."""

    link_id: UUID
    claim_id: ClaimId

    @property
    def actor(self) -> Actor:
        """Nobody.

        Raises:
            LinkReadsOnly: Always, where a rule let a link come this far.
        """
        raise LinkReadsOnly("a link does nothing in anybody's name")


@dataclass(frozen=True, slots=True)
class FeedHolder:
    """An insurer's own system with a webhook's feed token: reads the feed, and does nothing."""

    endpoint: EndpointId
    county: str

    @property
    def actor(self) -> Actor:
        """Nobody.

        Raises:
            LinkReadsOnly: Always, where a rule let a feed token come this far.
        """
        raise LinkReadsOnly("a feed token does nothing in anybody's name")


# Litestar would otherwise check the injected value against a union that msgspec cannot tell apart.
Person = SkipValidation[NamedDependency[Officer | Farmer | LinkHolder | FeedHolder]]
Acting = SkipValidation[NamedDependency[Officer]]
"""The officer, where a rule lets nobody else pass: ``officer``."""
Phone = SkipValidation[NamedDependency[UUID | None]]
"""The session of a phone that somebody reports for farmers from, else None: ``phone``."""
Reads = SkipValidation[NamedDependency[Reader]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends this request, and what of the claims they see; resolved once, by the guard.

    Attributes:
        claim: The claim that the address names, where the route's rule is about one.
        seen_at: When an officer's session was last used, to within a minute.
        phone: The session of somebody who reports for farmers from a phone that they signed in on.
    """

    person: Person
    sight: Sight
    claim: ClaimId | None = None
    seen_at: datetime | None = None
    phone: UUID | None = None


async def recognise(bearing: Bearing, parts: Parts, rule: Rule, named: str | None) -> Caller:
    """Who bears the token or cookie of this request, if the rule lets them pass; and the claim that it is about.

    Raises:
        NotSignedIn: It is not known, or good no more.
        KeyNeeded: An officer's session without an approved key, where one is needed.
        NotAllowed: The rule is for others.
        NotFound: No claim of this id or number that the caller sees.
    """
    hashed, on_page = bearing.hashed, bearing.on_page
    now = parts.clock()

    def look(connection: Transaction) -> tuple[Caller, Bearer | None]:
        signed_in = sessions.bearer(connection, hashed, now, on_page=on_page)
        if on_page and signed_in is None:
            raise NotSignedIn("this page's session has ended")
        bearer = None if signed_in else farmer_sessions.bearer(connection, hashed, now)
        person = signed_in.officer if signed_in else _holder(connection, hashed, now, bearer)
        if person is None:
            raise _stranger(connection, hashed)
        if signed_in and not (signed_in.has_key or rule.is_keyless):
            _require_key(connection, signed_in.key_id, now)
        if not rule.allows(_roles(person)):
            raise LinkReadsOnly(rule.says) if isinstance(person, LinkHolder) else NotAllowed(rule.says)
        sight = _sight(connection, person, now)
        claim_id = None if named is None else find_seen(connection, named, sight)
        if claim_id and isinstance(person, Farmer):
            person = replace(person, policy_number=claims.place_of(connection, claim_id)[1])
        if signed_in is None:
            phone = bearer.session_id if bearer and bearer.officer else None
            return Caller(person, sight, claim_id, phone=phone), bearer
        return Caller(person, sight, claim_id, signed_in.seen_at), bearer

    # Whoever it is, is not known yet: so this one reading for a request sees everything.
    caller, bearer = await parts.store.read(look, sight=EVERYWHERE)
    if bearing.is_use and caller.seen_at is not None and now - caller.seen_at >= sessions.SEEN_EVERY:
        idle = parts.settings.session_idle
        # Not waited for: a disk that is full must not keep an officer from reading.
        parts.store.submit(lambda connection: sessions.see(connection, hashed, now, idle))
    if bearer:
        await _note_use(parts, bearer, now)
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


async def provide_phone(request: AnyRequest) -> UUID | None:
    """The session of a phone that reports for farmers."""
    return _caller(request).phone


def require_no_phone(phone: UUID | None) -> None:
    """Refuse whoever reports for farmers from a phone: no second person vouched for it, as one does for a key.

    Raises:
        NotAllowed: By a phone one has neither keys nor other sessions.
    """
    if phone:
        raise NotAllowed("from a phone one reports for farmers, and does nothing about keys and sessions")


async def provide_sight(request: AnyRequest) -> Sight:
    """What they see."""
    return _caller(request).sight


async def provide_claim_id(request: AnyRequest, claim: ClaimName) -> ClaimId:
    """The claim that the guard found under the name in the address."""
    found = _caller(request).claim
    if found is None:
        raise TypeError(f"{claim:.40} was not looked for: the rule of this route is not about a claim")
    return found


def sights_of(connection: Transaction, hashed: Iterable[str], now: datetime) -> dict[str, Sight]:
    """What whoever comes with these tokens (by hash) sees now; those that are good no more are left out."""
    people_now = {one: person_of(connection, one, now) for one in hashed}
    return {one: _sight(connection, person, now) for one, person in people_now.items() if person}


def name_of(person: Person) -> str:
    """One name for one person, whatever the token."""
    match person:
        case Farmer():
            # The same after signing in anew, so that a retry is known; a farm has one phone.
            by_card = person.way is Way.CARD
            return f"policy {person.policy_number}" if by_card else f"farm {min(person.farms)}"
        case LinkHolder():
            return f"link {person.link_id}"
        case FeedHolder():
            return f"webhook {person.endpoint}"
        case _:
            return f"officer {person.id}"


def acting_for(person: Person, number: PolicyNumber) -> Person:
    """The farmer as the holder of this policy; an officer as ever.

    Raises:
        NotFound: Not one of the farmer's: as unknown to them as one that is not there.
    """
    if not isinstance(person, Farmer):
        return person
    if number not in person.policies:
        raise NotFound("policy", number)
    return replace(person, policy_number=number)


def require_registrar(officer: Officer, register: Register) -> None:
    """Who may import this register: the insurer's officers, and for its own officers every office's administrators.

    Raises:
        NotAllowed: Anyone else.
    """
    if register is Register.OFFICERS:
        require_administrator(officer)
    elif officer.lane is not Lane.INSURER:
        raise NotAllowed(f"{register} are the insurer's to import")


def require_reporter(person: Person, claim: Claim, *, of: str) -> None:
    """The farmer, or the officer who reported for the farmer, as the only ones whose word this is.

    Args:
        person: Who asks.
        claim: The claim that was reported.
        of: What is theirs alone, and how: "a report is taken back".

    Raises:
        NotAllowed: Another officer.
    """
    if isinstance(person, Officer) and person.actor != claim.reported_by:
        raise NotAllowed(f"{of} by the farmer, or by who reported for the farmer")


async def provide_reader(
    person: Person, parts: Running, language: FromQuery[Language | None] = None
) -> Reader:
    """Farmers and officers read different sentences about the same reasons, in the language they ask for.

    A village agent reads as little as whoever holds a link.
    """
    table = Table.OFFICER if isinstance(person, Officer) else Table.FARMER
    language = language or Language(parts.settings.language)
    if isinstance(person, Officer) and person.is_agent:
        # What offices think of a claim is not told to whoever helped to report it.
        return Reader(language, Table.FARMER, is_link=True)
    return Reader(language, table, is_link=isinstance(person, LinkHolder))


def farmer_of(bearer: Bearer) -> Farmer:
    """Whose access token it is."""
    return Farmer(
        session_id=bearer.session_id,
        way=bearer.way,
        policies=bearer.policies,
        farms=bearer.farms,
        policy_number=min(bearer.policies),
    )


def person_of(connection: Transaction, hashed: str, now: datetime) -> Person | None:
    """Who bears the token with this hash; None where nobody does."""
    if signed_in := sessions.bearer(connection, hashed, now):
        return signed_in.officer
    return _holder(connection, hashed, now, farmer_sessions.bearer(connection, hashed, now))


def _holder(
    connection: Transaction, hashed: str, now: datetime, bearer: Bearer | None
) -> Officer | Farmer | LinkHolder | FeedHolder | None:
    if bearer and bearer.officer:
        return on_phone(connection, bearer.officer, now)
    if bearer:
        return farmer_of(bearer)
    if link := claim_links.link_of(connection, hashed, now):
        return LinkHolder(link.id, link.claim_id)
    reader = webhooks.feed_reader(connection, hashed)
    return FeedHolder(reader.endpoint, reader.county) if reader else None


async def _note_use(parts: Parts, bearer: Bearer, now: datetime) -> None:
    """Note that a farmer's session is used; waited for only where a pair comes for the first time.

    Until that is written, whoever comes with the refresh token of before would be taken for one whose answer was lost.
    """
    session_id, place = bearer.session_id, bearer.place

    def touch(connection: Transaction) -> None:
        farmer_sessions.touch(connection, session_id, place, now)

    if bearer.is_new:
        # A disk that is full must not keep a farmer from reading.
        with suppress(StorageFull):
            await parts.store.write(touch)
    elif bearer.wants_touch:
        parts.store.submit(touch)


def _stranger(connection: Transaction, hashed: str) -> NotSignedIn:
    if policies.policy_of_card(connection, hashed):
        return CardIsNoToken("this is the secret of a policy card")
    return NotSignedIn("the token is unknown or has ended")


def _require_key(connection: Transaction, key_id: KeyId | None, now: datetime) -> None:
    """Say what keeps the key behind a session from being one.

    Raises:
        KeyPending, KeyRefused, KeyRevoked: It is no approved key.
        KeyNeeded: There is none.
    """
    key = officer_keys.one(connection, key_id) if key_id else None
    if key:
        require_signs(key, now)
    raise KeyNeeded("this session was opened by a login token, without an approved key")


def _roles(person: Person) -> frozenset[Role]:
    if isinstance(person, Officer):
        return roles_of(person)
    if isinstance(person, FeedHolder):
        return frozenset({Role.FEED})
    return frozenset({Role.FARMER if isinstance(person, Farmer) else Role.LINK})


def _sight(connection: Transaction, person: Person, now: datetime) -> Sight:
    match person:
        case Farmer():
            return Sight(policies=person.policies, farms=person.farms)
        case LinkHolder():
            return Sight(claims=frozenset({person.claim_id}))
        case FeedHolder():
            return Sight(counties=frozenset({person.county}))
        case _:
            return sight_of(connection, person, now)


def _caller(request: AnyRequest) -> Caller:
    caller = request.state.caller
    if not isinstance(caller, Caller):
        raise TypeError("nobody was recognised: the rule of this route lets everybody pass")
    return caller
