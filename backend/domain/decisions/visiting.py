"""Who sets out to a claim's farm 出发, and that they have arrived, turned back, or forgot to say so."""

from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.commands import EndVisit, StartVisit
from backend.domain.decisions.facts import Facts
from backend.domain.duties.problems import OfficerHasRecused, TiedToFarm
from backend.domain.events import Event
from backend.domain.moves import BEFORE_PAYMENT
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed
from backend.domain.visits.events import VisitEnded, VisitStarted
from backend.domain.visits.problems import NothingToVisit, NoVisitUnderWay
from backend.domain.visits.visit import visit_of
from backend.domain.visits.words import VisitEnd, VisitKind
from backend.domain.words import Lane


def start_visit(claim: Claim, command: StartVisit, facts: Facts, at: datetime) -> list[Event]:
    """Say that the officer is on the way; once more while they are changes nothing.

    Raises:
        NotAllowed: The office does not visit farms, or is of another county.
        OfficerHasRecused: The surveyor stepped back from this claim.
        TiedToFarm: The surveyor is tied to this farm.
        NothingToVisit: The carcasses are gone, or there is nothing left to survey.
    """
    kind = _kind(command.officer)
    if facts.office_county != claim.report.policy.county:
        raise NotAllowed(f"farms of {claim.report.policy.county} are visited by offices of that county")
    running = visit_of(claim.visits, command.officer.id)
    if running and at < running.ends_at:
        return []
    if kind is VisitKind.SURVEY:
        _require_surveyor(claim, command.officer, facts)
    elif claim.handover is not None and not claim.receipt_gaps:
        raise NothingToVisit(f"the carcasses of {claim.report.number} were taken away")
    ended: list[Event] = []
    if running:
        ended = [VisitEnded(visit=running.no, kind=running.kind, how=VisitEnd.FORGOTTEN)]
    started = VisitStarted(kind=kind, expected_at=command.expected_at, expected_from=command.expected_from)
    return [*ended, started]


def end_visit(claim: Claim, command: EndVisit, at: datetime) -> list[Event]:
    """Say that a visit is over; the machine says so of one that nobody ended, and is never refused.

    Raises:
        NoVisitUnderWay: The officer has none on this claim.
    """
    if command.officer is None:
        over = [one for one in claim.visits if one.no == command.no and at >= one.ends_at]
        return [VisitEnded(visit=one.no, kind=one.kind, how=command.how) for one in over]
    visit = visit_of(claim.visits, command.officer.id)
    if visit is None:
        raise NoVisitUnderWay(f"{command.officer.id} is not on the way to {claim.report.number}")
    return [VisitEnded(visit=visit.no, kind=visit.kind, how=command.how)]


def _kind(officer: Officer) -> VisitKind:
    if officer.is_regulator or officer.lane not in {None, Lane.INSURER}:
        raise NotAllowed("collectors and the insurer's surveyors go to farms")
    return VisitKind.SURVEY if officer.lane else VisitKind.COLLECTION


def _require_surveyor(claim: Claim, officer: Officer, facts: Facts) -> None:
    if officer.id in claim.recused:
        raise OfficerHasRecused(f"{officer.id} stepped back from {claim.report.number}")
    if facts.offices.tie:
        raise TiedToFarm(f"{officer.id} is tied to the farm of {claim.report.number}: {facts.offices.tie}")
    if claim.state not in BEFORE_PAYMENT:
        raise NothingToVisit(f"{claim.report.number} is {claim.state}: there is nothing left to survey")
