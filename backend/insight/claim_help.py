"""What a farmer asks of a claim 帮助: where it is, what is missing, who can be called, and how to appeal."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, OfficerId
from backend.domain.notices.steps import Promises, next_step
from backend.domain.stages import stage_of
from backend.domain.words import Lane
from backend.store import events, people
from backend.texts.load import Language, Table, sentence
from backend.texts.notices import step_text

Document = dict[str, object]
_DISPOSAL = "disposal"
_OFFICES: dict[str, Lane | None] = {**{lane.value: lane for lane in Lane}, _DISPOSAL: None}
"""Who holds a claim and is an office of its county; farmer, machine and bank are none."""


def help_document(
    connection: Connection,
    claim_id: ClaimId,
    *,
    promises: Promises,
    phone: str,
    language: Language,
    now: datetime,
) -> Document:
    """Answers made of facts, for the phone's help page and its claim screen.

    *phone* is the one that farmers may call, empty where nobody said. Seen from *now*: "next at 08:00" is said while
    the office is closed.

    Raises:
        NotFound: No such claim.
    """
    claim = events.load(connection, claim_id)
    comes = next_step(claim, now, promises)
    return {
        "number": claim.report.number,
        "id": str(claim_id),
        "state": claim.state,
        "as_of": now.isoformat(),
        "next": {
            "step": comes.step,
            "text": step_text(language, comes, now),
            "by": comes.when.at.isoformat() if comes.when and not comes.when.is_opening else None,
            "opens_at": comes.when.at.isoformat() if comes.when and comes.when.is_opening else None,
        },
        "holders": list(_holders(connection, claim)),
        "phone": phone or None,
        "missing": list(_missing(claim)),
        "rejection": _rejection(connection, claim),
        "appeal": sentence(language, Table.NEXT, "object"),
    }


def _holders(connection: Connection, claim: Claim) -> Iterator[Document]:
    """Who has it now, by the names of their offices, and of a person where one was named."""
    held = stage_of(claim)
    for holder in held[1].split("+") if held else ():
        is_office = holder in _OFFICES
        named = people.officer(connection, claim.assigned) if is_office and claim.assigned else None
        yield {
            "holder": holder,
            "offices": people.office_names(connection, claim.report.policy.county, _OFFICES[holder])
            if is_office
            else [],
            "officer": named.name if named and named.lane == _OFFICES[holder] else None,
        }


def _missing(claim: Claim) -> Iterator[Document]:
    """What the payout still waits for, the farmer's own part first; nothing once the claim has ended."""
    if claim.paid_at is not None or claim.has_ended_unpaid:
        return
    if claim.asked:
        yield {"what": "answer", "by": "farmer", "words": claim.asked.reason}
    if claim.missing_photos:
        yield {"what": "photos", "by": "farmer", "count": len(claim.missing_photos)}
    if claim.offer is not None and not claim.is_accepted:
        yield {"what": "agreement", "by": "farmer"}
    if claim.handover is None:
        yield {"what": "handover", "by": "farmer"}
    for lane in claim.open_lanes:
        yield {"what": "decision", "by": lane.value}


def _rejection(connection: Connection, claim: Claim) -> Document | None:
    """Who said no, by name and office, and why: nobody is refused by nobody."""
    if claim.rejection is None:
        return None
    decision = claim.rejection.decision
    return {
        "by": people.officer(connection, OfficerId(decision.by)).name,
        "office": people.office_name(connection, decision.organisation),
        "lane": decision.lane,
        "note": decision.note,
        "at": claim.rejection.at.isoformat(),
    }
