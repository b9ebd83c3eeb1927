"""Rows of lists: claims, queues, payouts, effects."""

from collections.abc import Sequence
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row

from backend.domain.parties import Payee
from backend.domain.personal.masks import masked, masked_name
from backend.domain.words import Lane
from backend.store import claims
from backend.store.imports import Change

Document = dict[str, object]


def claim_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """Claims for a list or a queue."""
    return [
        {
            "number": row.number,
            "id": str(row.id),
            "state": row.state,
            "path": row.path,
            "policy_number": row.policy_number,
            "farm_id": row.farm_id,
            "species": row.species,
            "heads": row.heads,
            "amount": None if row.amount is None else str(row.amount),
            "lanes": {lane.value: getattr(row, lane.value) for lane in Lane},
            "reported_at": row.reported_at.isoformat(),
            "due_at": row.due_at.isoformat(),
            "paid_at": row.paid_at.isoformat() if row.paid_at else None,
            "version": row.version,
            "receipt_differs": row.receipt_differs,
        }
        for row in rows
    ]


def claim_page(connection: Connection, wanted: claims.Wanted) -> Document:
    """A page of claims, newest first; ``next`` is the cursor for the page after."""
    rows = claim_rows(claims.listed(connection, wanted))
    return {"claims": rows, "next": rows[-1]["number"] if len(rows) == wanted.most else None}


def lane_queue(connection: Connection, lane: Lane, most: int) -> Document:
    """What waits for a lane: how many, and the most urgent of them."""
    return {
        "lane": lane,
        "waiting": claims.queue_length(connection, lane),
        "claims": claim_rows(claims.queue(connection, lane, most)),
    }


def payout_rows(rows: Sequence[tuple[Row[Any], Payee]]) -> list[Document]:
    """Payouts for a list; payees masked."""
    return [
        {
            "id": str(row.id),
            "claim_number": row.number,
            "claim_id": str(row.claim_id),
            "no": row.no,
            "amount": str(row.amount),
            "state": row.state,
            "payee": masked_name(payee.name),
            "account_last4": payee.account_last4,
            "reference": row.bank_reference,
            "reason": row.reason,
            "started_at": row.started_at.isoformat(),
            "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
            "returned_at": row.returned_at.isoformat() if row.returned_at else None,
            "bank_file": row.bank_file,
        }
        for row, payee in rows
    ]


def effect_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """Effects for an operator."""
    return [
        {
            "id": str(row.id),
            "claim_number": row.number,
            "kind": row.kind,
            "state": row.state,
            "due_at": row.due_at.isoformat(),
            "failures": row.failures,
            "last_error": row.last_error,
            "leased_by": row.leased_by,
        }
        for row in rows
    ]


def import_row(row: Row[Any]) -> dict[str, object]:
    """One import; ``officer`` is None for whoever ran the server."""
    return {
        "id": str(row.id),
        "register": row.register,
        "at": row.at.isoformat(),
        "officer": row.officer_id,
        "officer_name": row.officer_name,
        "file": row.file_name,
        "sha256": row.file_sha256,
        "rows": row.rows_read,
        "new": row.rows_new,
        "changed": row.rows_changed,
        "same": row.rows_same,
        "refused_rows": row.rows_refused,
    }


def change_row(place: int, change: Change) -> dict[str, object]:
    """One value that an import changed; what is personal in it masked."""
    before, after = (masked(change.field, value) for value in (change.before, change.after))
    return {"place": place, "key": change.key, "field": change.field, "before": before, "after": after}
