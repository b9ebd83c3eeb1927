"""Who decided in whose place, who stepped back, and what a claim's clocks have said, for ``claim show``."""

from backend.domain.claim import Claim
from backend.domain.clocks.events import DeadlineBreached
from backend.domain.words import Lane

Document = dict[str, object]


def assisted_by(claim: Claim) -> dict[str, object] | None:
    """Who reported in the farmer's place, and by what the farmer had let them."""
    helped = claim.report.assistance
    if helped is None:
        return None
    return {
        "officer": helped.assisted_by,
        "name": helped.name,
        "organisation": helped.organisation,
        "is_agent": helped.is_agent,
        "proof": helped.proof,
    }


def lane_standing(claim: Claim, lane: Lane) -> Document:
    """In whose place a lane was decided (``for``), by which right, and which office was asked to."""
    given, asked = claim.lanes[lane].decided, claim.delegated.get(lane)
    return {
        "for": given.on_behalf_of if given else None,
        "basis": given.basis if given else None,
        "delegated": None
        if asked is None
        else {"by": asked.on_behalf_of, "to": asked.to, "reason": asked.reason},
    }


def stepped_back(claim: Claim, *, is_officer: bool) -> list[str]:
    """Officers who stepped back; their reasons stand in the timeline, and a farmer is not told who it was."""
    return sorted(claim.recused) if is_officer else []


def told_of_time(claim: Claim) -> list[Document]:
    """Deadlines that were at risk or broken, in the order in which that was recorded."""
    return [
        {
            "clock": event.clock,
            "said": "breached" if isinstance(event, DeadlineBreached) else "at_risk",
            "due_at": event.due_at.isoformat(),
            "held_by": event.held_by,
        }
        for event in claim.deadlines
    ]
