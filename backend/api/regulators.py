"""Regulators 监管机构: proposed by one administrator of the insurer, admitted by another."""

from http import HTTPStatus

from litestar import Controller, Response, post

from backend.api import fields
from backend.api.auth import Acting
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.officers import RegulatorBody
from backend.api.web import AnyRequest, Running
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import OfficerId, OrganisationId
from backend.insight.proposals import proposal_document
from backend.store.engine import Transaction
from backend.workflows.four_eyes.hands import a_regulator
from backend.workflows.regulators import NewRegulator, require_admissible


class RegulatorController(Controller):
    """Who reads aggregates and nothing else."""

    path = "/regulators"
    tags = ("officers",)

    @post(
        operation_id="propose_regulator",
        opt=may(Role.ADMINISTRATOR, over=Reach.ORGANISATION),
        operation_class=body_of(RegulatorBody),
        status_code=HTTPStatus.ACCEPTED,
    )
    async def propose(self, request: AnyRequest, parts: Running, officer: Acting) -> Response[bytes]:
        """Propose that a regulator may read aggregates of its region; another administrator of the insurer agrees.

        Its first officer signs in with the token whose hash is given, and invites colleagues.
        """
        body = fields.read(RegulatorBody, await request.body())
        at = parts.clock()
        wanted = NewRegulator(
            organisation=OrganisationId(body.organisation),
            name=body.name.strip(),
            region=body.region,
            officer=OfficerId(body.officer),
            officer_name=body.officer_name.strip(),
            token_hash=body.token_hash,
        )

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            draft = a_regulator(officer, wanted, body.reason)
            proposed = parts.four_eyes.propose(connection, draft, officer, at)
            require_admissible(connection, wanted, officer)
            return HTTPStatus.ACCEPTED, {"proposal": proposal_document(proposed, at)}

        return await answer_once(request, officer, parts, work)
