"""Ratings and service tickets as people and scripts read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Row

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import ClockName
from backend.domain.tickets.place import TicketPlace
from backend.domain.tickets.ticket import Ticket, ticket_name
from backend.texts.load import Language, Table, sentence

Document = dict[str, object]


def rating_document(claim: Claim) -> Document | None:
    """What was said of one claim; None where nobody rated it."""
    voice = claim.voice
    if voice.last_at is None:
        return None
    return {
        "scores": voice.figures,
        "recommend": voice.recommend.figure if voice.recommend else None,
        "words": voice.words,
        "at": voice.last_at.isoformat(),
        "tickets": [ticket_name(claim.report.number, one.no) for one in claim.tickets],
    }


def ticket_document(claim: Claim, ticket: Ticket, now: datetime, language: Language) -> Document:
    """``ticket show``: what it is about, whose it is, who was told that it is late, and how it ended."""
    closing, opened = ticket.closing, ticket.opened
    told = [
        {"level": one.level, "percent": one.percent, "told": list(one.told)}
        for one in claim.escalations
        if one.clock is ClockName.TICKET and one.due_at == opened.due_at
    ]
    return {
        "ticket": ticket_name(claim.report.number, ticket.no),
        "claim": claim.report.number,
        "county": claim.report.policy.county,
        "state": "open" if ticket.is_open else "closed",
        "about": [stage.value for stage in opened.about],
        "rating": rating_document(claim),
        "recommend": opened.recommend,
        "owner": ticket.owner,
        "opened_at": ticket.opened_at.isoformat(),
        "due_at": opened.due_at.isoformat() if opened.due_at else None,
        "late": ticket.is_late(now),
        "escalated": told,
        "closed_at": closing.at.isoformat() if closing else None,
        "closed_by": closing.by.id if closing else None,
        "reason": closing.closed.reason if closing else None,
        "words": closing.closed.words if closing else None,
        "text": None if closing is None else _told(closing.closed.reason, closing.closed.words, language),
    }


def ticket_page(rows: Sequence[Row[Any]], most: int, now: datetime) -> Document:
    """``ticket list``: a row each; ``next`` is the cursor for the page after, None where all were listed."""
    last = rows[-1] if len(rows) == most else None
    following = None if last is None else str(TicketPlace(last.due_at, last.number, last.no))
    return {"as_of": now.isoformat(), "tickets": _rows(rows, now), "next": following}


def _rows(rows: Sequence[Row[Any]], now: datetime) -> list[Document]:
    return [
        {
            "ticket": ticket_name(row.number, row.no),
            "claim": row.number,
            "county": row.county,
            "state": "closed" if row.closed_at else "open",
            "owner": row.owner,
            "opened_at": row.opened_at.isoformat(),
            "due_at": row.due_at.isoformat() if row.due_at else None,
            "late": row.due_at is not None and (row.closed_at or now) > row.due_at,
            "closed_at": row.closed_at.isoformat() if row.closed_at else None,
            "reason": row.reason,
        }
        for row in rows
    ]


def _told(reason: str, words: str, language: Language) -> str:
    return sentence(language, Table.EVENT, "ticket-closed", reason=reason, words=words)
