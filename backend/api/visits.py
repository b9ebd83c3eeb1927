"""Visits 上门: a collector or surveyor says that they are on the way; the farmer sees who comes, and when."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post, put
from litestar.params import FromQuery, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Reads
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.reporting import place_of
from backend.api.schemas.notices import international
from backend.api.schemas.visits import HereBody, VisitBody, VisitEndBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import ANYONE, OFFICERS
from backend.domain.authority.words import Reach, Role
from backend.domain.claim import Claim
from backend.domain.commands import EndVisit
from backend.domain.edges.limited import Limited
from backend.domain.visits.visit import Visit
from backend.domain.visits.words import VisitEnd
from backend.insight.visits import visit_rows, visits_of_claim
from backend.store import visits
from backend.store.engine import Transaction
from backend.workflows import visits as on_the_way
from backend.workflows.visits import Said

Document = dict[str, object]


class ClaimVisitController(Controller):
    """Visits to one claim's farm."""

    path = "/claims/{claim:str}/visits"
    tags = ("visits",)

    @get(operation_id="claim_visits", opt=may(*ANYONE, Role.AGENT, Role.LINK, over=Reach.CLAIM))
    async def show(self, parts: Running, sight: Sees, reader: Reads, claim_id: ClaimHere) -> Document:
        """Who is on the way now: name, office, phone where they gave one, distance in a straight line, when expected.

        `expected_from` is `said`, or `distance`: then it is an estimate from the straight line. `drawing` is a map
        without tiles in its own units, north up. Offices get neither `drawing` nor `phone`; through a link, and for
        whoever helped to report, there is neither a name nor a place.
        """
        now = parts.clock()
        return await parts.store.read(
            lambda connection: visits_of_claim(connection, claim_id, reader, now), sight=sight
        )

    @post(
        operation_id="start_visit",
        opt=may(Role.COLLECTOR, Role.INSURER, over=Reach.CLAIM),
        operation_class=body_of(VisitBody),
    )
    async def start(
        self, request: AnyRequest, parts: Running, officer: Acting, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Say that one is on the way 出发; the farmer is told once. Said again: what is new in it is kept.

        Where one is, is no part of the claim's history: it is kept while the visit lasts, six hours at most.
        """
        body, at = fields.read(VisitBody, await request.body()), parts.clock()
        said = Said(
            place=place_of(body.position) if body.position else None,
            expected_at=_moment(body.expected_in_minutes, at),
            phone=international(body.phone),
        )

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            outcome = on_the_way.start(parts.store, connection, claim_id, officer, said, at)
            status = HTTPStatus.CREATED if outcome.recorded else HTTPStatus.OK
            return status, _standing(outcome.claim)

        return await answer_once(request, officer, parts, work)

    @post(
        "/end",
        operation_id="end_visit",
        opt=may(Role.COLLECTOR, Role.INSURER, over=Reach.CLAIM),
        operation_class=body_of(VisitEndBody),
    )
    async def end(
        self, request: AnyRequest, parts: Running, officer: Acting, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Say that one's visit is over: arrived 已到, or called off. What was kept of it is gone with that."""
        body, at = fields.read(VisitEndBody, await request.body()), parts.clock()
        command = EndVisit(how=VisitEnd(body.how), officer=officer)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            claim = parts.store.carry_out(connection, claim_id, command, at).claim
            return HTTPStatus.OK, _standing(claim)

        return await answer_once(request, officer, parts, work)


class VisitController(Controller):
    """Visits of one's own, and of the counties that one sees."""

    path = "/visits"
    tags = ("visits",)

    @get(operation_id="list_visits", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        reader: Reads,
        mine: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter, named by nature
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> Document:
        """Visits under way, the newest first; with `mine` one's own alone. Distances, no places."""
        now = parts.clock()

        def look(connection: Transaction) -> Document:
            found = (
                visits.of_officer(connection, officer.id, now)
                if mine
                else visits.seen(connection, now, limit)
            )
            return {"visits": visit_rows(found, reader.language, now)}

        return await parts.store.read(look, sight=sight)

    @put(
        "/position",
        operation_id="report_position",
        opt=may(Role.COLLECTOR, Role.INSURER, over=Reach.OWN, counts=Limited.POSITIONS),
        operation_class=body_of(HereBody),
        status_code=HTTPStatus.OK,
    )
    async def here(self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads) -> Document:
        """Say where one is now, for every farm that one is on the way to. Only the last place is kept."""
        body, at = fields.read(HereBody, await request.body()), parts.clock()
        said = Said(place=place_of(body.position), expected_at=_moment(body.expected_in_minutes, at))
        found = await parts.store.write(
            lambda connection: on_the_way.here(parts.store, connection, officer, said, at)
        )
        return {"visits": visit_rows(found, reader.language, at)}


def _moment(minutes: int | None, at: datetime) -> datetime | None:
    return None if minutes is None else at + timedelta(minutes=minutes)


def _standing(claim: Claim) -> Document:
    """What may stay with the request's answer for days: no place, no phone."""
    return {
        "claim_id": str(claim.report.claim_id),
        "number": claim.report.number,
        "visits": [_visit(one) for one in claim.visits],
    }


def _visit(one: Visit) -> Document:
    return {
        "visit": one.no,
        "kind": one.kind,
        "officer": one.officer,
        "started_at": one.started_at.isoformat(),
        "expected_at": one.expected_at.isoformat() if one.expected_at else None,
        "expected_from": one.expected_from,
        "ends_at": one.ends_at.isoformat(),
    }
