"""Rows about officers: who they are, where they are signed in, their keys, and what was done about both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, select

from backend.domain.events import CertificateIssued, HandoverRecorded, LaneDecided
from backend.domain.officer_keys.key import OfficerKey, fingerprint
from backend.domain.parties import Officer
from backend.store import tables

Document = dict[str, object]
_SIGNED = (LaneDecided.type, HandoverRecorded.type, CertificateIssued.type)
_MOST = 500


def officer_row(officer: Officer) -> Document:
    """An officer as they are told who they are."""
    return {
        "id": officer.id,
        "name": officer.name,
        "organisation": officer.organisation,
        "lane": officer.lane,
        "is_administrator": officer.is_administrator,
        "is_regulator": officer.is_regulator,
        "is_agent": officer.is_agent,
    }


def roster_rows(rows: Sequence[Row[Any]], at: datetime) -> list[Document]:
    """Everyone of an organisation."""
    return [
        {
            "id": row.id,
            "name": row.name,
            "is_administrator": bool(row.is_administrator),
            "is_agent": bool(row.is_agent),
            "suspended_at": _said(row.suspended_at),
            "is_suspended": row.suspended_at is not None and row.suspended_at <= at,
        }
        for row in rows
    ]


def session_rows(rows: Sequence[Row[Any]], here: UUID | None) -> list[Document]:
    """Open sessions; ``here`` is the one that asks."""
    return [
        {
            "id": str(row.id),
            "device": row.device,
            "opened_at": row.opened_at.isoformat(),
            "seen_at": row.seen_at.isoformat(),
            "idle_until": row.idle_until.isoformat(),
            "expires_at": row.expires_at.isoformat(),
            "here": row.id == here,
            "page": row.opened_from is not None,
        }
        for row in rows
    ]


def key_row(key: OfficerKey, at: datetime) -> Document:
    """A key, how it stands, and what two people read to each other."""
    return {
        "key_id": key.id,
        "officer": key.officer,
        "fingerprint": fingerprint(key.id),
        "standing": key.standing(at),
        "registered_at": key.registered_at.isoformat(),
        "approved_at": _said(key.approved_at),
        "refused_at": _said(key.refused_at),
        "revoked_at": _said(key.revoked_at),
        "revocation": key.revocation,
    }


def key_rows(keys: Sequence[OfficerKey], at: datetime) -> list[Document]:
    """Keys for a list."""
    return [key_row(key, at) for key in keys]


def event_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """What was done about people and keys; ``organisation`` None is the server's shell."""
    return [
        {
            "at": row.at.isoformat(),
            "deed": row.deed,
            "officer": row.officer_id,
            "name": row.name,
            "key_id": row.key_id,
            "by": row.by,
            "organisation": row.organisation,
            "counts_from": row.counts_from.isoformat(),
            "reason": row.reason,
            "signed_with": row.signed_with,
            "signature": row.signature,
        }
        for row in rows
    ]


def invitation_rows(rows: Sequence[Row[Any]], at: datetime) -> list[Document]:
    """Invitations, and how each stands."""
    return [
        {
            "id": str(row.id),
            "officer": row.officer_id,
            "name": row.name,
            "standing": _invitation(row, at),
            "invited_by": row.invited_by,
            "invited_at": row.invited_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
        }
        for row in rows
    ]


def signed_since(connection: Connection, key: OfficerKey) -> list[Document]:
    """What was signed with a key from the time on that it is revoked from, the oldest first; nothing for a good key.

    Nothing is void by that: a person looks at each.
    """
    if key.revoked_at is None:
        return []
    events, claims = tables.events, tables.claims
    rows = connection.execute(
        select(claims.c.number, claims.c.state, events.c.type, events.c.seq, events.c.at)
        .join(claims, claims.c.id == events.c.claim_id)
        .where(
            events.c.at >= key.revoked_at,
            events.c.actor == key.officer,
            events.c.type.in_(_SIGNED),
            # Canonical JSON has one way to write it, and an id is hexadecimal.
            events.c.payload.contains(f'"key_id":"{key.id}"', autoescape=True),
        )
        .order_by(events.c.at, events.c.id)
        .limit(_MOST)
    )
    return [
        {
            "claim_number": row.number,
            "state": row.state,
            "seq": row.seq,
            "what": row.type,
            "at": row.at.isoformat(),
        }
        for row in rows
    ]


def _invitation(row: Row[Any], at: datetime) -> str:
    if row.used_at is not None:
        return "used"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "over" if row.expires_at <= at else "waits"


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
