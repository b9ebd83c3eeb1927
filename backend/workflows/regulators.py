"""A regulator 监管机构 is admitted by two administrators of the insurer, and then invites its own people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.authority.region import is_region, lies_within
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.officer_keys.words import Deed
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput
from backend.store import duties, invitations, officer_keys, people
from backend.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegulator:
    """The office, its region, and its first officer, who will be its administrator.

    ``token_hash`` is of a one-time login token that was made on the proposer's machine: no server ever holds it.
    """

    organisation: OrganisationId
    name: str
    region: str
    officer: OfficerId
    officer_name: str
    token_hash: str


def require_admissible(connection: Transaction, wanted: NewRegulator, by: Officer) -> None:
    """Whether a regulator like that can be admitted.

    Raises:
        InvalidInput: An id is taken, or the region is none, or does not hold the county of the insurer's office.
    """
    errors = []
    if people.is_organisation(connection, wanted.organisation):
        errors.append(FieldError("/organisation", "is registered already: its own administrators invite"))
    if people.is_registered(connection, wanted.officer):
        errors.append(FieldError("/officer", "is registered already: take another id"))
    county = duties.county_of(connection, by.organisation)
    if not is_region(wanted.region):
        errors.append(FieldError("/region", "is no code of six digits such as 430121, 430100 or 430000"))
    elif not lies_within(county, wanted.region):
        errors.append(FieldError("/region", f"does not hold your county {county}: another office admits it"))
    if errors:
        raise InvalidInput("this regulator cannot be admitted", errors=errors)


def admit(
    connection: Transaction, wanted: NewRegulator, second: Officer, at: datetime, stands_for: timedelta
) -> None:
    """Register the office with its first administrator, whose login token is good for a while from now.

    Raises:
        InvalidInput: As ``require_admissible``: a week may lie between proposal and agreement.
    """
    require_admissible(connection, wanted, second)
    people.put_regulator(connection, wanted.organisation, wanted.name, wanted.region)
    first = Officer(
        wanted.officer,
        wanted.officer_name,
        wanted.organisation,
        None,
        is_administrator=True,
        is_regulator=True,
    )
    people.put_officer(connection, first)
    invitations.put(connection, wanted.officer, wanted.token_hash, second.id, at, at + stands_for)
    officer_keys.note_by(connection, Deed.INVITED, wanted.officer, second, at)
