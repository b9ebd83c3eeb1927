"""Flags 警示: a person of the insurer says what each comes to, with a reason."""

from backend.domain.claim import Claim
from backend.domain.commands import JudgeFlag
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.standing_in import require_unbiased
from backend.domain.events import Event, HoldPlaced, HoldReleased
from backend.domain.flags.events import FlagJudged
from backend.domain.flags.flag import Flag
from backend.domain.flags.words import FlagState
from backend.domain.moves import BEFORE_PAYMENT
from backend.domain.problems import FieldError, InvalidInput, NotAllowed, ReasonNeeded, WrongLane
from backend.domain.words import HoldKind, Lane


def judge_flag(claim: Claim, command: JudgeFlag, facts: Facts) -> list[Event]:
    """Clear or confirm one flag; nobody is paid or denied by it.

    Clearing the last doubt that the machine's hold stands on releases that hold. Confirming stops a claim that is not
    paid yet, until a person rejects it or releases the hold.

    Raises:
        WrongLane: The officer is not of the insurer lane.
        OfficerHasRecused, TiedToFarm, AssistedByYou: Who never decides on this claim.
        NotAllowed: The flag is about this very officer.
        InvalidInput: The claim has no such flag, or OPEN is no answer.
        ReasonNeeded: The file says what was found.
    """
    officer = command.officer
    if officer.lane is not Lane.INSURER:
        raise WrongLane(lane=Lane.INSURER, own=officer.lane)
    require_unbiased(claim, officer, facts)
    flag = claim.flags.get(command.flag)
    if flag is None:
        errors = [FieldError("/flag", "is not a flag of this claim")]
        raise InvalidInput("there is no such flag", errors=errors)
    if command.state is FlagState.OPEN:
        raise InvalidInput("a flag is cleared or confirmed", errors=[FieldError("/state", "is no answer")])
    if flag.named_officer == officer.id:
        raise NotAllowed("this flag is about you: a colleague looks at it")
    if not command.reason.strip():
        raise ReasonNeeded("whoever clears or confirms a flag says what was found")
    said = FlagJudged(flag=flag.key, state=command.state, reason=command.reason)
    return [said, *_upon(claim, flag, command)]


def repeats_judgement(claim: Claim, command: JudgeFlag) -> bool:
    """Whether exactly this was said last, by this officer."""
    flag = claim.flags.get(command.flag)
    return flag is not None and (flag.state, flag.judged_by, flag.reason) == (
        command.state,
        command.officer.actor,
        command.reason,
    )


def _upon(claim: Claim, flag: Flag, command: JudgeFlag) -> list[Event]:
    if claim.state not in BEFORE_PAYMENT:
        return []
    hold = claim.hold(HoldKind.SIGNALS)
    if command.state is FlagState.CONFIRMED:
        because = (flag.key,)
        return [] if hold else [HoldPlaced(kind=HoldKind.SIGNALS, reason=command.reason, because=because)]
    # A hold that a person placed stands on that person's own reason, whatever the machine's flags come to.
    if hold is None or flag.key not in hold.because:
        return []
    others = (
        one
        for one in claim.flags.values()
        if one.key != flag.key and (one.finding.holds or one.key in hold.because)
    )
    if any(one.state is not FlagState.CLEARED for one in others):
        return []
    return [HoldReleased(kind=HoldKind.SIGNALS, reason=command.reason)]
