"""Webhooks as their administrators read them, and the feed as other systems do."""

from collections.abc import Sequence
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Row

from backend.domain.feed.cloud_event import cloud_event
from backend.domain.webhooks.endpoint import Endpoint
from backend.store.feed import Page

Document = dict[str, object]


def endpoint_document(endpoint: Endpoint) -> Document:
    """An endpoint without what is secret."""
    return {
        "id": str(endpoint.id),
        "url": endpoint.url,
        "types": list(endpoint.types),
        "county": endpoint.county,
        "standing": endpoint.standing.value,
        "failing_since": endpoint.failing_since and endpoint.failing_since.isoformat(),
        "disabled_at": endpoint.disabled_at and endpoint.disabled_at.isoformat(),
        "disabled_because": endpoint.disabled_because,
    }


def listed_document(endpoint: Endpoint, row: Row[Any], size: int) -> Document:
    """An endpoint in a list: who added it, how much is on the way, and how much of the log is yet to be put there."""
    return endpoint_document(endpoint) | {
        "added_by": row.added_by,
        "added_at": row.added_at.isoformat(),
        "waiting": row.waiting,
        "behind": max(0, size - endpoint.next_place),
    }


def delivery_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """What was sent, the newest first."""
    return [
        {
            "id": str(row.id),
            "event_id": row.event_id,
            "event": row.event_type,
            "claim_number": row.number,
            "cursor": f"{row.place}-{row.event_id[:12]}",
            "standing": _standing(row),
            "attempts": row.attempts,
            "status": row.status,
            "failure": row.failure,
            "took_ms": row.took_ms,
            "put_at": row.put_at.isoformat(),
            "tried_at": row.tried_at and row.tried_at.isoformat(),
            "ended_at": row.ended_at and row.ended_at.isoformat(),
        }
        for row in rows
    ]


def feed_document(page: Page, source: str) -> Document:
    """A page of the feed; ``next`` is what to ask after the next time, also where nothing came."""
    return {
        "events": [cloud_event(change, source) for change in page.changes],
        "next": None if page.cursor is None else str(page.cursor),
        "more": page.more,
    }


def _standing(row: Row[Any]) -> str:
    if row.ended_at is None:
        return "waiting" if row.attempts == 0 else "failing"
    return "delivered" if row.failure is None else "given up"
