"""The ledger's rows: written with the events in their transaction, and summed up for people."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, null, select

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import Step, steps
from backend.domain.ids import ClaimId
from backend.domain.ledger import NOTHING, LedgerEntry, balances, lines_between
from backend.domain.money import ZERO, Money
from backend.domain.policy import policy_day
from backend.domain.words import LedgerAccount
from backend.store import tables

_POST = insert(tables.ledger_entries)


class BalanceBy(StrEnum):
    """What a balance is broken down by."""

    ACCOUNT = "account"
    COUNTY = "county"
    DAY = "day"


def post(connection: Connection, before: Claim | None, recorded: Sequence[Recorded], after: Claim) -> None:
    """Write what these events moved; the key (claim, event, line) refuses a second time."""
    rows = rows_of(steps(before, recorded, after))
    if rows:
        connection.execute(_POST, rows)


def rows_of(steps: Iterable[Step]) -> list[dict[str, object]]:
    """The rows of what a claim's events moved, made here alone."""
    rows: list[dict[str, object]] = []
    known: tuple[Claim | None, Mapping[LedgerAccount, Money]] = (None, NOTHING)
    for before, entry, became in steps:
        stood = known[1] if before is known[0] else balances(before) if before else NOTHING
        stands = balances(became)
        known = (became, stands)
        rows += [
            {
                "claim_id": became.report.claim_id,
                "seq": line.seq,
                "line": line.line,
                "account": line.account,
                "amount": line.amount,
                "day": policy_day(entry.at),
            }
            for line in lines_between(entry.seq, stood, stands)
        ]
    return rows


def lines_of(connection: Connection, claim_id: ClaimId) -> Sequence[Row[Any]]:
    """A claim's journal in order, each line with the type and the moment of its event."""
    lines, events = tables.ledger_entries, tables.events
    is_its = (events.c.claim_id == lines.c.claim_id) & (events.c.seq == lines.c.seq)
    return connection.execute(
        select(lines, events.c.type, events.c.at)
        .join(events, is_its)
        .where(lines.c.claim_id == claim_id)
        .order_by(lines.c.seq, lines.c.line)
    ).all()


def entries(connection: Connection, claim_id: ClaimId) -> tuple[LedgerEntry, ...]:
    """A claim's journal as the domain speaks of it."""
    lines = tables.ledger_entries
    rows = connection.execute(
        select(lines).where(lines.c.claim_id == claim_id).order_by(lines.c.seq, lines.c.line)
    )
    return tuple(LedgerEntry(row.seq, row.line, LedgerAccount(row.account), row.amount) for row in rows)


def balance(connection: Connection, by: BalanceBy, *, only_county: str | None = None) -> Sequence[Row[Any]]:
    """Sums by account, and by county or day: rows of ``part`` (None for the whole), ``account`` and ``amount``.

    ``only_county``: no less than what is seen of one county; said again, it leads straight to the index by county.
    """
    lines, claims = tables.ledger_entries, tables.claims
    amount = func.sum(lines.c.amount, type_=lines.c.amount.type).label("amount")
    part: ColumnElement[Any] = {
        BalanceBy.ACCOUNT: null(),
        BalanceBy.COUNTY: claims.c.county,
        BalanceBy.DAY: lines.c.day,
    }[by]
    statement: Select[Any] = select(part.label("part"), lines.c.account, amount)
    if only_county or by is BalanceBy.COUNTY:
        statement = statement.join(claims, claims.c.id == lines.c.claim_id)
    if only_county:
        statement = statement.where(claims.c.county == only_county)
    if by is BalanceBy.ACCOUNT:
        return connection.execute(statement.group_by(lines.c.account)).all()
    return connection.execute(statement.group_by(part, lines.c.account).order_by(part)).all()


def total(connection: Connection) -> Money:
    """All lines added up: nothing, or the ledger is broken."""
    found: Money | None = connection.scalar(
        select(func.sum(tables.ledger_entries.c.amount, type_=tables.ledger_entries.c.amount.type))
    )
    return found or ZERO
