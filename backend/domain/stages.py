"""Where the minutes go: the stage a claim is in, and who holds it. Computed from events only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import apply
from backend.domain.words import State

FARMER, MACHINE, INSURER, DISPOSAL, BANK = "farmer", "machine", "insurer", "disposal", "bank"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of a claim's life; ``ended_at`` is None while it lasts. ``held_by`` may name several lanes."""

    name: str
    held_by: str
    started_at: datetime
    ended_at: datetime | None = None

    def seconds(self, until: datetime) -> float:
        """How long it took, or has taken *until* now; never below zero."""
        return max(0.0, ((self.ended_at or until) - self.started_at).total_seconds())


def stage_of(claim: Claim) -> tuple[str, str] | None:
    """Name and holder of the stage that the claim is in; None once nothing is awaited.

    Uploading is the farmer's time and shown apart from the machine's (domain.md §1, VERIFYING).
    """
    match claim.state:
        case State.REPORTED | State.VERIFYING:
            return ("upload", FARMER) if claim.missing_photos else ("verification", MACHINE)
        case State.EVIDENCE_REQUESTED:
            return "evidence", FARMER
        case State.TRIAGED:
            return "hold", INSURER
        case State.JOINT_REVIEW:
            return "joint_review", "+".join(claim.open_lanes)
        case State.OFFERED:
            return "acceptance", FARMER
        case State.ACCEPTED:
            return ("hold", INSURER) if claim.holds else ("handover", DISPOSAL)
        case State.PAYABLE | State.PAYING | State.PAYMENT_UNKNOWN | State.PAYMENT_FAILED:
            return "payment", BANK
        case State.PAID:
            return "certificate", DISPOSAL
        case State.CLOSED | State.REJECTED | State.WITHDRAWN:
            return None


def stages_of(history: Iterable[Recorded]) -> tuple[Stage, ...]:
    """The claim's stages in order; the three lanes' joint review is one stage, held by whoever was last."""
    stages: tuple[Stage, ...] = ()
    claim: Claim | None = None
    for recorded in history:
        claim = apply(claim, recorded)
        stages = after_event(stages, claim, recorded.at)
    return stages


def after_event(stages: tuple[Stage, ...], claim: Claim, at: datetime) -> tuple[Stage, ...]:
    """The stages once the claim has become *claim* at this moment."""
    current = stage_of(claim)
    last = stages[-1] if stages and stages[-1].ended_at is None else None
    if last and current and last.name == current[0]:
        return (*stages[:-1], replace(last, held_by=current[1]))
    closed = (*stages[:-1], replace(last, ended_at=at)) if last else stages
    return (*closed, Stage(*current, started_at=at)) if current else closed
