"""Farmers rate 评价, and officers of the insurer answer bad ratings: service tickets 服务工单."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Farmer, LinkHolder, Person, Reads
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import Work, answer_once
from backend.api.schemas.ratings import RatingBody, TicketAssignmentBody, TicketClosingBody
from backend.api.web import LARGEST_NUMBER, AnyRequest, ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach, Role
from backend.domain.commands import AssignTicket, CloseTicket, RateClaim
from backend.domain.edges.limited import Limited
from backend.domain.ids import ClaimId, OfficerId
from backend.domain.parties import Actor
from backend.domain.problems import NotFound
from backend.domain.ratings.events import StageScore
from backend.domain.tickets.place import TicketPlace
from backend.domain.tickets.ticket import find
from backend.domain.words import ActorKind
from backend.insight.rateable import rateable_document
from backend.insight.tickets import ticket_document, ticket_page
from backend.store import events, voices
from backend.store.engine import Transaction
from backend.texts.load import Language
from backend.workflows.tickets import colleague_for

Document = dict[str, object]
_INSURER = may(Role.INSURER, over=Reach.CLAIM)


def _rater(person: Person) -> Actor | None:
    """Who rates: the farmer, or the link as one that was handed on; an officer only reads."""
    match person:
        case Farmer():
            return person.actor
        case LinkHolder():
            return Actor(ActorKind.LINK, f"link {person.link_id}")
        case _:
            return None


def _known(no: int) -> int:
    """A ticket's number as the databases take it.

    Raises:
        NotFound: There cannot be so many.
    """
    if not 0 < no < LARGEST_NUMBER:
        raise NotFound("ticket", no)
    return no


def _work(
    parts: Parts,
    claim_id: ClaimId,
    no: int,
    language: Language,
    command: Callable[[Transaction], AssignTicket | CloseTicket],
) -> Work:
    """Carry out one command on a ticket, and answer with it as it then stands."""
    at = parts.clock()

    def work(connection: Transaction) -> tuple[HTTPStatus, object]:
        claim = parts.store.carry_out(connection, claim_id, command(connection), at).claim
        return HTTPStatus.OK, ticket_document(claim, find(claim.tickets, no, claim_id), at, language)

    return work


class RatingController(Controller):
    """How the farmer found it."""

    path = "/claims/{claim:str}/ratings"
    tags = ("ratings",)

    @get("/", operation_id="list_ratings", opt=may(Role.FARMER, Role.LINK, *OFFICES, over=Reach.CLAIM))
    async def listed(
        self, parts: Running, sight: Sees, person: Person, reader: Reads, claim_id: ClaimHere
    ) -> Document:
        """The stages that can be rated now, what was said of them, and how bad ratings were answered."""
        now, by = parts.clock(), _rater(person)
        claim = await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        return rateable_document(claim, by, parts.timetable.ratings, now, reader.language)

    @post(
        operation_id="rate_claim",
        opt=may(Role.FARMER, Role.LINK, over=Reach.CLAIM, counts=Limited.RATINGS),
        operation_class=body_of(RatingBody),
    )
    async def rate(
        self, request: AnyRequest, parts: Running, person: Person, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Rate stages that are over, and, once paid, whether one would recommend it; a bad rating opens a ticket.

        The same person may say otherwise within 24 hours; a link never changes what the farmer said.
        """
        body = fields.read(RatingBody, await request.body())
        by, at = _rater(person), parts.clock()
        if by is None:
            raise TypeError("the rule of this route lets others than farmers and links pass")
        scores = tuple(StageScore(stage, score) for stage, score in body.scores.items())
        command = RateClaim(by=by, scores=scores, recommend=body.recommend, words=body.words)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            claim = parts.store.carry_out(connection, claim_id, command, at).claim
            rows = parts.timetable.ratings
            return HTTPStatus.OK, rateable_document(claim, by, rows, at, reader.language)

        return await answer_once(request, person, parts, work)


class TicketController(Controller):
    """Tickets of the counties that one sees."""

    path = "/tickets"
    tags = ("tickets",)

    @get("/", operation_id="list_tickets", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        owner: Annotated[str | None, QueryParameter(max_length=40)] = None,
        closed: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter, named by nature
        overdue: FromQuery[bool] = False,  # noqa: FBT002 - as above
        after: Annotated[str | None, QueryParameter(max_length=60)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
    ) -> Document:
        """Open tickets, what is due soonest first; closed ones where they are asked for.

        ``next`` is the cursor for the page after.
        """
        now, place = parts.clock(), None if after is None else TicketPlace.parse(after)
        rows = await parts.store.read(
            lambda connection: voices.listed(
                connection,
                now,
                limit,
                is_open=not closed,
                owner=OfficerId(owner) if owner else None,
                overdue=overdue,
                after=place,
            ),
            sight=sight,
        )
        return ticket_page(rows, limit, now)


class ClaimTicketController(Controller):
    """One ticket of one claim."""

    path = "/claims/{claim:str}/tickets/{no:int}"
    tags = ("tickets",)

    @get("/", operation_id="show_ticket", opt=_INSURER)
    async def show(
        self, parts: Running, sight: Sees, reader: Reads, claim_id: ClaimHere, no: FromPath[int]
    ) -> Document:
        """What it is about, whose it is, by when, and how it ended."""
        now = parts.clock()
        claim = await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        return ticket_document(claim, find(claim.tickets, no, claim_id), now, reader.language)

    @post("/taking", operation_id="take_ticket", opt=_INSURER)
    async def take(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        reader: Reads,
        claim_id: ClaimHere,
        no: FromPath[int],
    ) -> Response[bytes]:
        """Make an open ticket one's own."""
        command = AssignTicket(officer=officer, no=_known(no), to=officer)
        work = _work(parts, claim_id, no, reader.language, lambda _: command)
        return await answer_once(request, officer, parts, work)

    @post(
        "/assignment",
        operation_id="assign_ticket",
        opt=_INSURER,
        operation_class=body_of(TicketAssignmentBody),
    )
    async def assign(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        reader: Reads,
        claim_id: ClaimHere,
        no: FromPath[int],
    ) -> Response[bytes]:
        """Give an open ticket to a colleague of one's own office."""
        body = fields.read(TicketAssignmentBody, await request.body())

        def command(connection: Transaction) -> AssignTicket:
            to = colleague_for(connection, officer, OfficerId(body.officer), parts.clock())
            return AssignTicket(officer=officer, no=_known(no), to=to)

        work = _work(parts, claim_id, no, reader.language, command)
        return await answer_once(request, officer, parts, work)

    @post(
        "/closing",
        operation_id="close_ticket",
        opt=_INSURER,
        operation_class=body_of(TicketClosingBody),
    )
    async def close(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        reader: Reads,
        claim_id: ClaimHere,
        no: FromPath[int],
    ) -> Response[bytes]:
        """Close one's own ticket with a reason, and in words what was done: the farmer is told both."""
        body = fields.read(TicketClosingBody, await request.body())
        command = CloseTicket(officer=officer, no=_known(no), reason=body.reason, words=body.words)
        work = _work(parts, claim_id, no, reader.language, lambda _: command)
        return await answer_once(request, officer, parts, work)
