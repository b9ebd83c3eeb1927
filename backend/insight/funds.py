"""The insurer's money in one reading: what waits and why, payouts by state, what is set aside, and the ledger's sums.

One query behind page, ``flashclaim stats money`` and the API; what stands above all payouts comes from ``money``.
"""

from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, func, select

from backend.domain.authority.sight import Sight
from backend.domain.money import ZERO, Money
from backend.domain.spending import DayLimit
from backend.domain.words import LedgerAccount, PayoutState, State
from backend.insight import money
from backend.store import ledger, tables
from backend.store.claims import OPEN
from backend.store.ledger import BalanceBy

Document = dict[str, object]


def funds(
    connection: Connection,
    limit: DayLimit | None,
    used: Money,
    bank: str,
    sight: Sight,
    now: datetime,
    *,
    most: int = 20,
) -> Document:
    """Everything that the money page shows but for single payouts; sums are decimal strings in CNY.

    Args:
        connection: Sees what *sight* sees.
        limit: The day's limit; None where there is none.
        used: What the day has taken of it, in all counties.
        bank: How money leaves: ``gateway`` or ``file``.
        sight: What the reader sees.
        now: Stands in the answer.
        most: Claims that wait are named up to so many, and counted all.
    """
    return {
        "as_of": now.isoformat(),
        "currency": "CNY",
        "status": money.status(connection, limit, used, bank, most, sight),
        "payouts": _payouts(connection, sight.only_county),
        "reserve": _reserve(connection),
        "ledger": _ledger(connection, sight.only_county),
    }


def _ledger(connection: Connection, only_county: str | None) -> Document:
    """Sums by account; ``sum`` is 0.00, or the ledger is broken."""
    rows = ledger.balance(connection, BalanceBy.ACCOUNT, only_county=only_county)
    sums = dict.fromkeys(LedgerAccount, ZERO) | {LedgerAccount(row.account): row.amount for row in rows}
    total = Money.total(sums.values())
    balances = {account.value: str(amount) for account, amount in sums.items()}
    return {"balances": balances, "sum": str(total), "balanced": total == ZERO}


def _payouts(connection: Connection, only_county: str | None) -> list[Document]:
    payouts, claims = tables.payouts, tables.claims
    statement = select(
        payouts.c.state,
        func.count().label("payouts"),
        func.sum(payouts.c.amount, type_=payouts.c.amount.type).label("amount"),
    ).group_by(payouts.c.state)
    if only_county:
        # Said again, it leads straight to the index by county.
        of_claim = claims.c.id == payouts.c.claim_id
        statement = statement.join(claims, of_claim).where(claims.c.county == only_county)
    found = {PayoutState(row.state): row for row in connection.execute(statement)}
    return [
        {
            "state": state,
            "payouts": int(found[state].payouts) if state in found else 0,
            "amount": str(found[state].amount or ZERO) if state in found else str(ZERO),
        }
        for state in PayoutState
    ]


def _reserve(connection: Connection) -> Document:
    """未决赔款准备金: what open claims were assessed at and nobody owes yet, by the claim's state, from the ledger."""
    lines, claims = tables.ledger_entries, tables.claims
    rows: Any = connection.execute(
        select(
            claims.c.state,
            func.count(claims.c.id.distinct()).label("claims"),
            func.sum(lines.c.amount, type_=lines.c.amount.type).label("amount"),
        )
        .join(lines, lines.c.claim_id == claims.c.id)
        .where(claims.c.state.in_(OPEN), lines.c.account == LedgerAccount.RESERVE)
        .group_by(claims.c.state)
    )
    kept = {State(row.state): row for row in rows if row.amount}
    parts: list[Document] = [
        {"state": state, "claims": int(kept[state].claims), "amount": str(ZERO - kept[state].amount)}
        for state in OPEN
        if state in kept
    ]
    return {
        "amount": str(ZERO - Money.total(row.amount for row in kept.values())),
        "claims": sum(int(row.claims) for row in kept.values()),
        "by_state": parts,
    }
