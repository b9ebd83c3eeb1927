"""Phones that somebody reports for farmers from: signed in once by an invitation's token, and out again."""

from http import HTTPStatus
from uuid import UUID, uuid4

from litestar import Controller, delete, post
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Phone
from backend.api.docs import body_of
from backend.api.farmers import new_tokens, token_pair
from backend.api.guards import may
from backend.api.schemas.assistances import AgentSessionBody
from backend.api.web import AnyRequest, Running
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.problems import NotFound
from backend.domain.sign_in.words import SessionEnd
from backend.insight.officers import officer_row
from backend.store import farmer_sessions
from backend.workflows.farmers import assisting


class AgentController(Controller):
    """Village agents 村级协保员, and officers who come by a phone as one."""

    path = "/agents/sessions"
    tags = ("sessions",)

    @post(
        operation_id="open_agent_session",
        opt=may(Role.PUBLIC, counts=Limited.SIGN_IN),
        operation_class=body_of(AgentSessionBody),
        status_code=HTTPStatus.CREATED,
    )
    async def open(self, request: AnyRequest, parts: Running) -> dict[str, object]:
        """Exchange an invitation's one-time login token for a session of this phone; any other phone of theirs is out.

        Whoever holds it reports for farmers who agreed, and does nothing else, also an officer of an office.
        """
        body = fields.read(AgentSessionBody, await request.body())
        at, session_id, tokens = parts.clock(), uuid4(), new_tokens(parts)
        officer = await parts.store.write(
            lambda connection: assisting.open_on_phone(
                connection, body.token, session_id, body.device, tokens, at
            )
        )
        return token_pair(tokens, session_id) | {"officer": officer_row(officer)}

    @delete(
        "/{session:uuid}",
        operation_id="end_agent_session",
        opt=may(Role.AGENT, over=Reach.OWN),
        status_code=HTTPStatus.OK,
    )
    async def end(self, parts: Running, phone: Phone, session: FromPath[UUID]) -> dict[str, object]:
        """Sign this phone out: its own session, and no other."""
        if session != phone:
            raise NotFound("session", session)
        at = parts.clock()
        await parts.store.write(
            lambda connection: farmer_sessions.end(connection, [session], SessionEnd.SIGNED_OUT, at)
        )
        return {"ended": str(session)}
