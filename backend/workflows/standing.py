"""What officers say about who decides: covers, ties to farms, service officers; who may say it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.domain.clocks.deadlines import Timetable
from backend.domain.duties.problems import CannotStandIn
from backend.domain.duties.words import TieKind
from backend.domain.ids import FarmId, OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput, NotAllowed, NotFound, ReasonNeeded
from backend.store import duties, people
from backend.store.engine import Transaction


@dataclass(frozen=True, slots=True)
class Cover:
    """``cover`` decides while ``office`` is closed, from ``starts_at`` until ``ends_at``, or until it is ended."""

    office: OrganisationId
    cover: OrganisationId
    reason: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tie:
    """Why an officer never decides on a farm."""

    officer: OfficerId
    farm: FarmId
    kind: TieKind
    note: str


def name_cover(
    connection: Transaction, by: Officer, wanted: Cover, timetable: Timetable, cover_id: UUID
) -> None:
    """An office names its cover; a service officer who may delegate names one for an office of the county.

    Raises:
        NotFound: No such office.
        NotAllowed: Another office's cover is not this officer's to name.
        CannotStandIn: The cover has no lane, another one, or is the office itself.
        ReasonNeeded: A cover is named for a reason.
        InvalidInput: It would end before it starts.
    """
    lane, covering = duties.lane_of(connection, wanted.office), duties.lane_of(connection, wanted.cover)
    if wanted.office != by.organisation:
        county = duties.county_of(connection, wanted.office)
        if not timetable.may_delegate(duties.level_of(connection, by.id, county)):
            raise NotAllowed(f"{wanted.office} names its own cover")
    if not wanted.reason.strip():
        raise ReasonNeeded("a cover is named for a reason")
    if wanted.ends_at and wanted.ends_at <= wanted.starts_at:
        error = FieldError("/ends_at", "is not after starts_at")
        raise InvalidInput("this cover would never stand", errors=[error])
    if lane is None or covering is not lane or wanted.cover == wanted.office:
        raise CannotStandIn(f"{wanted.cover} cannot decide in the place of {wanted.office}")
    duties.name_cover(
        connection,
        {
            "id": cover_id,
            "organisation_id": wanted.office,
            "cover_id": wanted.cover,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "reason": wanted.reason,
            "named_by": by.id,
        },
    )


def declare_tie(connection: Transaction, by: Officer, tie: Tie, at: datetime) -> None:
    """Keep what ties an officer to a farm.

    Raises:
        NotFound: No such officer or farm.
        NotAllowed: An officer of another office.
    """
    _require_colleague(connection, by, tie.officer)
    if not duties.has_farm(connection, tie.farm):
        raise NotFound("farm", tie.farm)
    duties.declare_tie(
        connection,
        {
            "officer_id": tie.officer,
            "farm_id": tie.farm,
            "kind": tie.kind,
            "note": tie.note,
            "declared_by": by.id,
            "declared_at": at,
        },
    )


def end_tie(connection: Transaction, by: Officer, officer: OfficerId, farm: FarmId) -> None:
    """Take a tie out of the register.

    Raises:
        NotAllowed: One's own tie, or an officer of another office.
        NotFound: There is none.
    """
    if officer == by.id:
        raise NotAllowed("nobody takes out their own tie; a colleague does")
    _require_colleague(connection, by, officer)
    if not duties.end_tie(connection, officer, farm):
        raise NotFound("tie", f"of {officer} to {farm}")


def appoint(connection: Transaction, by: Officer, officer: OfficerId, level: int | None) -> None:
    """Make an officer a service officer of this level for the county of their office; None: no longer.

    Raises:
        NotFound: No such officer.
        NotAllowed: An officer of another county.
    """
    county = duties.county_of(connection, people.officer(connection, officer).organisation)
    if county != duties.county_of(connection, by.organisation):
        raise NotAllowed(f"{officer} works in another county, which names its own service officers")
    duties.appoint(connection, county, officer, level, by.id)


def _require_colleague(connection: Transaction, by: Officer, officer: OfficerId) -> None:
    if people.officer(connection, officer).organisation != by.organisation:
        raise NotAllowed(f"{officer} belongs to another office, which keeps its own register")
