"""Who fills a lane: nobody who is near to the farm (回避), no other office unless asked (委托) or covering (代办)."""

from backend.domain.assistance.problems import AssistedByYou
from backend.domain.claim import Claim
from backend.domain.commands import DecideLane, DelegateLane, Recuse
from backend.domain.decisions.facts import Facts
from backend.domain.duties.events import LaneDelegated, OfficerRecused
from backend.domain.duties.problems import (
    AnotherOfficesPart,
    CannotStandIn,
    OfficeNotNamed,
    OfficerHasRecused,
    SecondLookNeeded,
    TiedToFarm,
)
from backend.domain.duties.words import Basis
from backend.domain.events import Event
from backend.domain.ids import OrganisationId
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed, ReasonNeeded, WrongLane
from backend.domain.rules.people import SECOND_LOOK
from backend.domain.words import ActorKind, Decision


def require_unbiased(claim: Claim, officer: Officer, facts: Facts) -> None:
    """Refuse whoever stepped back, is tied to the farm, or helped to report.

    Raises:
        OfficerHasRecused: They said themselves that they should not decide.
        TiedToFarm: The register of ties says so.
        AssistedByYou: They reported in the farmer's place.
    """
    require_not_assistant(claim, officer)
    if officer.id in claim.recused:
        raise OfficerHasRecused(f"{officer.id} stepped back from {claim.report.number}")
    if facts.offices.tie:
        farm = claim.report.policy.farm_id
        raise TiedToFarm(f"the register ties {officer.id} to farm {farm}: {facts.offices.tie}")


def require_not_assistant(claim: Claim, officer: Officer) -> None:
    """Refuse whoever reported in the farmer's place: what they reported is judged, and collected, by others.

    Also where no farmer's code stands behind it: else leaving the code out would be the way around.

    Raises:
        AssistedByYou: They did.
    """
    reporter = claim.reported_by
    if reporter.kind is not ActorKind.FARMER and reporter.id == officer.id:
        raise AssistedByYou(f"{officer.id} reported {claim.report.number} for the farmer")


def require_second_look(claim: Claim, command: DecideLane) -> None:
    """Refuse an approval by the very officer of whom the triage says that another one should look.

    The rule speaks only where the office has another officer, and accuses nobody: asking and rejecting stay open.

    Raises:
        SecondLookNeeded: The claim's doubt names this officer.
    """
    if command.decision is not Decision.APPROVE:
        return
    for doubt in claim.findings:
        named = doubt.facts.get("officer")
        if doubt.facts.get("what") == SECOND_LOOK and named == command.officer.id:
            times, collector = doubt.facts["times"], doubt.facts["collector"]
            raise SecondLookNeeded(f"{named} and {collector} met on {times} claims of this farm")


def require_own_part(claim: Claim, command: DecideLane, facts: Facts) -> Basis:
    """By which right this officer's office fills the lane.

    Raises:
        AnotherOfficesPart: By none.
        OfficeNotNamed: By another office's right, and the decision does not say in whose place.
    """
    own, named, offices = command.officer.organisation, command.on_behalf_of, facts.offices
    if offices.owns(own) and named in {None, own}:
        return Basis.OWN
    rights = _rights(claim, command, facts)
    if named in rights:
        return rights[named]
    if rights and named is None:
        raise OfficeNotNamed(f"you may decide in the place of {', '.join(sorted(rights))}")
    what = f"{own} may not decide in the place of {named}" if named else f"{own} has no part in it"
    raise AnotherOfficesPart(f"the {command.lane} lane is the part of {offices.names}; {what}")


def recuse(command: Recuse) -> list[Event]:
    """An officer steps back; the lane stays open for others.

    Raises:
        NotAllowed: The officer has no lane to step back from.
        ReasonNeeded: Whoever steps back says why.
    """
    if command.officer.lane is None:
        raise NotAllowed("who fills no lane has nothing to step back from")
    if not command.reason.strip():
        raise ReasonNeeded("whoever steps back says why")
    return [OfficerRecused(officer=command.officer.id, reason=command.reason)]


def delegate_lane(claim: Claim, command: DelegateLane, facts: Facts) -> list[Event]:
    """The office whose part a lane is, or a service officer, asks another office of the lane to decide.

    To the office itself: it decides alone again.

    Raises:
        WrongLane: The officer belongs to another lane, and is no service officer who may ask.
        AnotherOfficesPart: The lane is not this office's to give.
        CannotStandIn: The other office has another lane.
        ReasonNeeded: The farmer and the other office are told why.
    """
    officer, offices = command.officer, facts.offices
    giver = officer.organisation
    if offices.may_delegate:
        giver = min(offices.home, default=giver) if giver not in offices.home else giver
    elif officer.lane is not command.lane:
        raise WrongLane(lane=command.lane, own=officer.lane)
    elif not offices.owns(giver):
        raise AnotherOfficesPart(f"the {command.lane} lane is the part of {offices.names}")
    if not command.reason.strip():
        raise ReasonNeeded("an office that asks another one says why")
    if offices.asked is not command.lane:
        raise CannotStandIn(f"{command.to} is no office of the {command.lane} lane")
    takes_back = command.to in offices.home or command.to == giver
    if takes_back and command.lane not in claim.delegated:
        return []
    return [
        LaneDelegated(
            lane=command.lane,
            on_behalf_of=giver,
            to=None if takes_back else command.to,
            reason=command.reason,
        )
    ]


def _rights(claim: Claim, command: DecideLane, facts: Facts) -> dict[OrganisationId, Basis]:
    """In whose place this officer's office may decide, and by which right; an office that asked comes first."""
    rights = dict.fromkeys(facts.offices.covered, Basis.COVER)
    delegated = claim.delegated.get(command.lane)
    if delegated and delegated.to == command.officer.organisation:
        rights[delegated.on_behalf_of] = Basis.DELEGATION
    return rights
