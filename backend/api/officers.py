"""Officers 工作人员 of one organisation: who they are, invitations, suspensions, administrators."""

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
from backend.api.schemas.officers import AdministratorBody, InvitationBody, SuspensionBody
from backend.api.schemas.review import ReasonBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import SIGNED_IN
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import OfficerId
from backend.domain.problems import NotAllowed
from backend.insight.officers import invitation_rows, roster_rows
from backend.insight.proposals import proposal_document
from backend.store import invitations, people
from backend.store.engine import Transaction
from backend.workflows import officers
from backend.workflows.four_eyes.hands import an_administrator

Document = dict[str, object]
_ADMINISTRATOR = may(Role.ADMINISTRATOR, over=Reach.ORGANISATION)


class OfficerController(Controller):
    """The people of one's own organisation."""

    path = "/officers"
    tags = ("officers",)

    @get("/", operation_id="list_officers", opt=may(*SIGNED_IN, over=Reach.ORGANISATION))
    async def listed(self, parts: Running, sight: Sees, officer: Acting) -> Document:
        """Everyone of one's organisation, and who of them is an administrator or suspended."""
        at = parts.clock()
        rows = await parts.store.read(
            lambda connection: roster_rows(people.roster(connection, officer.organisation), at), sight=sight
        )
        return {"organisation": officer.organisation, "officers": rows}

    @get("/invitations", operation_id="list_invitations", opt=_ADMINISTRATOR)
    async def invited(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
    ) -> Document:
        """Invitations of one's organisation, newest first; no token is in it."""
        at = parts.clock()
        rows = await parts.store.read(
            lambda connection: invitation_rows(
                invitations.listed(connection, officer.organisation, limit), at
            ),
            sight=sight,
        )
        return {"invitations": rows}

    @post(
        "/invitations",
        operation_id="invite_officer",
        opt=_ADMINISTRATOR,
        operation_class=body_of(InvitationBody),
        status_code=HTTPStatus.CREATED,
    )
    async def invite(self, request: AnyRequest, parts: Running, officer: Acting) -> Response[bytes]:
        """Invite a new officer, or one who lost their key; an older invitation of theirs is withdrawn."""
        body = fields.read(InvitationBody, await request.body())
        at, stands_for = parts.clock(), parts.settings.invitation_length
        invited = OfficerId(body.officer)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            made = officers.invite(
                connection,
                officer,
                invited,
                body.name,
                body.token_hash,
                at,
                stands_for,
                is_agent=body.is_agent,
            )
            until = (at + stands_for).isoformat()
            return HTTPStatus.CREATED, {"id": str(made), "officer": invited, "expires_at": until}

        return await answer_once(request, officer, parts, work)

    @post(
        "/invitations/{invitation:uuid}/withdrawal",
        operation_id="withdraw_invitation",
        opt=_ADMINISTRATOR,
        status_code=HTTPStatus.OK,
    )
    async def withdraw(
        self, request: AnyRequest, parts: Running, officer: Acting, invitation: FromPath[UUID]
    ) -> Response[bytes]:
        """Make an invitation that was not used good no more."""
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            invited = officers.withdraw_invitation(connection, officer, invitation, at)
            return HTTPStatus.OK, {"id": str(invitation), "officer": invited}

        return await answer_once(request, officer, parts, work)

    @post(
        "/{name:str}/suspension",
        operation_id="suspend_officer",
        opt=_ADMINISTRATOR,
        operation_class=body_of(SuspensionBody),
        status_code=HTTPStatus.OK,
    )
    async def suspend(
        self, request: AnyRequest, parts: Running, officer: Acting, name: FromPath[str]
    ) -> Response[bytes]:
        """Suspend a colleague 停职 from a time on: sessions end; who has left loses their keys too."""
        body = fields.read(SuspensionBody, await request.body())
        at = parts.clock()
        since, suspended = body.at or at, OfficerId(name)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            officers.suspend(
                connection,
                officer,
                suspended,
                body.reason,
                at,
                counts_from=since,
                has_left=body.has_left,
            )
            return HTTPStatus.OK, {"officer": suspended, "suspended_at": since.isoformat()}

        return await answer_once(request, officer, parts, work)

    @post(
        "/{name:str}/reinstatement",
        operation_id="reinstate_officer",
        opt=_ADMINISTRATOR,
        operation_class=body_of(ReasonBody),
        status_code=HTTPStatus.OK,
    )
    async def reinstate(
        self, request: AnyRequest, parts: Running, officer: Acting, name: FromPath[str]
    ) -> Response[bytes]:
        """Let a suspended colleague act again; revoked keys stay revoked."""
        body = fields.read(ReasonBody, await request.body())
        at, back = parts.clock(), OfficerId(name)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            officers.reinstate(connection, officer, back, body.reason, at)
            return HTTPStatus.OK, {"officer": back, "suspended_at": None}

        return await answer_once(request, officer, parts, work)

    @post(
        "/{name:str}/administrator",
        operation_id="propose_administrator",
        opt=_ADMINISTRATOR,
        operation_class=body_of(AdministratorBody),
        status_code=HTTPStatus.ACCEPTED,
    )
    async def administrator(
        self, request: AnyRequest, parts: Running, officer: Acting, name: FromPath[str]
    ) -> Response[bytes]:
        """Propose a colleague as administrator, or that one is it no longer; another administrator agrees."""
        body = fields.read(AdministratorBody, await request.body())
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            subject = officers.colleague(connection, officer, OfficerId(name))
            if subject.is_agent and body.is_administrator:
                raise NotAllowed(f"{subject.id} is a village agent, who administers nobody")
            draft = an_administrator(officer, subject.id, body.reason, becomes=body.is_administrator)
            proposed = parts.four_eyes.propose(connection, draft, officer, at)
            return HTTPStatus.ACCEPTED, {"proposal": proposal_document(proposed, at)}

        return await answer_once(request, officer, parts, work)
