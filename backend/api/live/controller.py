"""The two streams: one claim's timeline, one lane's queue."""

from http import HTTPStatus
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromQuery, QueryParameter, SkipValidation
from litestar.response.base import ASGIResponse

from backend.api.auth import Acting, Person, Reads, name_of
from backend.api.bearing import hashed_token
from backend.api.guards import may
from backend.api.live.switchboard import Switchboard
from backend.api.live.topics import Queue, Timeline
from backend.api.live.wire import MEDIA_TYPE, EventStream, Line, Tell
from backend.api.reviews import lane_asked_for
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import ANYONE, OFFICERS
from backend.domain.authority.sight import Sight
from backend.domain.authority.words import Reach, Role
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Lane
from backend.store import claims

Live = SkipValidation[NamedDependency[Switchboard]]
_BIGGEST_SEQ = 2**31 - 1
_STREAM = {
    int(HTTPStatus.OK): ResponseSpec(
        str, media_type=MEDIA_TYPE, generate_examples=False, description="Server-sent events, until it ends"
    )
}
_UNTIL_ENDED = _STREAM | {
    int(HTTPStatus.NO_CONTENT): ResponseSpec(
        None, description="The claim has ended, and you have seen it all"
    )
}


class StreamController(Controller):
    """What happens, as it happens."""

    path = "/"
    tags = ("streams",)

    @get(
        "/claims/{claim:str}/timeline/stream",
        operation_id="stream_timeline",
        opt=may(*ANYONE, Role.LINK, over=Reach.CLAIM),
        responses=_UNTIL_ENDED,
    )
    async def timeline(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        live: Live,
        person: Person,
        reader: Reads,
        claim_id: ClaimHere,
        after: Annotated[int, QueryParameter(ge=0, le=_BIGGEST_SEQ)] = 0,
    ) -> ASGIResponse:
        """One claim's timeline as server-sent events, until the claim has ended.

        Each event of the timeline is one event of the stream: its `id` is the `seq`, its `event` the `type`, its
        `data` the same object as in the timeline's `events`. After them comes `standing`, without an id: `number`,
        `state`, `stage`, `held_by`, `since`, `reported_at`, `due_at` and `seconds_to_paid`; again whenever one of
        them differs. `visit`, without an id, says by a `digest` that there is a new word of who is on the way
        (`GET /claims/{claim}/visits` answers with the same digest). When the claim is CLOSED, REJECTED or
        WITHDRAWN the stream says `end` and is over.
        `Last-Event-ID`, else `after`, names the last event that was seen: the stream goes on behind it. Comments
        break every silence. The stream also ends with the session, with the server, and for a reader who takes
        nothing for half a minute: come back with `Last-Event-ID` then.
        """
        seen = _seq(request.headers.get("last-event-id"), after)
        if await parts.store.read(
            lambda connection: claims.has_ended(connection, claim_id, by=seen), sight=sight
        ):
            # What browsers take as "do not come back".
            return ASGIResponse(status_code=HTTPStatus.NO_CONTENT)

        async def tell(line: Line) -> None:
            key = (Timeline, claim_id, reader)
            with live.topic(key, lambda: Timeline(parts.store, claim_id, reader, parts.clock)) as timeline:
                await timeline.tell(line, seen)

        return _stream(request, live, person, sight, tell)

    @get(
        "/reviews/stream",
        operation_id="stream_reviews",
        opt=may(*OFFICERS, over=Reach.COUNTY),
        responses=_STREAM,
    )
    async def queue(
        self,
        request: AnyRequest,
        parts: Running,
        live: Live,
        sight: Sees,
        officer: Acting,
        lane: FromQuery[Lane | None] = None,
    ) -> ASGIResponse:
        """A lane's queue as server-sent events: the whole first page (50 claims) whenever it has changed.

        Each `queue` event holds what `GET /reviews` answers: `lane`, `waiting` and `claims`, the most urgent first,
        each with its `version`. Its `id` is a digest of the page: whoever comes back with it as `Last-Event-ID` is
        told nothing until the queue differs. A reader who is slow misses pages in between, never the last one.
        """
        wanted = lane_asked_for(officer, lane)
        seen = request.headers.get("last-event-id", "")

        async def tell(line: Line) -> None:
            with live.topic((Queue, wanted, sight), lambda: Queue(parts.store, wanted, sight)) as queue:
                await queue.tell(line, seen)

        return _stream(request, live, officer, sight, tell)


def _stream(request: AnyRequest, live: Switchboard, person: Person, sight: Sight, tell: Tell) -> EventStream:
    return EventStream(tell, live.seat(name_of(person), hashed_token(request), sight), live.ping_s)


def _seq(last_event_id: str | None, after: int) -> int:
    """The number of the last event that was seen; a browser that comes back repeats its first address.

    Raises:
        InvalidInput: The Last-Event-ID is none of ours.
    """
    if not last_event_id:
        return after
    if not (last_event_id.isascii() and last_event_id.isdecimal() and int(last_event_id) <= _BIGGEST_SEQ):
        error = FieldError("", f"Last-Event-ID {last_event_id[:40]!r} is not the number of an event")
        raise InvalidInput("the stream cannot go on from there", errors=[error])
    return int(last_event_id)
