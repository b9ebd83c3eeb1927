"""Heads by cover period and money by programme: read and written under locks, counted in the payout's transaction.

Locks are taken in one order: the payment gate, the policy, its programme, the claim. Two writers never wait for each
other, and of two payouts for the last head or the last fen one finds it taken.
"""

from dataclasses import replace
from datetime import date
from typing import Any  # a column as part of an expression

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, insert, literal, select, update

from backend.domain.claim import Claim
from backend.domain.commitments import Commitment, commitment_of
from backend.domain.ids import PolicyNumber, ProgrammeId
from backend.domain.money import ZERO
from backend.domain.parties import Policy
from backend.domain.policy import Terms
from backend.domain.programme import ProgrammeLimit
from backend.store import tables
from backend.store.columns import Fen
from backend.store.limit_tables import cover_periods, programmes

_POLICY = (
    select(tables.policies.c.number)
    .where(tables.policies.c.number == bindparam("wanted"))
    # Reports, which only refer to the policy, need not wait for it.
    .with_for_update(key_share=True)
)
_PROGRAMME = select(programmes.c.most, programmes.c.paid_before, programmes.c.committed).where(
    programmes.c.id == bindparam("wanted")
)
_HELD_PROGRAMME = _PROGRAMME.with_for_update(key_share=True)


def heads_committed(
    policy_number: ColumnElement[str], incepted: ColumnElement[date], expires: ColumnElement[date]
) -> ColumnElement[int]:
    """Heads committed in the cover period between two days.

    Periods count that share a day with it: a mended date does not make heads insured a second time, and a renewal,
    which begins after the old period's last day, begins with none.
    """
    return (
        select(func.coalesce(func.sum(cover_periods.c.heads_committed), 0))
        .where(
            cover_periods.c.policy_number == policy_number,
            cover_periods.c.incepted <= expires,
            cover_periods.c.expires >= incepted,
        )
        .scalar_subquery()
    )


_USED = select(
    tables.policies.c.incepted,
    tables.policies.c.heads_paid_before,
    heads_committed(
        tables.policies.c.number,
        bindparam("first", type_=tables.policies.c.incepted.type),
        bindparam("last", type_=tables.policies.c.expires.type),
    ).label("committed"),
).where(tables.policies.c.number == bindparam("wanted"))


def lock_policy(connection: Connection, number: PolicyNumber) -> None:
    """Let no other transaction decide on this policy's heads before this one has ended.

    SQLite writes one transaction at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_POLICY, {"wanted": number})


def used_up(connection: Connection, policy: Policy) -> Terms:
    """The policy's terms with ``heads_paid`` as of now: by earlier systems, and by payouts under way or done."""
    terms = policy.terms
    row = connection.execute(
        _USED, {"wanted": policy.number, "first": terms.incepted, "last": terms.expires}
    ).one()
    # What an earlier system paid may have become known after the report.
    since = row.heads_paid_before if row.incepted == terms.incepted else 0
    return replace(terms, heads_paid=max(terms.heads_paid, since) + int(row.committed))


def programme_limit(
    connection: Connection, programme: ProgrammeId | None, *, hold: bool = False
) -> ProgrammeLimit | None:
    """The programme's money as it stands; None where there is no programme.

    Args:
        connection: With *hold* a write transaction that has locked the policy.
        programme: The policy's.
        hold: Let no other transaction decide on this money before this one has ended.
    """
    if programme is None:
        return None
    is_locked = hold and connection.dialect.name == "postgresql"
    row = connection.execute(
        _HELD_PROGRAMME if is_locked else _PROGRAMME, {"wanted": programme}
    ).one_or_none()
    return row and ProgrammeLimit(programme, row.most, row.paid_before + row.committed)


def move(connection: Connection, before: Claim, after: Claim) -> None:
    """Count what a claim's payout commits or gives back.

    Raises:
        sqlalchemy.exc.IntegrityError: A payout started beyond a limit: a mistake in a decision, which is not recorded.
    """
    had, has = commitment_of(before), commitment_of(after)
    if had == has:
        return
    step = Commitment(has.heads - had.heads, has.amount - had.amount)
    is_start = len(after.payouts) > len(before.payouts)
    _move_heads(connection, after.report.policy, step.heads, is_start=is_start)
    if after.report.policy.programme:
        _move_money(connection, after.report.policy.programme, step, is_start=is_start)


def _move_heads(connection: Connection, policy: Policy, step: int, *, is_start: bool) -> None:
    rows, terms = cover_periods.c, policy.terms
    stands = and_(rows.policy_number == policy.number, rows.incepted == terms.incepted)
    insured = case((rows.insured_heads > terms.insured_heads, rows.insured_heads), else_=terms.insured_heads)
    paid = case((rows.heads_before < terms.heads_paid, rows.heads_before), else_=terms.heads_paid)
    values: dict[str, Any] = {
        "expires": terms.expires,
        "insured_heads": insured,
        "heads_before": paid,
        "heads_committed": rows.heads_committed + step,
    }
    if not is_start:
        beyond = paid + rows.heads_committed + step - insured
        values["heads_beyond"] = case((beyond > 0, beyond), else_=0)
    if not connection.execute(update(cover_periods).where(stands).values(values)).rowcount:
        first = {
            "policy_number": policy.number,
            "incepted": terms.incepted,
            "expires": terms.expires,
            "insured_heads": terms.insured_heads,
            "heads_before": terms.heads_paid,
            "heads_committed": step,
            "heads_beyond": 0 if is_start else max(0, terms.heads_paid + step - terms.insured_heads),
        }
        connection.execute(insert(cover_periods), first)


def _move_money(connection: Connection, programme: ProgrammeId, step: Commitment, *, is_start: bool) -> None:
    rows = programmes.c
    committed = rows.committed + literal(step.amount, Fen)
    values: dict[str, Any] = {"committed": committed}
    if not is_start:
        beyond = rows.paid_before + committed - rows.most
        values["beyond"] = case((beyond > literal(ZERO, Fen), beyond), else_=literal(ZERO, Fen))
    connection.execute(update(programmes).where(rows.id == programme).values(values))
