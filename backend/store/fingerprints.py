"""Photos' fingerprints: kept as photos are checked, and those that a claim's photos are compared with.

Never all of them: so many of the claims around, the newest first, and so many of the same farm, policy and payee from
any time. Every query goes by an index.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Select, and_, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.words import State
from backend.store import tables
from backend.store.doubt_tables import photo_fingerprints
from backend.store.sealed import PAYEE_ACCOUNT
from backend.store.vault import vault_of

AROUND_FOR = timedelta(days=10)
"""Claims around are looked at for as long; those of the same farm, policy or payee always."""
_MOST_HERE, _MOST_BESIDE, _MOST_OF_KIN = 300, 40, 60
"""Photos of the own cell, of each of the eight around it, and of the same farm, policy or payee."""
_MOST_KIN = 30
"""Claims of the same farm, policy or payee, the newest."""
# Degrees of latitude and longitude: no side is shorter than 20 km up to 60 degrees north, and so the cells around hold
# everything within 20 km.
_TALL, _WIDE = 0.2, 0.4
_ROW = 1000  # more cells than go around the Earth
# Two photos that are checked at once: each may have looked before the other was there.
_AT_ONCE = timedelta(seconds=5)

_prints, _claims, _photos, _policies = (
    photo_fingerprints,
    tables.claims,
    tables.claim_photos,
    tables.policies,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo's fingerprint, packed, and the claim that it is on."""

    claim_id: ClaimId
    number: str
    reported_at: datetime
    photo_id: PhotoId
    corners: bytes
    made_at: datetime

    def came_before(self, claim: Claim, own: datetime) -> bool:
        """Whether a photo of *claim*, whose fingerprint was made at *own*, may be a copy of this one.

        A copy may arrive, and its claim be triaged, while the photo of the earlier report is still on its way: of two
        claims, whichever is looked at last has to see the other.
        """
        is_earlier = (self.reported_at, self.number) < (claim.reported_at, claim.report.number)
        return is_earlier or self.made_at <= own + _AT_ONCE


def cell_of(lon: float, lat: float) -> int:
    """The cell of a grid that a place lies in; WGS 84 degrees."""
    return (floor(lat / _TALL) + _ROW // 2) * _ROW + floor(lon / _WIDE) + _ROW // 2


def keep(
    connection: Connection,
    claim_id: ClaimId,
    photo_id: PhotoId,
    cell: int | None,
    corners: bytes,
    at: datetime,
) -> None:
    """Keep a photo's fingerprint; one that is there stays."""
    row = {"claim_id": claim_id, "photo_id": photo_id, "cell": cell, "made_at": at, "corners": corners}
    connection.execute(insert_or_not(_prints).values(row).on_conflict_do_nothing())


def of_claim(connection: Connection, claim_id: ClaimId) -> dict[PhotoId, tuple[bytes, datetime]]:
    """The claim's own fingerprints that were kept, and when each was made."""
    rows = connection.execute(
        select(_prints.c.photo_id, _prints.c.corners, _prints.c.made_at).where(_prints.c.claim_id == claim_id)
    )
    return {PhotoId(row.photo_id): (bytes(row.corners), row.made_at) for row in rows}


def to_compare(connection: Connection, claim: Claim, cell: int | None, at: datetime) -> list[Kept]:
    """Photos of other claims that this claim's may be copies of, as far as ``Kept.came_before`` says."""
    found: dict[tuple[Any, str], Kept] = {}
    ways = [_of_kin(connection, claim)]
    if cell is not None:
        ways.append(_around(cell, at - AROUND_FOR))
    for way in ways:
        wanted = way.subquery()
        rows = connection.execute(
            select(wanted, _claims.c.number, _claims.c.reported_at)
            .join(_claims, _claims.c.id == wanted.c.claim_id)
            .where(_claims.c.id != claim.report.claim_id, _claims.c.state != State.WITHDRAWN)
            .order_by(wanted.c.made_at.desc(), wanted.c.photo_id)
        )
        for row in rows:
            found[(row.claim_id, row.photo_id)] = Kept(
                claim_id=ClaimId(row.claim_id),
                number=row.number,
                reported_at=row.reported_at,
                photo_id=PhotoId(row.photo_id),
                corners=bytes(row.corners),
                made_at=row.made_at,
            )
    return list(found.values())


def without(connection: Connection, claim: Claim, most: int) -> Sequence[tuple[ClaimId, PhotoId, datetime]]:
    """Photos of the same farm, policy or payee from before there were fingerprints, the newest first."""
    kin = _kin(connection, claim)
    rows = connection.execute(
        select(_photos.c.claim_id, _photos.c.photo_id, _photos.c.received_at)
        .join(
            _prints,
            and_(_prints.c.claim_id == _photos.c.claim_id, _prints.c.photo_id == _photos.c.photo_id),
            isouter=True,
        )
        .join(_claims, _claims.c.id == _photos.c.claim_id)
        .where(
            _photos.c.claim_id.in_(kin),
            _photos.c.received_at.is_not(None),
            _prints.c.photo_id.is_(None),
            # Theirs are made in a moment, by whoever looks at them, and with their place.
            _claims.c.state.not_in((State.REPORTED, State.VERIFYING)),
        )
        .order_by(_photos.c.received_at.desc(), _photos.c.photo_id)
        .limit(most)
    )
    return [(ClaimId(row.claim_id), PhotoId(row.photo_id), row.received_at) for row in rows]


def _around(cell: int, since: datetime) -> Select[Any]:
    """The newest of the cell and of each cell around it."""
    parts = []
    for row in (-1, 0, 1):
        for column in (-1, 0, 1):
            most = _MOST_BESIDE if row or column else _MOST_HERE
            newest = (
                select(_prints)
                .where(_prints.c.cell == cell + row * _ROW + column, _prints.c.made_at >= since)
                .order_by(_prints.c.made_at.desc())
                .limit(most)
                .subquery()
            )
            parts.append(select(newest))
    return select(union_all(*parts).subquery())


def _of_kin(connection: Connection, claim: Claim) -> Select[Any]:
    return (
        select(_prints)
        .where(_prints.c.claim_id.in_(_kin(connection, claim)))
        .order_by(_prints.c.made_at.desc())
        .limit(_MOST_OF_KIN)
    )


def _kin(connection: Connection, claim: Claim) -> Collection[Any]:
    """The newest other claims on policies of the same farm, or that pay the same account."""
    policy = claim.report.policy
    accounts = vault_of(connection).indexes(policy.payee.account, PAYEE_ACCOUNT)
    theirs = select(_policies.c.number).where(
        or_(_policies.c.farm_id == policy.farm_id, _policies.c.payee_account_index.in_(accounts))
    )
    return connection.scalars(
        select(_claims.c.id)
        .where(_claims.c.policy_number.in_(theirs), _claims.c.id != claim.report.claim_id)
        .order_by(_claims.c.reported_at.desc())
        .limit(_MOST_KIN)
    ).all()
