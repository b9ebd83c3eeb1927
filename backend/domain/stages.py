"""Where the minutes go: the stage a claim is in, and who holds it. Computed from events only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import apply
from backend.domain.replacing import replace
from backend.domain.words import HoldKind, State

FARMER, MACHINE, INSURER, DISPOSAL, BANK = "farmer", "machine", "insurer", "disposal", "bank"


class Standstill(StrEnum):
    """Why minutes are nobody's: shown apart from those of whoever holds the claim."""

    HOLD = "hold"
    """A hold keeps the claim or its money back."""
    QUARANTINE = "quarantine"
    """Nobody may go there; clocks stand still."""
    EVIDENCE = "evidence"
    """The farmer was asked for more: the offices' clocks stand still."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of a claim's life in which stage, holders and standstill stay the same.

    ``held_by`` may name several lanes: those that have yet to approve. ``entered_at`` is when the stage began, whoever
    held it since; ``ended_at`` is None while the stretch lasts.
    """

    name: str
    held_by: str
    entered_at: datetime
    started_at: datetime
    ended_at: datetime | None = None
    standstill: Standstill | None = None

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


def standstill_of(claim: Claim, stage: str) -> Standstill | None:
    """Why nobody is to be charged with the minutes that pass now."""
    if claim.hold(HoldKind.QUARANTINE):
        return Standstill.QUARANTINE
    return {"hold": Standstill.HOLD, "evidence": Standstill.EVIDENCE}.get(stage)


def stages_of(history: Iterable[Recorded]) -> tuple[Stage, ...]:
    """The claim's stretches in order; the joint review has one for each set of lanes that was open."""
    stages: tuple[Stage, ...] = ()
    claim: Claim | None = None
    for recorded in history:
        claim = apply(claim, recorded)
        stages = after_event(stages, claim, recorded.at)
    return stages


def after_event(stages: tuple[Stage, ...], claim: Claim, at: datetime) -> tuple[Stage, ...]:
    """The stretches once the claim has become *claim* at this moment."""
    current = stage_of(claim)
    last = stages[-1] if stages and stages[-1].ended_at is None else None
    standstill = standstill_of(claim, current[0]) if current else None
    if last and current and (last.name, last.held_by, last.standstill) == (*current, standstill):
        return stages
    closed = (*stages[:-1], replace(last, ended_at=at)) if last else stages
    if current is None:
        return closed
    entered_at = last.entered_at if last and last.name == current[0] else at
    return (*closed, Stage(*current, entered_at=entered_at, started_at=at, standstill=standstill))


def whole_stages(stretches: Iterable[Stage]) -> tuple[Stage, ...]:
    """Stages as people read them: stretches of one stage as one, held by whoever was last."""
    whole: list[Stage] = []
    for one in stretches:
        if whole and (whole[-1].name, whole[-1].entered_at) == (one.name, one.entered_at):
            whole.pop()
        whole.append(replace(one, started_at=one.entered_at))
    return tuple(whole)
