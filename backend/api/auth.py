"""Who sends a request: an officer with a session, or a farmer with the policy's report token."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation

from backend.api.web import AnyRequest, Running
from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.parties import Actor, Officer
from backend.domain.problems import NotAllowed, NotSignedIn
from backend.domain.register.fields import Register
from backend.domain.words import ActorKind, Lane
from backend.insight.claim_file import Reader
from backend.store import claims, people, policies, registers
from backend.store.engine import Transaction
from backend.texts.load import Language, Table
from backend.workflows.secrets import token_hash


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
Reads = SkipValidation[NamedDependency[Reader]]


async def provide_person(request: AnyRequest, parts: Running) -> Person:
    """Who bears the token of this request.

    Raises:
        NotSignedIn: No token, or none that is known and still valid.
    """
    hashed = hashed_token(request)
    now = parts.clock()
    person = await parts.store.read(lambda connection: _person(connection, hashed, now))
    if person is None:
        raise NotSignedIn("the token is unknown or has ended")
    return person


def hashed_token(request: AnyRequest) -> str:
    """The hash of the token that this request carries.

    Raises:
        NotSignedIn: It carries none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("the request carries no Authorization: Bearer header")
    return token_hash(token.strip())


def tokens_still_good(connection: Transaction, hashed: Iterable[str], now: datetime) -> frozenset[str]:
    """Those of these tokens (by hash) that somebody may still come with."""
    return frozenset(one for one in hashed if _person(connection, one, now) is not None)


def bearer(connection: Transaction, hashed: str, now: datetime) -> Officer | Reporter | None:
    """Who bears the token with this hash, None where nobody does."""
    return _person(connection, hashed, now)


def name_of(person: Person) -> str:
    """One name for one person, whatever the token."""
    return f"policy {person.policy_number}" if isinstance(person, Reporter) else f"officer {person.id}"


def require_officer(person: Person) -> Officer:
    """An officer of one of the three offices, or the collector.

    Raises:
        NotAllowed: A report token.
    """
    if not isinstance(person, Officer):
        raise NotAllowed("this needs an officer's session")
    return person


def require_insurer(person: Person) -> Officer:
    """An officer of the insurer.

    Raises:
        NotAllowed: Anyone else.
    """
    officer = require_officer(person)
    if officer.lane is not Lane.INSURER:
        raise NotAllowed("this is the insurer's to see and do")
    return officer


def require_office_of(connection: Transaction, officer: Officer, claim_id: ClaimId) -> None:
    """One of the three offices of the claim's county.

    Raises:
        NotAllowed: The collector, or an office of another county.
    """
    if officer.lane is None:
        raise NotAllowed("this is for the insurer, the veterinary and the inspection office")
    if registers.county_of(connection, officer.organisation) != claims.county_of(connection, claim_id):
        raise NotAllowed("this claim belongs to the offices of another county")


def require_registrar(person: Person, register: Register) -> Officer:
    """Who may import this register: the insurer's officers, and for its own officers every office.

    Raises:
        NotAllowed: Anyone else.
    """
    officer = require_officer(person)
    if register is not Register.OFFICERS and officer.lane is not Lane.INSURER:
        raise NotAllowed(f"{register} are the insurer's to import")
    return officer


def require_own(person: Person, policy_number: PolicyNumber) -> None:
    """Officers see every claim of their county; a report token only its own policy's.

    Raises:
        NotAllowed: Another policy's token.
    """
    if isinstance(person, Reporter) and person.policy_number != policy_number:
        raise NotAllowed("this report token belongs to another policy")


def require_own_claim(person: Person, claim: Claim) -> None:
    """As ``require_own``, for a claim."""
    require_own(person, claim.report.policy.number)


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
    officer = people.officer_of_session(connection, hashed, now)
    if officer:
        return officer
    number = policies.policy_of_token(connection, hashed)
    return None if number is None else Reporter(number)
