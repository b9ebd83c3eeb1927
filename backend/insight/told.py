"""What people were told about a claim: ``claim notices``, and the farmer's messages beside the timeline."""

from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row

from backend.domain.ids import ClaimId
from backend.store import notices

Document = dict[str, object]


def notices_document(connection: Connection, claim_id: ClaimId, *, everyone: bool) -> list[Document]:
    """Every message to the farmer, or to *everyone*, with channel, attempts and arrival; codes are hidden."""
    return [
        {
            "id": str(row.id),
            "at": row.tried_at.isoformat(),
            "to": row.audience,
            "channel": row.channel,
            "language": row.language,
            "text": row.text,
            "state": notices.arrival(row),
            "attempts": row.attempts,
            "seq": row.seq,
        }
        for row in notices.of_claim(connection, claim_id, everyone=everyone)
    ]


def notices_told(connection: Connection, claim_id: ClaimId) -> list[Document]:
    """What reached the farmer of the claim's events, each once: the same over two channels is one message."""
    told: dict[object, Row[Any]] = {}
    for row in notices.of_claim(connection, claim_id):
        # Rows of former versions name no event; a code is no event.
        is_event = row.seq is not None or row.language is None
        if is_event and notices.arrival(row) is notices.Arrival.SENT:
            told.setdefault(row.id if row.seq is None else row.seq, row)
    return [{"at": row.sent_at.isoformat(), "text": row.text} for row in told.values()]
