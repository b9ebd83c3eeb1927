"""Rows of what farmers have beside their claims: sessions, links, payee requests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row

from backend.domain.personal.masks import masked_name
from backend.store.payee_requests import payee_of

Document = dict[str, object]


def session_rows(rows: Sequence[Row[Any]], own: UUID) -> list[Document]:
    """A farmer's sessions; ``here`` is the one that asks."""
    return [
        {
            "session": str(row.id),
            "way": row.way,
            "device": row.device,
            "since": row.opened_at.isoformat(),
            "last_used": row.last_used_at.isoformat(),
            "here": row.id == own,
        }
        for row in rows
    ]


def link_rows(rows: Sequence[Row[Any]], now: datetime) -> list[Document]:
    """A claim's links; their tokens are with whoever was given them."""
    return [
        {
            "link": str(row.id),
            "made_by": row.made_by,
            "made_at": row.made_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            "ended_by": row.ended_by,
            "reads": row.ended_at is None and row.ends_at > now,
        }
        for row in rows
    ]


def payee_request_rows(connection: Connection, rows: Sequence[Row[Any]]) -> list[Document]:
    """What was asked for, the name by its first letter and the account by its last four digits."""
    return [
        {
            "request": str(row.id),
            "policy_number": row.policy_number,
            "payee": masked_name(payee_of(connection, row).name),
            "account_last4": payee_of(connection, row).account_last4,
            "asked_at": row.asked_at.isoformat(),
            "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
            "proposal": str(row.proposal_id) if row.proposal_id else None,
        }
        for row in rows
    ]
