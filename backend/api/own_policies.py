"""What a phone needs before there is a claim: one's own policies, and what a loss would come to."""

from http import HTTPStatus

from litestar import Controller, get, post
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Farmer, Person
from backend.api.declared import animals
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.farmers import QuoteBody
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import PolicyNumber
from backend.domain.parties import Officer
from backend.domain.policy import Loss
from backend.insight.before_report import quote_document, report_basics
from backend.store import facts, policies
from backend.store.engine import Transaction
from backend.workflows.farmers.assisting import require_open


class OwnPolicyController(Controller):
    """Policies 保单 of who has signed in."""

    path = "/farmer/policies"
    tags = ("farmers",)

    @get(operation_id="list_own_policies", opt=may(Role.FARMER, over=Reach.OWN))
    async def listed(self, parts: Running, sight: Sees, person: Person) -> dict[str, object]:
        """All that a report is made of without typing: kind of animal, payee, ear tags that no claim names, pictures.

        A phone keeps it, and reports from it without a signal.
        """
        if not isinstance(person, Farmer):
            raise TypeError("the rule of this route lets others than farmers pass")
        numbers = sorted(person.policies)

        def look(connection: Transaction) -> list[dict[str, object]]:
            return [report_basics(connection, number, parts.store.products) for number in numbers]

        found = await parts.store.read(look, sight=sight)
        return {"policies": found, "service_phone": parts.settings.service_phone or None}


class QuoteController(Controller):
    """Quotes 试算."""

    path = "/policies/{policy:str}/quote"
    tags = ("claims",)

    @post(
        operation_id="quote_loss",
        opt=may(*ANYONE, Role.AGENT, over=Reach.OWN, counts=Limited.UPLOADS),
        operation_class=body_of(QuoteBody),
        status_code=HTTPStatus.OK,
    )
    async def quote(
        self, request: AnyRequest, parts: Running, sight: Sees, person: Person, policy: FromPath[str]
    ) -> dict[str, object]:
        """What a report of this loss would show as its lowest sum; arithmetic, nothing is recorded.

        `lowest_sum` is null while a fact that the product needs is unknown, or the loss looks out of cover: then
        people look, and nobody is told a sum that may not come.
        """
        number, at = PolicyNumber(policy), parts.clock()
        if isinstance(person, Officer) and person.is_agent:
            agent, sight = person, EVERYWHERE
            await parts.store.read(
                lambda connection: require_open(connection, agent, number, at), sight=sight
            )
        species = (
            await parts.store.read(lambda connection: policies.policy(connection, number), sight=sight)
        ).species
        body = fields.read(QuoteBody, await request.body())
        declared = animals(body.animals, species)

        def work(connection: Transaction) -> dict[str, object]:
            known = facts.gather_for_quote(
                connection, number, body.cause, body.occurred_at, parts.store.products
            )
            loss = Loss(body.cause, body.occurred_at, deaths=body.heads)
            return quote_document(known, loss, body.heads, declared)

        return await parts.store.read(work, sight=sight)
