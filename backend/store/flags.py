"""Flags as rows: kept in step with the events, in their transaction, so that those that wait are found at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select

from backend.domain.claim import Claim
from backend.domain.flags.words import FlagKind, FlagState
from backend.store import tables
from backend.store.doubt_tables import claim_flags

_INSERT = insert(claim_flags)
COLUMNS = ("key", "kind", "code", "state", "raised_at", "judged_by", "judged_at")
"""What a claim's events say of its flags."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which flags a list shows: None means any. ``after`` is the place of the last one of the page before.

    ``county`` shows no less than what is seen of one county: said again, it leads straight to the index by county.
    """

    kind: FlagKind | None = None
    state: FlagState | None = None
    county: str | None = None
    after: str | None = None
    most: int = 20


def rows_of(claim: Claim) -> list[dict[str, object]]:
    """A row a flag, in the order of COLUMNS."""
    return [
        {
            "key": flag.key,
            "kind": flag.kind,
            "code": flag.finding.code,
            "state": flag.state,
            "raised_at": flag.raised_at,
            "judged_by": flag.judged_by.id if flag.judged_by else None,
            "judged_at": flag.judged_at,
        }
        for flag in claim.flags.values()
    ]


def follow(connection: Connection, before: Claim, after: Claim) -> None:
    """Bring a claim's flags from one version to the next."""
    if before.flags == after.flags:
        return
    claim_id = after.report.claim_id
    if before.flags:
        connection.execute(delete(claim_flags).where(claim_flags.c.claim_id == claim_id))
    if after.flags:
        connection.execute(_INSERT, [{"claim_id": claim_id} | row for row in rows_of(after)])


def listed(connection: Connection, wanted: Wanted) -> Sequence[Row[Any]]:
    """Flags of claims that are seen, newest first, each with its claim's number, farm, state and version."""
    flags, claims = claim_flags, tables.claims
    statement = (
        select(flags, claims.c.number, claims.c.farm_id, claims.c.county, claims.c.state.label("claim_state"))
        .join(claims, claims.c.id == flags.c.claim_id)
        .order_by(claims.c.number.desc(), flags.c.key)
        .limit(wanted.most)
    )
    if wanted.kind:
        statement = statement.where(flags.c.kind == wanted.kind)
    if wanted.state:
        statement = statement.where(flags.c.state == wanted.state)
    if wanted.county:
        statement = statement.where(claims.c.county == wanted.county)
    if wanted.after:
        number, _, key = wanted.after.partition(" ")
        later = and_(claims.c.number == number, flags.c.key > key)
        statement = statement.where(or_(claims.c.number < number, later))
    return connection.execute(statement).all()


def place_of(row: Row[Any]) -> str:
    """The cursor that the page after this row begins with."""
    return f"{row.number} {row.key}"


def tally(connection: Connection, county: str | None = None) -> dict[tuple[FlagKind, FlagState], int]:
    """How many there are of each kind in each state, of claims that are seen."""
    flags, claims = claim_flags, tables.claims
    statement = select(flags.c.kind, flags.c.state, func.count().label("flags")).group_by(
        flags.c.kind, flags.c.state
    )
    if county:
        statement = statement.join(claims, claims.c.id == flags.c.claim_id).where(claims.c.county == county)
    return {
        (FlagKind(row.kind), FlagState(row.state)): int(row.flags) for row in connection.execute(statement)
    }


def with_photo(connection: Connection, photo_ids: Sequence[str]) -> Sequence[tuple[str, str, UUID]]:
    """Claims that are seen and hold one of these photos: the photo, the claim's number and id."""
    photos, claims = tables.claim_photos, tables.claims
    rows = connection.execute(
        select(photos.c.photo_id, claims.c.number, claims.c.id)
        .join(claims, claims.c.id == photos.c.claim_id)
        .where(photos.c.photo_id.in_(photo_ids))
        .order_by(claims.c.number)
    )
    return [(row.photo_id, row.number, row.id) for row in rows]


def numbered(connection: Connection, numbers: Collection[str]) -> dict[str, UUID]:
    """The ids of those of these claims that are seen, by their numbers."""
    if not numbers:
        return {}
    claims = tables.claims
    rows = connection.execute(
        select(claims.c.number, claims.c.id).where(claims.c.number.in_(sorted(numbers)))
    )
    return {row.number: row.id for row in rows}
