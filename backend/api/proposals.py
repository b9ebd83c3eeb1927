"""四眼原则: what waits for a second person; and the wishes that have no address of their own."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Acting
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.officers import PayeeBody
from backend.api.schemas.review import ReasonBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import SIGNED_IN
from backend.domain.authority.words import Reach, Role
from backend.domain.four_eyes.proposal import is_for
from backend.domain.ids import PolicyNumber
from backend.domain.parties import Payee
from backend.domain.problems import NotFound
from backend.insight.proposals import proposal_document, proposal_row
from backend.store import policies, proposals
from backend.store.engine import Transaction
from backend.workflows.four_eyes.hands import a_payee

Document = dict[str, object]
_OFFICERS = may(*SIGNED_IN, over=Reach.ORGANISATION)


class ProposalController(Controller):
    """Listed, shown, approved, refused."""

    path = "/proposals"
    tags = ("proposals",)

    @get("/", operation_id="list_proposals", opt=_OFFICERS)
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        *,
        also_over: Annotated[bool, QueryParameter(name="all")] = False,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> Document:
        """What waits for a second person of one's organisation, newest first; with `all` what has ended too."""
        at = parts.clock()

        def rows(connection: Transaction) -> list[Document]:
            found = proposals.listed(connection, officer.organisation, at, also_over=also_over, most=limit)
            return [proposal_row(one, at) for one in found]

        return {"proposals": await parts.store.read(rows, sight=sight)}

    @get("/{proposal:uuid}", operation_id="show_proposal", opt=_OFFICERS)
    async def show(self, parts: Running, sight: Sees, officer: Acting, proposal: FromPath[UUID]) -> Document:
        """One proposal, with all that it would do."""
        at = parts.clock()

        def found(connection: Transaction) -> Document:
            one = proposals.one(connection, proposal)
            if one.draft.organisation != officer.organisation:
                raise NotFound("proposal", proposal)
            return proposal_document(one, at, is_whole=is_for(one.draft.kind, officer))

        return await parts.store.read(found, sight=sight)

    @post(
        "/{proposal:uuid}/approval",
        operation_id="approve_proposal",
        opt=_OFFICERS,
        status_code=HTTPStatus.OK,
    )
    async def approve(
        self, request: AnyRequest, parts: Running, officer: Acting, proposal: FromPath[UUID]
    ) -> Response[bytes]:
        """Agree; the second person to do so carries it out at once."""
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            after, done = parts.four_eyes.approve(connection, proposal, officer, at)
            return HTTPStatus.OK, {"proposal": proposal_document(after, at), "done": dict(done)}

        return await answer_once(request, officer, parts, work)

    @post(
        "/{proposal:uuid}/refusal",
        operation_id="refuse_proposal",
        opt=_OFFICERS,
        operation_class=body_of(ReasonBody),
        status_code=HTTPStatus.OK,
    )
    async def refuse(
        self, request: AnyRequest, parts: Running, officer: Acting, proposal: FromPath[UUID]
    ) -> Response[bytes]:
        """Refuse, or take one's own proposal back; nothing is done."""
        body = fields.read(ReasonBody, await request.body())
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            after = parts.four_eyes.refuse(connection, proposal, officer, body.reason, at)
            return HTTPStatus.OK, {"proposal": proposal_document(after, at)}

        return await answer_once(request, officer, parts, work)


class PayeeController(Controller):
    """Whom a policy pays."""

    path = "/policies"
    tags = ("policies",)

    @post(
        "/{policy:str}/payee",
        operation_id="propose_payee",
        opt=may(Role.INSURER, over=Reach.COUNTY),
        operation_class=body_of(PayeeBody),
        status_code=HTTPStatus.ACCEPTED,
    )
    async def propose(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting, policy: FromPath[str]
    ) -> Response[bytes]:
        """Propose that a policy pays someone else; a second officer agrees, then claims wait for some days."""
        number = PolicyNumber(policy)
        await parts.store.read(lambda connection: policies.policy(connection, number), sight=sight)
        body = fields.read(PayeeBody, await request.body())
        at, payee = parts.clock(), Payee(body.name, body.account)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            draft = a_payee(officer, number, payee, body.reason)
            proposed = parts.four_eyes.propose(connection, draft, officer, at)
            return HTTPStatus.ACCEPTED, {"proposal": proposal_document(proposed, at)}

        return await answer_once(request, officer, parts, work)
