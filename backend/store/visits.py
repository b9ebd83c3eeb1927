"""Visits under way as rows: in step with the events, and beside them what is kept only while a visit lasts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, delete, insert, select, update

from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, OfficerId
from backend.domain.visits.words import ExpectedFrom, VisitKind
from backend.store import tables
from backend.store.sealed import WHEREABOUTS
from backend.store.vault import vault_of
from backend.store.visit_tables import visits

_INSERT = insert(visits)
COLUMNS = ("no", "officer_id", "kind", "started_at", "expected_at", "expected_from", "ends_at")
"""What a claim's events say of its visits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What whoever is on the way said last: personal data of an employee, gone with the visit.

    ``lon`` and ``lat`` are WGS 84 degrees, ``at`` when they were there; ``phone`` is theirs, for the farmer to call.
    ``expected_at`` is the newest word on when they come; None: as at the start.
    """

    lon: float | None = None
    lat: float | None = None
    at: datetime | None = None
    phone: str | None = None
    expected_at: datetime | None = None
    expected_from: ExpectedFrom | None = None


NOTHING = Whereabouts()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A visit with what is kept of it, and the claim and farm that it goes to; ``boundary`` is WKB, WGS 84."""

    claim_id: ClaimId
    number: str
    no: int
    officer: OfficerId
    kind: VisitKind
    started_at: datetime
    ends_at: datetime
    expected_at: datetime | None
    expected_from: ExpectedFrom | None
    farm_name: str
    boundary: bytes | None
    whereabouts: Whereabouts

    @property
    def newest(self) -> tuple[datetime | None, ExpectedFrom | None]:
        """The newest word on when they come, and whose it is."""
        said = self.whereabouts
        return (
            (said.expected_at, said.expected_from)
            if said.expected_at
            else (self.expected_at, self.expected_from)
        )


def rows_of(claim: Claim) -> list[dict[str, object]]:
    """A row a visit under way, in the order of COLUMNS."""
    return [
        {
            "no": visit.no,
            "officer_id": visit.officer,
            "kind": visit.kind,
            "started_at": visit.started_at,
            "expected_at": visit.expected_at,
            "expected_from": visit.expected_from,
            "ends_at": visit.ends_at,
        }
        for visit in claim.visits
    ]


def follow(connection: Connection, before: Claim, after: Claim) -> None:
    """Bring a claim's visits from one version to the next; one that is over leaves nothing."""
    if before.visits == after.visits:
        return
    claim_id, had = after.report.claim_id, {one.no for one in before.visits}
    gone = had - {one.no for one in after.visits}
    if gone:
        connection.execute(delete(visits).where(visits.c.claim_id == claim_id, visits.c.no.in_(gone)))
    begun = [{"claim_id": claim_id} | row for row in rows_of(after) if row["no"] not in had]
    if begun:
        connection.execute(_INSERT, begun)


def of_claim(connection: Connection, claim_id: ClaimId, at: datetime) -> list[UnderWay]:
    """A claim's visits under way, the oldest first."""
    return list(_under_way(connection, visits.c.claim_id == claim_id, at=at))


def of_officer(connection: Connection, officer: OfficerId, at: datetime) -> list[UnderWay]:
    """An officer's visits under way, the oldest first."""
    return list(_under_way(connection, visits.c.officer_id == officer, at=at))


def seen(connection: Connection, at: datetime, most: int) -> list[UnderWay]:
    """The visits under way of claims that are seen, the newest first."""
    return list(_under_way(connection, at=at, most=most))


def of_claims(connection: Connection, claim_ids: Sequence[ClaimId], at: datetime) -> list[UnderWay]:
    """The visits under way of these claims, the oldest first."""
    return list(_under_way(connection, visits.c.claim_id.in_(claim_ids), at=at))


def keep(connection: Connection, visit: UnderWay, whereabouts: Whereabouts) -> None:
    """Keep what was said last in place of what was said before."""
    row = visits.c.claim_id == visit.claim_id, visits.c.no == visit.no
    sealed = vault_of(connection).seal(_written(whereabouts), WHEREABOUTS, visit.claim_id, visit.no)
    connection.execute(update(visits).where(*row).values(whereabouts=sealed))


def _under_way(
    connection: Connection, *wanted: Any, at: datetime, most: int | None = None
) -> Iterator[UnderWay]:
    claims, farms = tables.claims, tables.farms
    statement = (
        select(visits, claims.c.number, farms.c.name.label("farm_name"), farms.c.boundary)
        .join(claims, claims.c.id == visits.c.claim_id)
        # Whoever comes by a link sees the claim, and not the farm.
        .outerjoin(farms, farms.c.id == claims.c.farm_id)
        .where(visits.c.ends_at > at, *wanted)
    )
    if most is None:
        statement = statement.order_by(visits.c.started_at, visits.c.no)
    else:
        statement = statement.order_by(visits.c.started_at.desc(), visits.c.no).limit(most)
    for row in connection.execute(statement).all():
        sealed = row.whereabouts
        said = sealed and vault_of(connection).open(sealed, WHEREABOUTS, row.claim_id, row.no)
        yield UnderWay(
            claim_id=ClaimId(row.claim_id),
            number=row.number,
            no=row.no,
            officer=OfficerId(row.officer_id),
            kind=VisitKind(row.kind),
            started_at=row.started_at,
            ends_at=row.ends_at,
            expected_at=row.expected_at,
            expected_from=row.expected_from and ExpectedFrom(row.expected_from),
            farm_name=row.farm_name or "",
            boundary=row.boundary,
            whereabouts=_read(said) if said else NOTHING,
        )


def _written(said: Whereabouts) -> str:
    return json.dumps(
        {
            "lon": said.lon,
            "lat": said.lat,
            "at": said.at and said.at.isoformat(),
            "phone": said.phone,
            "expected_at": said.expected_at and said.expected_at.isoformat(),
            "expected_from": said.expected_from,
        }
    )


def _read(text: str) -> Whereabouts:
    said = json.loads(text)
    return Whereabouts(
        lon=said["lon"],
        lat=said["lat"],
        at=said["at"] and datetime.fromisoformat(said["at"]),
        phone=said["phone"],
        expected_at=said["expected_at"] and datetime.fromisoformat(said["expected_at"]),
        expected_from=said["expected_from"] and ExpectedFrom(said["expected_from"]),
    )
