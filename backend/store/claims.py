"""Lists and queues of claims, read from the projection."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from backend.domain.ids import ClaimId, PayoutId, PolicyNumber
from backend.domain.parties import Payee
from backend.domain.policy import SHANGHAI
from backend.domain.problems import NotFound
from backend.domain.words import Lane, LaneState, Path, PayoutState, Species, State
from backend.store import tables
from backend.store.policies import payee_of

ENDED = frozenset({State.CLOSED, State.REJECTED, State.WITHDRAWN})
OPEN = tuple(state for state in State if state not in ENDED)
"""Asked for by name: the index on states leads to the few open claims, past all that have ended."""


_NUMBER = re.compile(r"FC-\d{8}-\d{4,}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows: None means any. ``after`` is the claim number that the last page ended with.

    ``county`` shows no less than what is seen of one county: said again, it leads straight to the index by county.
    ``text`` begins a claim number, or is a policy's, a farm's or an ear tag's. Days are those of the report in
    Asia/Shanghai, inclusive; ``product`` with a version is that version, without one all of them.
    """

    state: State | None = None
    policy: PolicyNumber | None = None
    open_only: bool = False
    after: str | None = None
    most: int = 50
    county: str | None = None
    text: str | None = None
    species: Species | None = None
    product: str | None = None
    path: Path | None = None
    first: date | None = None
    last: date | None = None


def find(connection: Connection, name: str) -> ClaimId:
    """The claim with this id or claim number.

    Raises:
        NotFound: No such claim.
    """
    claims = tables.claims
    is_it = claims.c.number == name.upper()
    with suppress(ValueError):
        is_it = or_(is_it, claims.c.id == UUID(name))
    found = connection.scalar(select(claims.c.id).where(is_it))
    if found is None:
        raise NotFound("claim", name)
    return ClaimId(found)


def number_of(connection: Connection, claim_id: ClaimId) -> str:
    """The number of a claim that is there."""
    return str(connection.scalar(select(tables.claims.c.number).where(tables.claims.c.id == claim_id)))


def place_of(connection: Connection, claim_id: ClaimId) -> tuple[str, PolicyNumber]:
    """The county and the policy of a claim that is there."""
    claims = tables.claims
    row = connection.execute(
        select(claims.c.county, claims.c.policy_number).where(claims.c.id == claim_id)
    ).one()
    return row.county, PolicyNumber(row.policy_number)


def has_ended(connection: Connection, claim_id: ClaimId, *, by: int) -> bool:
    """Whether the claim has ended, and with the event of this number or an earlier one."""
    claims = tables.claims
    ended = select(claims.c.id).where(
        claims.c.id == claim_id, claims.c.state.in_(ENDED), claims.c.version <= by
    )
    return connection.scalar(ended) is not None


def claim_of_payout(connection: Connection, payout_id: PayoutId) -> ClaimId:
    """The claim that this payout belongs to.

    Raises:
        NotFound: No such payout.
    """
    payouts = tables.payouts
    found = connection.scalar(select(payouts.c.claim_id).where(payouts.c.id == payout_id))
    if found is None:
        raise NotFound("payout", payout_id)
    return ClaimId(found)


def listed(connection: Connection, wanted: Wanted) -> Sequence[Row[Any]]:
    """Claims, newest first."""
    claims = tables.claims
    statement = select(claims).order_by(claims.c.number.desc()).limit(wanted.most)
    return connection.execute(statement.where(*conditions(wanted))).all()


def conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What is wanted, as conditions on a statement that selects from claims; how many is the statement's."""
    columns = tables.claims.c
    same = {
        columns.county: wanted.county,
        columns.state: wanted.state,
        columns.policy_number: wanted.policy,
        columns.species: wanted.species,
        columns.path: wanted.path,
    }
    yield from (column == value for column, value in same.items() if value)
    if wanted.product and "@" in wanted.product:
        yield columns.product == wanted.product
    elif wanted.product:
        yield columns.product.startswith(f"{wanted.product}@", autoescape=True)
    if wanted.open_only:
        yield columns.state.in_(OPEN)
    if wanted.after:
        yield columns.number < wanted.after
    if wanted.text:
        yield _speaks_of(wanted.text.strip())
    if wanted.first:
        yield columns.reported_at >= _begin(wanted.first)
    if wanted.last:
        yield columns.reported_at < _begin(wanted.last + timedelta(days=1))


