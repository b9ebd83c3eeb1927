"""Payee requests: the farmer asks, the contact phone confirms, two officers of the insurer decide."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Farmer, Person, acting_for
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once, first_answer
from backend.api.schemas.farmers import PayeeCodeBody, PayeeRequestBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import PolicyNumber
from backend.domain.parties import Payee
from backend.domain.problems import CodeWrong
from backend.insight.farmers import payee_request_rows
from backend.store import payee_requests, policies
from backend.store.engine import Transaction
from backend.store.payee_requests import PayeeRequest
from backend.workflows.farmers import payee


class PayeeRequestController(Controller):
    """Payee requests 收款人变更申请."""

    path = "/policies/{policy:str}/payee-requests"
    tags = ("farmers",)

    @post(
        operation_id="ask_for_payee",
        opt=may(Role.FARMER, over=Reach.OWN, counts=Limited.CODES),
        operation_class=body_of(PayeeRequestBody),
    )
    async def ask(
        self, request: AnyRequest, parts: Running, person: Person, policy: FromPath[str]
    ) -> Response[bytes]:
        """Ask that the policy pays this account. A code goes to the farm's contact phone; nothing changes yet."""
        farmer = _farmer(acting_for(person, PolicyNumber(policy)))
        body = fields.read(PayeeRequestBody, await request.body())
        at, settled_after, limits = parts.clock(), parts.settings.phone_settled, parts.settings.code_limits
        wanted = PayeeRequest(
            uuid4(), farmer.policy_number, Payee(body.name, body.account), farmer.session_id
        )

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            payee.ask(connection, wanted, at, settled_after, limits)
            return HTTPStatus.CREATED, {
                "request": str(wanted.id),
                "policy_number": policy,
                "confirmed": False,
            }

        return await answer_once(request, farmer, parts, work)

    @post(
        "/{asked:uuid}/confirmation",
        operation_id="confirm_payee_request",
        opt=may(Role.FARMER, over=Reach.OWN),
        operation_class=body_of(PayeeCodeBody),
        status_code=HTTPStatus.OK,
    )
    async def confirm(
        self,
        request: AnyRequest,
        parts: Running,
        person: Person,
        policy: FromPath[str],
        asked: FromPath[UUID],
    ) -> Response[bytes]:
        """Give the code that came to the contact phone; the insurer's officers decide then."""
        farmer = _farmer(acting_for(person, PolicyNumber(policy)))
        body = fields.read(PayeeCodeBody, await request.body())
        at, settled_after = parts.clock(), parts.settings.phone_settled

        if repeated := await first_answer(request, farmer, parts):
            return repeated
        number = farmer.policy_number
        is_right = await parts.store.write(
            lambda connection: payee.confirm(
                connection, parts.four_eyes, number, asked, body.code, at, settled_after
            )
        )
        if not is_right:
            raise CodeWrong("the code of this request is wrong, used up or has ended")
        document = {"request": str(asked), "policy_number": policy, "confirmed": True}
        return await answer_once(request, farmer, parts, lambda _: (HTTPStatus.OK, document))

    @get(operation_id="list_payee_requests", opt=may(Role.FARMER, Role.INSURER, over=Reach.OWN))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        person: Person,
        policy: FromPath[str],
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """The policy's requests, the newest first; the account by its last four digits."""
        number = PolicyNumber(policy)
        acting_for(person, number)

        def look(connection: Transaction) -> list[dict[str, object]]:
            policies.policy(connection, number)
            return payee_request_rows(connection, payee_requests.of_policy(connection, number, limit))

        return {"requests": await parts.store.read(look, sight=sight)}


def _farmer(person: Person) -> Farmer:
    if not isinstance(person, Farmer):
        raise TypeError("the rule of this route lets others than farmers pass")
    return person
