"""Collectors and surveyors on the way: what they say of themselves, kept beside the claim while the visit lasts."""

from dataclasses import dataclass, replace
from datetime import datetime

import shapely

from backend.domain.commands import EndVisit, StartVisit
from backend.domain.ids import ClaimId
from backend.domain.parties import Officer
from backend.domain.visits.approach import time_left
from backend.domain.visits.problems import NoVisitUnderWay
from backend.domain.visits.visit import visit_of
from backend.domain.visits.words import ExpectedFrom, VisitEnd
from backend.store import events, policies, visits
from backend.store.effects import Leased
from backend.store.engine import Transaction
from backend.store.run import Outcome, Store
from backend.store.visits import UnderWay, Whereabouts
from backend.workflows.clock import Clock
from geo.approach import approach


@dataclass(frozen=True, slots=True)
class Said:
    """What whoever is on the way says now: a place (longitude, latitude, WGS 84), when they come, their phone."""

    place: tuple[float, float] | None = None
    expected_at: datetime | None = None
    phone: str | None = None


def start(
    store: Store, connection: Transaction, claim_id: ClaimId, officer: Officer, said: Said, at: datetime
) -> Outcome:
    """Set out to a claim's farm; said again while the visit lasts, only what was said anew is kept.

    Raises:
        Problem: As ``decisions.visiting.start_visit`` says.
    """
    policy = events.load(connection, claim_id).report.policy
    expected_at, source = _expected(said, policies.boundary(connection, policy.farm_id), at)
    command = StartVisit(officer=officer, expected_at=expected_at, expected_from=source)
    outcome = store.carry_out(connection, claim_id, command, at)
    visit = visit_of(outcome.claim.visits, officer.id)
    under_way = (one for one in visits.of_claim(connection, claim_id, at) if visit and one.no == visit.no)
    for one in under_way:
        _keep(connection, one, said, at)
    store.engine.announce(connection, str(claim_id))
    return outcome


def here(store: Store, connection: Transaction, officer: Officer, said: Said, at: datetime) -> list[UnderWay]:
    """Where the officer is now, for every claim that they are on the way to; the visits as they stand then.

    Raises:
        NoVisitUnderWay: They are on the way to none.
    """
    under_way = visits.of_officer(connection, officer.id, at)
    if not under_way:
        raise NoVisitUnderWay(f"{officer.id} is on the way to no farm")
    for one in under_way:
        _keep(connection, one, said, at)
        store.engine.announce(connection, str(one.claim_id))
    return visits.of_officer(connection, officer.id, at)


def _keep(connection: Transaction, visit: UnderWay, said: Said, at: datetime) -> None:
    kept = visit.whereabouts
    if said.place:
        kept = replace(kept, lon=said.place[0], lat=said.place[1], at=at)
    if said.phone:
        kept = replace(kept, phone=said.phone)
    stands, whose = visit.newest
    # A person's word stands until its time is over: no estimate takes its place before.
    is_promised = whose is ExpectedFrom.SAID and stands is not None and stands > at
    if said.expected_at or not is_promised:
        expected_at, source = _expected(said, visit.boundary, at)
        if expected_at:
            kept = replace(kept, expected_at=expected_at, expected_from=source)
    if kept != Whereabouts():
        visits.keep(connection, visit, kept)


def _expected(
    said: Said, boundary: bytes | None, at: datetime
) -> tuple[datetime, ExpectedFrom] | tuple[None, None]:
    """When they come: as they said, else as far as the straight line lets one estimate."""
    if said.expected_at:
        return said.expected_at, ExpectedFrom.SAID
    if said.place is None or boundary is None:
        return None, None
    left = time_left(approach(*said.place, shapely.from_wkb(boundary)).distance_m)
    return (at + left, ExpectedFrom.DISTANCE) if left else (None, None)


@dataclass(frozen=True, slots=True)
class VisitWatch:
    """Effect ``end_visit``: a visit that nobody ended is over after some hours, and its places are gone."""

    store: Store
    clock: Clock

    def end(self, leased: Leased) -> None:
        """End it; one that has ended meanwhile is left alone."""
        command = EndVisit(how=VisitEnd.FORGOTTEN, no=int(leased.arguments["visit"]))
        self.store.run_blocking(leased.claim_id, command, at=self.clock())
