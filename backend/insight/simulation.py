"""A draft of a product over past claims: who would get more, who less. Nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from backend.domain.decisions.offering import quote_for
from backend.domain.events import ClaimAssessed, ClaimReported, ClaimTriaged, Event
from backend.domain.indemnity.product import Product
from backend.domain.indemnity.quote import Quote
from backend.domain.money import Money
from backend.domain.offer import Offer
from backend.domain.policy import Animal
from backend.domain.words import State
from backend.store import tables
from backend.store.codec import decode_event

Document = dict[str, object]

MOST_LISTED = 1_000
"""Claims that an answer lists, those that change most first; it counts all of them."""

_TYPES = (ClaimReported.type, ClaimTriaged.type, ClaimAssessed.type)
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Simulated:
    """One claim's sum as it was offered and as the draft would have it."""

    number: str
    before: Money
    after: Money
    heads_before: int
    heads_after: int
    is_paid: bool

    @property
    def difference(self) -> int:
        """In fen; positive where the farmer would get more."""
        return self.after.fen - self.before.fen

    def as_json(self) -> Document:
        """Amounts as decimal strings; the difference with its sign."""
        return {
            "number": self.number,
            "before": str(self.before),
            "after": str(self.after),
            "difference": _signed(self.difference),
            "heads_before": self.heads_before,
            "heads_after": self.heads_after,
            "paid": self.is_paid,
        }


def simulate(connection: Connection, draft: Product, since: datetime | None, county: str) -> Document:
    """Compute every offer of the draft's product again under the draft, from what the events hold.

    Args:
        connection: Of a read.
        draft: Its name says which claims; its dates do not count here.
        since: Only claims reported from then on.
        county: Only its claims.

    Returns:
        Totals over all claims, and a line for each that changes, the largest change first. Left out and counted:
        claims without a complete offer, and those whose offer was recorded before its basis was kept.
    """
    found: list[Simulated] = []
    left_out = {"no_complete_offer": 0, "basis_not_recorded": 0}
    for number, is_paid, events in _histories(connection, draft.name, since, county):
        report = events[0]
        if not isinstance(report, ClaimReported):
            raise TypeError(f"{number} does not begin with a report")
        offer, animals = _offered(report, events)
        if offer is None or not offer.complete:
            left_out["no_complete_offer"] += 1
        elif offer.basis is None:
            left_out["basis_not_recorded"] += 1
        else:
            quote = quote_for(draft, offer.basis, report.species, offer.heads, animals)
            found.append(_compared(number, offer, quote, is_paid=is_paid))
    changing = sorted((one for one in found if one.difference), key=lambda one: -abs(one.difference))
    return {
        "draft": draft.label,
        "claims": len(found),
        "more": _sums([one for one in found if one.difference > 0]),
        "less": _sums([one for one in found if one.difference < 0]),
        "unchanged": _sums([one for one in found if not one.difference]),
        "total": _sums(found),
        "left_out": left_out,
        "lines": [one.as_json() for one in changing[:MOST_LISTED]],
        "lines_total": len(changing),
        "currency": "CNY",
    }


def _compared(number: str, offer: Offer, quote: Quote, *, is_paid: bool) -> Simulated:
    return Simulated(
        number=number,
        before=offer.amount,
        after=quote.payable,
        heads_before=offer.heads_payable,
        heads_after=quote.heads_payable,
        is_paid=is_paid,
    )


def _offered(report: ClaimReported, events: Sequence[Event]) -> tuple[Offer | None, tuple[Animal, ...]]:
    """The offer that stands, and the animals behind it."""
    offer: Offer | None = None
    animals = report.animals
    for event in events:
        match event:
            case ClaimAssessed():
                animals, offer = event.animals, event.offer
            case ClaimTriaged():
                offer = event.offer
    return offer, animals


def _histories(
    connection: Connection, name: str, since: datetime | None, county: str
) -> Iterator[tuple[str, bool, list[Event]]]:
    claims, events = tables.claims.c, tables.events.c
    wanted = (
        select(claims.id, claims.number, claims.paid_at, events.type, events.payload)
        .join_from(tables.claims, tables.events, events.claim_id == claims.id)
        .where(
            claims.product.like(f"{name}@%"),
            claims.county == county,
            claims.state.not_in((State.REJECTED, State.WITHDRAWN)),
            events.type.in_(_TYPES),
        )
        .order_by(claims.number, events.seq)
    )
    if since is not None:
        wanted = wanted.where(claims.reported_at >= since)
    rows = connection.execute(wanted, execution_options={"yield_per": _AT_ONCE})
    for _, group in groupby(rows, key=lambda row: row.id):
        some = list(group)
        is_paid = some[0].paid_at is not None
        yield some[0].number, is_paid, [decode_event(row.type, row.payload) for row in some]


def _sums(claims: Sequence[Simulated]) -> Document:
    before, after = (Money.total(amounts) for amounts in _columns(claims))
    return {
        "claims": len(claims),
        "before": str(before),
        "after": str(after),
        "difference": _signed(after.fen - before.fen),
        "heads_before": sum(one.heads_before for one in claims),
        "heads_after": sum(one.heads_after for one in claims),
    }


def _columns(claims: Sequence[Simulated]) -> tuple[list[Money], list[Money]]:
    return [one.before for one in claims], [one.after for one in claims]


def _signed(fen: int) -> str:
    return f"-{Money(-fen)}" if fen < 0 else str(Money(fen))