def _speaks_of(text: str) -> ColumnElement[bool]:
    claims, tags = tables.claims, tables.claim_tags
    number = text.upper()
    if _NUMBER.fullmatch(number):
        # Alone, so that its index leads there: no other name looks so.
        return claims.c.number == number
    tagged = select(tags.c.claim_id).where(tags.c.tag == text)
    return or_(
        claims.c.number.startswith(number, autoescape=True),
        claims.c.policy_number == text,
        claims.c.farm_id == text,
        claims.c.id.in_(tagged),
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def queue(connection: Connection, lane: Lane, most: int) -> Sequence[Row[Any]]:
    """What waits for this lane, the most urgent first; the insurer also sees claims on hold, and differing receipts."""
    return connection.execute(_queued(lane).order_by(tables.claims.c.due_at).limit(most)).all()


def queue_length(connection: Connection, lane: Lane) -> int:
    """How many claims wait for this lane."""
    return int(connection.scalar(select(func.count()).select_from(_queued(lane).subquery())) or 0)


def payouts(
    connection: Connection,
    most: int,
    claim_id: ClaimId | None = None,
    state: PayoutState | None = None,
) -> Sequence[tuple[Row[Any], Payee]]:
    """Payouts of one claim or of all, of any state or one, newest first.

    Each with its claim's number and whom the policy pays.
    """
    paid, claims, policies = tables.payouts, tables.claims, tables.policies
    statement = (
        select(paid, claims.c.number, claims.c.policy_number, policies.c.payee_name, policies.c.payee_account)
        .join(claims, claims.c.id == paid.c.claim_id)
        .join(policies, policies.c.number == claims.c.policy_number)
        .order_by(paid.c.started_at.desc())
        .limit(most)
    )
    if claim_id:
        statement = statement.where(paid.c.claim_id == claim_id)
    if state:
        statement = statement.where(paid.c.state == state)
    rows = connection.execute(statement).all()
    return [(row, payee_of(connection, row.policy_number, row)) for row in rows]


def oldest_open(connection: Connection) -> datetime | None:
    """When the claim that has been open longest was reported."""
    claims = tables.claims
    found: datetime | None = connection.scalar(
        select(func.min(claims.c.reported_at)).where(claims.c.state.in_(OPEN))
    )
    return found


def waiting_since(connection: Connection, lane: Lane) -> datetime | None:
    """Since when the claim that has waited longest in this lane's queue has been there; None for an empty queue."""
    stages, queued = tables.claim_stages, _queued(lane).subquery()
    found: datetime | None = connection.scalar(
        select(func.min(stages.c.entered_at))
        .join(queued, queued.c.id == stages.c.claim_id)
        .where(stages.c.ended_at.is_(None))
    )
    return found


def open_by_state(connection: Connection) -> dict[State, int]:
    """How many claims are in each state that is not an end; every such state is named."""
    claims = tables.claims
    rows = connection.execute(
        select(claims.c.state, func.count()).where(claims.c.state.in_(OPEN)).group_by(claims.c.state)
    )
    counted = {State(state): int(count) for state, count in rows}
    return {state: counted.get(state, 0) for state in OPEN}


def overdue(connection: Connection, now: datetime) -> int:
    """How many open claims are past their promised time without having been paid."""
    claims = tables.claims
    is_overdue = (
        claims.c.state.in_([state for state in OPEN if state is not State.PAID]),
        claims.c.due_at < now,
    )
    return int(connection.scalar(select(func.count()).select_from(claims).where(*is_overdue)) or 0)


def _queued(lane: Lane) -> Select[Any]:
    claims = tables.claims
    is_undecided = claims.c[lane.value] != LaneState.APPROVED
    if lane is not Lane.INSURER:
        return select(claims).where(claims.c.state == State.JOINT_REVIEW, is_undecided)
    in_reach = claims.c.state.in_((State.JOINT_REVIEW, State.TRIAGED))
    waits = and_(in_reach, or_(claims.c.state == State.TRIAGED, is_undecided))
    return select(claims).where(or_(waits, and_(claims.c.receipt_differs, claims.c.state == State.ACCEPTED)))
