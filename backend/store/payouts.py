"""Payouts as the projection holds them: what waits to leave, and what a statement may speak of."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from backend.domain.authority.sight import Sight
from backend.domain.effects import EffectKind
from backend.domain.ids import ClaimId, PayoutId
from backend.domain.money import ZERO, Money
from backend.domain.policy import SHANGHAI
from backend.domain.reconciliation import OurPayout, Statement
from backend.domain.words import PayoutState, State
from backend.store import tables
from backend.store.effects import EffectState
from backend.store.limit_tables import programmes
from backend.store.sights import within

_AT_ONCE = 500


def payable(connection: Connection, most: int, sight: Sight) -> Sequence[ClaimId]:
    """Claims that are seen and that nothing but their payout is missing from, the one promised first first."""
    claims = tables.claims
    found = connection.scalars(
        select(claims.c.id)
        .where(claims.c.state == State.PAYABLE, within(sight))
        .order_by(claims.c.due_at, claims.c.id)
        .limit(most)
    )
    return [ClaimId(one) for one in found]


def waiting(connection: Connection, most: int, sight: Sight) -> Sequence[Row[Any]]:
    """Claims that are seen and whose payout waits, the one promised first first.

    Number, amount, state and since when it is due; its programme's money where it belongs to one.
    """
    claims = tables.claims
    shown: Select[Any] = select(
        *(claims.c.number, claims.c.id, claims.c.amount, claims.c.state, claims.c.due_at, programmes.c.most),
        *(programmes.c.paid_before, programmes.c.committed),
    ).select_from(claims.outerjoin(programmes, programmes.c.id == claims.c.programme))
    waiting_first = shown.where(waits(), within(sight)).order_by(claims.c.due_at, claims.c.id)
    return connection.execute(waiting_first.limit(most)).all()


def waiting_total(connection: Connection, sight: Sight) -> tuple[int, Money]:
    """How many payouts of claims that are seen wait, and what they come to."""
    claims = tables.claims
    row = connection.execute(
        select(func.count(), func.sum(claims.c.amount, type_=claims.c.amount.type))
        .select_from(claims)
        .where(waits(), within(sight))
    ).one()
    return int(row[0]), row[1] or ZERO


def spoken_of(connection: Connection, statement: Statement) -> Sequence[OurPayout]:
    """Payouts that the statement names or that fall into its days, and the other payouts of their claims."""
    payouts, claims = tables.payouts, tables.claims
    began = datetime.combine(statement.first_day, time(), SHANGHAI)
    ended = datetime.combine(statement.last_day + timedelta(days=1), time(), SHANGHAI)
    days = [
        and_(column >= began, column < ended) for column in (payouts.c.confirmed_at, payouts.c.returned_at)
    ]
    found = set(connection.scalars(select(payouts.c.claim_id).where(or_(*days))))
    numbers = {one.partition("/")[0] for line in statement.lines for one in line.references}
    keys = {key for line in statement.lines for key in line.keys}
    theirs = {line.bank_reference for line in statement.lines if line.bank_reference}
    for some in _some(numbers):
        found |= set(connection.scalars(select(claims.c.id).where(claims.c.number.in_(some))))
    for some in _some(keys):
        found |= set(connection.scalars(select(payouts.c.claim_id).where(payouts.c.id.in_(some))))
    for some in _some(theirs):
        found |= set(connection.scalars(select(payouts.c.claim_id).where(payouts.c.bank_reference.in_(some))))
    return [one for some in _some(found) for one in _of_claims(connection, some)]


def _of_claims(connection: Connection, claim_ids: Sequence[object]) -> Iterator[OurPayout]:
    payouts, claims = tables.payouts, tables.claims
    rows = connection.execute(
        select(payouts, claims.c.number)
        .join(claims, claims.c.id == payouts.c.claim_id)
        .where(payouts.c.claim_id.in_(claim_ids))
        .order_by(claims.c.number, payouts.c.no)
    )
    for row in rows:
        yield OurPayout(
            id=PayoutId(row.id),
            claim_id=ClaimId(row.claim_id),
            claim_number=row.number,
            no=row.no,
            amount=row.amount,
            state=PayoutState(row.state),
            bank_reference=row.bank_reference,
            confirmed_at=row.confirmed_at,
            returned_at=row.returned_at,
        )


def _some(values: set[Any]) -> Iterator[tuple[Any, ...]]:
    """A statement may name more than a database takes parameters."""
    ordered = sorted(values, key=str)
    for start in range(0, len(ordered), _AT_ONCE):
        yield tuple(ordered[start : start + _AT_ONCE])


def waits() -> ColumnElement[bool]:
    """A claim's payout waits: payable, or kept back by what stands above it; both have an effect that looks again."""
    claims, effects = tables.claims, tables.effects
    looks_again = select(effects.c.claim_id).where(
        effects.c.kind == EffectKind.PAY, effects.c.state == EffectState.PENDING
    )
    kept_back = and_(claims.c.state == State.ACCEPTED, claims.c.id.in_(looks_again))
    return or_(claims.c.state == State.PAYABLE, kept_back)


def confirmed(
    connection: Connection,
    county: str,
    since: datetime,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    most: int,
) -> Sequence[Row[Any, Any]]:
    """Payouts of a county whose money is there, by when it arrived: rows of ``claim_id`` and ``confirmed_at``."""
    paid, claims = tables.payouts, tables.claims
    statement = (
        select(paid.c.claim_id, paid.c.confirmed_at)
        .join(claims, claims.c.id == paid.c.claim_id)
        .where(paid.c.confirmed_at >= since, paid.c.state == PayoutState.CONFIRMED, claims.c.county == county)
        .order_by(paid.c.confirmed_at, paid.c.claim_id)
        .limit(most)
    )
    if until:
        statement = statement.where(paid.c.confirmed_at < until)
    if after:
        at, claim_id = after
        later = and_(paid.c.confirmed_at == at, paid.c.claim_id > claim_id)
        statement = statement.where(or_(paid.c.confirmed_at > at, later))
    return connection.execute(statement).all()
