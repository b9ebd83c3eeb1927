"""What an event says to other systems: an insurer's core system books and files by it, and learns of no person.

A table of fields, not the event itself: a field that is added to an event stays at home until somebody lets it out.
Words that people wrote, names, accounts, phones, positions, ear tags and officers are left out
(``docs/personal-data.md``).
"""

from collections.abc import Mapping

from backend.domain import events as e
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.duties.events import HolderNudged, LaneAssigned, LaneDelegated, OfficerRecused
from backend.domain.flags.events import FlagJudged
from backend.domain.money import Money
from backend.domain.plain import plain
from backend.domain.ratings.events import ClaimRated
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.visits.events import VisitEnded, VisitStarted

_CLOCK = ("clock", "due_at", "held_by")
FIELDS: Mapping[type[e.Event], tuple[str, ...]] = {
    e.ClaimReported: ("product", "species", "heads", "cause", "occurred_at", "due_at", "accept_in_advance"),
    e.PhotoReceived: ("photo_id", "bytes"),
    e.PhotoChecked: ("photo_id",),
    e.EvidenceRequested: (),
    e.EvidenceAdded: (),
    e.ClaimTriaged: ("path", "rule_version"),
    e.ClaimAssessed: ("heads", "receipt_number"),
    e.LaneDecided: (
        *("lane", "decision", "organisation", "reason_code", "on_behalf_of", "basis"),
        *("evidence_hash", "offer_hash"),
    ),
    e.OfferAccepted: ("offer_hash", "method"),
    e.HandoverRecorded: ("receipt_number", "heads", "weight_kg", "handed_over_at"),
    e.CertificateIssued: ("certificate_number", "heads"),
    e.PhotoLabelled: ("photo_id",),
    e.ConsentGiven: (),
    e.ConsentWithdrawn: (),
    e.HoldPlaced: ("kind",),
    e.HoldReleased: ("kind",),
    e.ClaimWithdrawn: (),
    e.PayoutStarted: ("payout_no", "payout_id", "amount", "bank_file", "heads_paid"),
    e.PayoutAccepted: ("payout_id", "bank_reference"),
    e.PayoutUnanswered: ("payout_id",),
    e.PayoutConfirmed: ("payout_id", "bank_reference"),
    e.PayoutFailed: ("payout_id",),
    e.PayoutReturned: ("payout_id", "bank_reference"),
    e.PayoutRetried: ("payout_id",),
    DeadlineAtRisk: _CLOCK,
    DeadlineBreached: _CLOCK,
    ClaimEscalated: (*_CLOCK, "level", "percent"),
    OfficerRecused: (),
    LaneDelegated: ("lane", "on_behalf_of", "to"),
    LaneAssigned: ("lane",),
    HolderNudged: ("held_by",),
    FlagJudged: ("state",),
    ClaimRated: ("scores", "recommend"),
    TicketOpened: ("no", "about", "recommend", "due_at"),
    TicketAssigned: ("no",),
    TicketClosed: ("no",),
    VisitStarted: ("kind", "expected_at", "expected_from"),
    VisitEnded: ("visit", "kind", "how"),
}
"""Of every event; a test says that none is missing."""


def facts_of(event: e.Event) -> dict[str, object]:
    """The event's own facts that leave the house, as plain JSON; money as a decimal string in CNY."""
    return {name: _said(getattr(event, name)) for name in FIELDS[type(event)]}


def _said(value: object) -> object:
    return str(value) if isinstance(value, Money) else plain(value)
