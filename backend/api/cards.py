"""Policy cards: what a farmer is handed at enrolment, and again when the old one is lost."""

import json
from http import HTTPStatus

from litestar import Controller, Response, post
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Acting
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.farmers import CardBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import PolicyNumber
from backend.store import policies
from backend.store.engine import Transaction
from backend.workflows.farmers.cards import card_from, replace_card


class CardController(Controller):
    """Policy cards 保单卡."""

    path = "/policies/{policy:str}/card"
    tags = ("farmers",)

    @post(
        operation_id="replace_policy_card",
        opt=may(Role.INSURER, over=Reach.COUNTY),
        operation_class=body_of(CardBody),
    )
    async def replace(
        self, request: AnyRequest, parts: Running, officer: Acting, sight: Sees, policy: FromPath[str]
    ) -> Response[bytes]:
        """Give the policy a new card: the former one ends, and every session that it opened.

        The secret follows from `seed`; it is in this answer and nowhere else.
        """
        number, at = PolicyNumber(policy), parts.clock()
        await parts.store.read(lambda connection: policies.policy(connection, number), sight=sight)
        body = fields.read(CardBody, await request.body())
        card = card_from(body.seed, number)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            replace_card(connection, number, card, at)
            return HTTPStatus.CREATED, {"policy_number": number, "replaced_at": at.isoformat()}

        return with_secret(await answer_once(request, officer, parts, work), {"card": card})


def with_secret(kept: Response[bytes], secret: dict[str, str]) -> Response[bytes]:
    """An answer as it is kept for retries, with the secret that is kept nowhere."""
    document = json.loads(kept.content) | secret
    content = json.dumps(document, ensure_ascii=False).encode()
    return Response(content, status_code=kept.status_code, media_type="application/json")
