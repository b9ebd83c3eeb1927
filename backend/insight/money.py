"""Money as people and scripts read it: the switch and the day, the ledger."""

from collections.abc import Mapping
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row

from backend.domain.authority.sight import Sight
from backend.domain.ids import ClaimId
from backend.domain.money import ZERO, Money
from backend.domain.spending import DayLimit, PaymentStop
from backend.domain.words import LedgerAccount, State
from backend.store import bank_files, ledger, payment_gate, payouts
from backend.store.ledger import BalanceBy

Document = dict[str, object]
_SHOWN_TURNS = 20
_SHOWN_FILES = 20


def status(
    connection: Connection, limit: DayLimit | None, used: Money, bank: str, most: int, sight: Sight
) -> Document:
    """What keeps payouts back, what the day has taken, and which claims that are seen wait, at most *most* of them."""
    stop = payment_gate.standing(connection)
    count, total = payouts.waiting_total(connection, sight)
    return {
        "stopped": stop and _stop(stop),
        "bank": bank,
        "day": {
            "limit": str(limit.most) if limit else None,
            "used": str(used),
            "left": str(limit.left) if limit else None,
            "currency": "CNY",
        },
        "waiting": {
            "count": count,
            "amount": str(total),
            "claims": [_waiting(row, stop, limit, bank) for row in payouts.waiting(connection, most, sight)],
        },
        "turns": [
            {
                "stopped": row.stopped,
                "by": row.by,
                "organisation": row.organisation,
                "at": row.at.isoformat(),
                "reason": row.reason,
            }
            for row in payment_gate.turns(connection, _SHOWN_TURNS)
        ],
        "files": [file_row(row) for row in bank_files.listed(connection, _SHOWN_FILES, sight)],
    }


def file_row(row: Any) -> Document:
    """A payment file without its content."""
    return {
        "message_id": row.message_id,
        "made_at": row.made_at.isoformat(),
        "made_by": row.made_by,
        "payouts": row.payouts,
        "amount": str(row.amount),
    }


def journal(connection: Connection, claim_id: ClaimId, number: str) -> Document:
    """One claim's ledger, line by line, and what stands on its accounts."""
    rows = ledger.lines_of(connection, claim_id)
    sums = dict.fromkeys(LedgerAccount, ZERO)
    for row in rows:
        sums[LedgerAccount(row.account)] += row.amount
    return {
        "number": number,
        "id": str(claim_id),
        "currency": "CNY",
        "entries": [
            {
                "seq": row.seq,
                "line": row.line,
                "at": row.at.isoformat(),
                "event": row.type,
                "account": row.account,
                "amount": str(row.amount),
            }
            for row in rows
        ],
        "balances": {account.value: str(amount) for account, amount in sums.items()},
        "sum": str(Money.total(sums.values())),
    }


def balance(connection: Connection, by: BalanceBy) -> Document:
    """The whole ledger's sums; ``sum`` is 0.00, or the ledger is broken."""
    parts: dict[str | None, dict[LedgerAccount, Money]] = {}
    for row in ledger.balance(connection, by):
        name = None if row.part is None else str(row.part)
        parts.setdefault(name, dict.fromkeys(LedgerAccount, ZERO))[LedgerAccount(row.account)] = row.amount
    whole = {one: Money.total(part[one] for part in parts.values()) for one in LedgerAccount}
    total = ledger.total(connection)
    return {
        "by": by,
        "currency": "CNY",
        "rows": [] if by is BalanceBy.ACCOUNT else [_part(name, sums) for name, sums in parts.items()],
        "balances": _amounts(whole),
        "sum": str(total),
        "balanced": total == ZERO,
    }


def _stop(stop: PaymentStop) -> Document:
    return {"by": stop.by, "at": stop.at.isoformat(), "reason": stop.reason}


def _waiting(row: Row[Any], stop: PaymentStop | None, limit: DayLimit | None, bank: str) -> Document:
    return {
        "number": row.number,
        "id": str(row.id),
        "amount": str(row.amount),
        "due_at": row.due_at.isoformat(),
        "waits_for": _waits_for(row, stop, limit, bank),
    }


def _waits_for(row: Row[Any], stop: PaymentStop | None, limit: DayLimit | None, bank: str) -> str:
    """What comes first of what keeps a payout back; ``higher_limit`` where the sum alone is above the day's."""
    if stop:
        return "resume"
    if row.most is not None and row.paid_before + row.committed + row.amount > row.most:
        return "programme_limit"
    if limit and row.amount > limit.most:
        return "higher_limit"
    if limit and not limit.allows(row.amount):
        return "next_day"
    return "file" if bank == "file" and row.state == State.PAYABLE else "soon"


def _part(name: str | None, sums: Mapping[LedgerAccount, Money]) -> Document:
    return {"name": name, "balances": _amounts(sums), "sum": str(Money.total(sums.values()))}


def _amounts(sums: Mapping[LedgerAccount, Money]) -> dict[str, str]:
    return {account.value: str(sums[account]) for account in LedgerAccount}
