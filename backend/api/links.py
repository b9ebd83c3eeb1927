"""Claim links: made, listed and ended by the farmer or an officer."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Person, name_of
from backend.api.cards import with_secret
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.farmers import LinkBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach, Role
from backend.insight.farmers import link_rows
from backend.store import claim_links
from backend.store.engine import Transaction
from backend.workflows.farmers.links import NewLink, make

_MAY = may(Role.FARMER, *OFFICES, over=Reach.CLAIM)


class LinkController(Controller):
    """Read-only links 只读链接."""

    path = "/claims/{claim:str}/links"
    tags = ("claims",)

    @post(operation_id="make_claim_link", opt=_MAY, operation_class=body_of(LinkBody))
    async def make(
        self, request: AnyRequest, parts: Running, person: Person, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Make a link that reads this claim, with people masked, and nothing else, until it ends.

        Its token follows from `seed`; it is in this answer and nowhere else. It is sent as `Authorization: Bearer`.
        """
        body = fields.read(LinkBody, await request.body())
        at = parts.clock()
        lasts = timedelta(days=body.days) if body.days else parts.settings.link_length
        new = NewLink(uuid4(), claim_id, body.seed, at + lasts)
        base_url = (parts.settings.public_url or str(request.base_url)).rstrip("/")
        url = f"{base_url}/api/v1/claims/{claim_id}#{new.token}"

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            make(connection, new, name_of(person), at)
            document = {"link": str(new.id), "claim_id": str(claim_id), "ends_at": new.ends_at.isoformat()}
            return HTTPStatus.CREATED, document

        answer = await answer_once(request, person, parts, work)
        return with_secret(answer, {"token": new.token, "url": url})

    @get(operation_id="list_claim_links", opt=_MAY)
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        claim_id: ClaimHere,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """The claim's links, the newest first, those that have ended too."""
        now = parts.clock()
        rows = await parts.store.read(
            lambda connection: link_rows(claim_links.of_claim(connection, claim_id, limit), now), sight=sight
        )
        return {"links": rows}

    @delete("/{link:uuid}", operation_id="end_claim_link", opt=_MAY, status_code=HTTPStatus.OK)
    async def end(
        self, parts: Running, person: Person, claim_id: ClaimHere, link: FromPath[UUID]
    ) -> dict[str, object]:
        """End a link now; whoever listens through it is cut off within seconds."""
        at, by = parts.clock(), name_of(person)
        await parts.store.write(lambda connection: claim_links.end(connection, claim_id, link, by, at))
        return {"link": str(link), "ended": True}
