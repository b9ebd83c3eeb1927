"""Paid claims for an insurer's core system, one or a page of them, in the order in which the money arrived."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from backend.domain.core_import import core_document
from backend.domain.export_problems import NotPaid
from backend.domain.ids import ClaimId
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import PayoutState
from backend.store import events, payouts

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Paid:
    """Which claims: paid from *since* on, before *until*, in *county*; ``after`` is where the last page ended."""

    county: str
    since: datetime
    until: datetime | None = None
    after: str | None = None
    most: int = 200


def paid_claim(connection: Connection, claim_id: ClaimId) -> Document:
    """One claim's document.

    Raises:
        NotPaid: Its money is not there, or no longer.
        NotFound: No such claim.
    """
    claim = events.load(connection, claim_id)
    payout = claim.payout
    if payout is None or payout.state is not PayoutState.CONFIRMED:
        raise NotPaid(f"{claim.report.number} is {claim.state}")
    return core_document(claim, payout)


def paid_claims(connection: Connection, wanted: Paid) -> tuple[list[Document], str | None]:
    """A page of documents, and the cursor for the next one; None after the last.

    Raises:
        InvalidInput: A cursor that no page gave.
    """
    rows = payouts.confirmed(
        connection, wanted.county, wanted.since, wanted.until, _after(wanted.after), wanted.most
    )
    documents = [paid_claim(connection, ClaimId(row.claim_id)) for row in rows]
    last = rows[-1] if len(rows) == wanted.most else None
    return documents, last and f"{last.confirmed_at.isoformat()}~{last.claim_id}"


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    at, _, claim = cursor.partition("~")
    try:
        moment, found = datetime.fromisoformat(at), UUID(claim)
    except ValueError:
        moment, found = None, None
    if moment is None or found is None or moment.utcoffset() is None:
        error = FieldError("/after", "give the page's next as it is")
        raise InvalidInput("the cursor cannot be used", errors=[error])
    return moment, found
