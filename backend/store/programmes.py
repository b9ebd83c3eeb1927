"""Programmes 政策性保险项目 as the insurer looks at them: their money, their policies, and whose payout waits."""

from collections.abc import Sequence
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, func, select

from backend.domain.ids import ProgrammeId
from backend.domain.problems import NotFound
from backend.domain.programme import lies_in
from backend.store import payouts, tables
from backend.store.limit_tables import programmes

_HELD = select(tables.policies.c.programme, func.count().label("policies")).group_by(
    tables.policies.c.programme
)


def listed(connection: Connection, county: str) -> Sequence[Row[Any]]:
    """Programmes that reach a county, the newest period first, each with how many policies belong to it."""
    held = _HELD.where(tables.policies.c.programme.is_not(None)).subquery()
    rows = connection.execute(
        select(programmes, func.coalesce(held.c.policies, 0).label("policies"))
        .select_from(programmes.outerjoin(held, held.c.programme == programmes.c.id))
        .order_by(programmes.c.begins.desc(), programmes.c.id)
    )
    return [row for row in rows if lies_in(county, row.county)]


def one(connection: Connection, programme: ProgrammeId, county: str) -> Row[Any]:
    """One programme, as ``listed``.

    Raises:
        NotFound: None of this id reaches the county.
    """
    held = _HELD.where(tables.policies.c.programme == programme).subquery()
    row = connection.execute(
        select(programmes, func.coalesce(held.c.policies, 0).label("policies"))
        .select_from(programmes.outerjoin(held, held.c.programme == programmes.c.id))
        .where(programmes.c.id == programme)
    ).one_or_none()
    if row is None or not lies_in(county, row.county):
        raise NotFound("programme", programme)
    return row


def waiting(connection: Connection, programme: ProgrammeId, most: int) -> Sequence[Row[Any]]:
    """Claims of the programme whose payout waits, the one promised first first."""
    claims = tables.claims
    shown: Select[Any] = select(
        claims.c.number, claims.c.id, claims.c.policy_number, claims.c.amount, claims.c.due_at
    )
    return connection.execute(
        shown.where(claims.c.programme == programme, payouts.waits())
        .order_by(claims.c.due_at, claims.c.id)
        .limit(most)
    ).all()
