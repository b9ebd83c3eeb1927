"""Who decides in whose place, who steps back, who is told: recusal, delegation, covers, ties, service officers."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Reads
from backend.api.claims import answer_command
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.duties import (
    AssignmentBody,
    CoverBody,
    DelegationBody,
    NudgeBody,
    ServiceBody,
    TieBody,
    TieEndBody,
)
from backend.api.schemas.review import ReasonBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import OFFICERS, OFFICES
from backend.domain.authority.words import Reach, Role
from backend.domain.commands import AssignLane, DelegateLane, Nudge, Recuse
from backend.domain.ids import FarmId, OfficerId, OrganisationId
from backend.domain.problems import FieldError, InvalidInput
from backend.insight.clocks import clock_table, cover_rows, service_rows, tie_rows
from backend.store import duties
from backend.store.engine import Transaction
from backend.workflows import standing


class DutyController(Controller):
    """On one claim."""

    path = "/claims/{claim:str}"
    tags = ("duties",)

    @post(
        "/recusals",
        operation_id="recuse",
        opt=may(*OFFICES, over=Reach.CLAIM),
        operation_class=body_of(ReasonBody),
    )
    async def recuse(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Step back 回避: this officer fills no lane of the claim; what they had approved is void."""
        body = fields.read(ReasonBody, await request.body())
        command = Recuse(officer=officer, reason=body.reason)
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/delegations",
        operation_id="delegate_lane",
        opt=may(*OFFICES, over=Reach.CLAIM),
        operation_class=body_of(DelegationBody),
    )
    async def delegate(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Ask another office of the lane to decide 委托; one's own office takes the lane back."""
        body = fields.read(DelegationBody, await request.body())
        to = OrganisationId(body.to)
        command = DelegateLane(officer=officer, lane=body.lane, to=to, reason=body.reason)
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/nudges",
        operation_id="nudge_holder",
        opt=may(Role.INSURER, over=Reach.CLAIM),
        operation_class=body_of(NudgeBody),
    )
    async def nudge(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Ask whoever holds the claim to go on 催办, at most once an hour; they are told by name."""
        body = fields.read(NudgeBody, await request.body())
        command = Nudge(officer=officer, note=body.note)
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/assignments",
        operation_id="assign_lane",
        opt=may(Role.INSURER, over=Reach.CLAIM),
        operation_class=body_of(AssignmentBody),
    )
    async def assign(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Give the insurer's lane of a claim to one officer 指派, who is told; a colleague may still decide first."""
        body = fields.read(AssignmentBody, await request.body())
        command = AssignLane(officer=officer, to=OfficerId(body.to), reason=body.reason)
        return await answer_command(request, parts, officer, reader, claim_id, command)


class CoverController(Controller):
    """代办: who decides while an office is closed."""

    path = "/covers"
    tags = ("duties",)

    @get(operation_id="list_covers", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def listed(self, parts: Running, sight: Sees) -> dict[str, object]:
        """Covers that stand now or will."""
        now = parts.clock()
        rows = await parts.store.read(
            lambda connection: cover_rows(duties.covers(connection, now, sight)), sight=sight
        )
        return {"covers": rows}

    @post(
        operation_id="name_cover",
        opt=may(*OFFICERS, over=Reach.ORGANISATION),
        operation_class=body_of(CoverBody),
    )
    async def name(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting
    ) -> Response[bytes]:
        """Name the office that decides while one's own is closed."""
        body = fields.read(CoverBody, await request.body())
        at = parts.clock()
        wanted = standing.Cover(
            office=OrganisationId(body.office or officer.organisation),
            cover=OrganisationId(body.cover),
            reason=body.reason,
            starts_at=body.starts_at or at,
            ends_at=body.ends_at,
        )

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            standing.name_cover(connection, officer, wanted, parts.timetable, uuid4())
            return HTTPStatus.CREATED, {"covers": cover_rows(duties.covers(connection, at, sight))}

        return await answer_once(request, officer, parts, work)

    @post("/{cover:uuid}/end", operation_id="end_cover", opt=may(*OFFICERS, over=Reach.ORGANISATION))
    async def end(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting, cover: FromPath[UUID]
    ) -> Response[bytes]:
        """End a cover of one's own office now."""
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            duties.end_cover(connection, cover, officer.organisation, officer.id, at)
            return HTTPStatus.OK, {"covers": cover_rows(duties.covers(connection, at, sight))}

        return await answer_once(request, officer, parts, work)


class TieController(Controller):
    """Officers who never decide on a farm: their own, their relatives' or their employer's."""

    path = "/ties"
    tags = ("duties",)

    @get(operation_id="list_ties", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def listed(
        self, parts: Running, sight: Sees, tied: Annotated[str | None, QueryParameter(name="officer")] = None
    ) -> dict[str, object]:
        """What ties officers to farms."""
        named = OfficerId(tied) if tied else None
        return {
            "ties": await parts.store.read(
                lambda connection: tie_rows(duties.ties(connection, named)), sight=sight
            )
        }

    @post(
        operation_id="declare_tie",
        opt=may(*OFFICERS, over=Reach.ORGANISATION),
        operation_class=body_of(TieBody),
    )
    async def declare(self, request: AnyRequest, parts: Running, officer: Acting) -> Response[bytes]:
        """Declare a tie of oneself, or of a colleague of one's office."""
        body = fields.read(TieBody, await request.body())
        tied, at = OfficerId(body.officer or officer.id), parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            tie = standing.Tie(tied, FarmId(body.farm), body.kind, body.note)
            standing.declare_tie(connection, officer, tie, at)
            return HTTPStatus.CREATED, {"ties": tie_rows(duties.ties(connection, tied))}

        return await answer_once(request, officer, parts, work)

    @post(
        "/end",
        operation_id="end_tie",
        opt=may(*OFFICERS, over=Reach.ORGANISATION),
        operation_class=body_of(TieEndBody),
    )
    async def end(self, request: AnyRequest, parts: Running, officer: Acting) -> Response[bytes]:
        """Take a colleague's tie out of the register; nobody takes out their own."""
        body = fields.read(TieEndBody, await request.body())
        tied = OfficerId(body.officer)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            standing.end_tie(connection, officer, tied, FarmId(body.farm))
            return HTTPStatus.OK, {"ties": tie_rows(duties.ties(connection, tied))}

        return await answer_once(request, officer, parts, work)


class ServiceController(Controller):
    """Whom clocks tell, and what they tell them of."""

    path = "/clocks"
    tags = ("duties",)

    @get(operation_id="list_clocks", opt=may(*OFFICERS))
    async def clocks(self, parts: Running) -> dict[str, object]:
        """Every deadline of this installation: how long, in which time, what pauses it, who is told."""
        at: datetime = parts.clock()
        hours = parts.timetable.hours
        return {
            "clocks": clock_table(parts.timetable),
            "at_risk_percent": parts.timetable.at_risk_percent,
            "open_now": hours.is_open(at),
            "next_open": hours.next_open(at).isoformat(),
        }

    @get("/service", operation_id="list_service_officers", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def service(self, parts: Running, sight: Sees) -> dict[str, object]:
        """Service officers 服务官 by county and level."""
        rows = await parts.store.read(
            lambda connection: service_rows(duties.appointed(connection, sight)), sight=sight
        )
        return {"service": rows}

    @post(
        "/service",
        operation_id="appoint_service_officer",
        opt=may(Role.INSURER, over=Reach.COUNTY),
        operation_class=body_of(ServiceBody),
    )
    async def appoint(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting
    ) -> Response[bytes]:
        """Make an officer a service officer of a level for the county of their office, or no longer. The insurer's."""
        body = fields.read(ServiceBody, await request.body())
        known = {level.level for level in parts.timetable.levels}
        if body.level is not None and body.level not in known:
            error = FieldError("/level", f"{body.level} is not one of {sorted(known)}")
            raise InvalidInput("there is no such level", errors=[error])

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            standing.appoint(connection, officer, OfficerId(body.officer), body.level)
            return HTTPStatus.OK, {"service": service_rows(duties.appointed(connection, sight))}

        return await answer_once(request, officer, parts, work)
