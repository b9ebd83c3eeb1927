"""What the insurer does about a claim that is stuck: asks its holder to go on 催办, or names who decides 指派."""

from datetime import datetime, timedelta

from backend.domain.claim import Claim
from backend.domain.commands import AssignLane, Nudge
from backend.domain.decisions.facts import Facts
from backend.domain.duties.events import HolderNudged, LaneAssigned
from backend.domain.duties.problems import CannotBeAssigned, NobodyToNudge, NudgedAlready
from backend.domain.events import Event
from backend.domain.policy import SHANGHAI
from backend.domain.problems import NotAllowed, ReasonNeeded, WrongLane
from backend.domain.stages import FARMER, INSURER, stage_of
from backend.domain.words import Lane, State

NUDGE_EVERY = timedelta(hours=1)


def holders_of(claim: Claim) -> tuple[str, ...]:
    """Who has the claim now, by the names of ``stages``; money that came back is the insurer's to mend."""
    if claim.state is State.PAYMENT_FAILED:
        return (INSURER,)
    stage = stage_of(claim)
    return tuple(stage[1].split("+")) if stage else ()


def nudge(claim: Claim, command: Nudge, facts: Facts, at: datetime) -> list[Event]:
    """Ask whoever holds the claim to go on.

    Raises:
        NotAllowed: The officer has no lane.
        NudgedAlready: Within the last hour.
        NobodyToNudge: The machine or the bank has it, or no officer is there to be told.
    """
    if command.officer.lane is None:
        raise NotAllowed("claims are nudged by officers of the three offices")
    if claim.nudged_at is not None and at < claim.nudged_at + NUDGE_EVERY:
        again = (claim.nudged_at + NUDGE_EVERY).astimezone(SHANGHAI)
        raise NudgedAlready(f"again from {again:%m-%d %H:%M}, Asia/Shanghai")
    holders = holders_of(claim)
    if FARMER not in holders and not facts.holders:
        raise NobodyToNudge(f"{claim.report.number} is with {'+'.join(holders) or 'nobody'}")
    told = () if FARMER in holders else facts.holders
    return [HolderNudged(held_by="+".join(holders), told=told, note=command.note.strip())]


def assign_lane(claim: Claim, command: AssignLane, facts: Facts) -> list[Event]:
    """Name the officer who is to fill the insurer's lane.

    Raises:
        WrongLane: Whoever names them is not of the insurer.
        ReasonNeeded: Whoever is named is told why.
        CannotBeAssigned: They are no active officer of the lane's office, stepped back, are tied to it or reported it.
    """
    if command.officer.lane is not Lane.INSURER:
        raise WrongLane(lane=Lane.INSURER, own=command.officer.lane)
    if not command.reason.strip():
        raise ReasonNeeded("whoever is given a claim is told why")
    named, offices = facts.named, facts.offices
    is_able = named is not None and named.lane is Lane.INSURER and offices.owns(named.organisation)
    is_near = command.to in claim.recused or command.to == claim.reported_by.id or bool(offices.tie)
    if not is_able or is_near:
        raise CannotBeAssigned(f"{command.to} fills no lane of {claim.report.number}")
    return [LaneAssigned(lane=Lane.INSURER, to=command.to, reason=command.reason.strip())]
