"""Personal data: masked for officers, in clear for a reason that is kept, exported and erased for the person."""

import asyncio
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Farmer, Person
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once, first_answer
from backend.api.schemas.personal import LookBody, PersonBody, meant
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import PolicyNumber
from backend.domain.policy import policy_day
from backend.insight.person_file import clear_value, look_rows, masked_holder, person_file
from backend.store import erasure, looks, persons
from backend.store.engine import Transaction
from backend.store.looks import Field
from backend.store.scrub import empty_log


class HolderController(Controller):
    """Who holds a policy."""

    path = "/policies/{policy:str}"
    tags = ("personal data",)

    @get("/payee", operation_id="show_payee", opt=may(Role.FARMER, Role.INSURER, over=Reach.OWN))
    async def show(self, parts: Running, sight: Sees, policy: FromPath[str]) -> dict[str, object]:
        """Whom the policy pays, and how they are reached, masked."""
        number = PolicyNumber(policy)
        found = await parts.store.read(lambda connection: looks.holder(connection, number), sight=sight)
        return masked_holder(number, found)

    @post(
        "/payee/look",
        operation_id="look_at_person",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.LOOKS),
        operation_class=body_of(LookBody),
        status_code=HTTPStatus.OK,
    )
    async def look(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        sight: Sees,
        policy: FromPath[str],
    ) -> dict[str, object]:
        """See the payee, the phone or the identity number in clear. Each look is kept: who, when, whose, which, why."""
        number = PolicyNumber(policy)
        await parts.store.read(lambda connection: looks.holder(connection, number), sight=sight)
        body = fields.read(LookBody, await request.body())
        wanted = Field(body.field)
        at = parts.clock()

        def work(connection: Transaction) -> dict[str, object]:
            looks.record(connection, officer, number, wanted, body.reason, at)
            found = looks.holder(connection, number)
            return {
                "policy_number": number,
                "field": wanted,
                "value": clear_value(found, wanted),
                "looked_at": at.isoformat(),
            }

        # Kept before it is shown. No Idempotency-Key: a look that is repeated is another look.
        return await parts.store.write(work)


class LookController(Controller):
    """Who looked."""

    path = "/looks"
    tags = ("personal data",)

    @get(operation_id="list_looks", opt=may(Role.INSURER, Role.ADMINISTRATOR, over=Reach.ORGANISATION))
    async def listed(
        self,
        parts: Running,
        officer: Acting,
        sight: Sees,
        after: FromQuery[UUID | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> dict[str, object]:
        """Looks at personal data in clear by people of one's own organisation, newest first.

        ``next`` is the cursor for the page after.
        """
        rows = await parts.store.read(
            lambda connection: looks.listed(connection, officer.organisation, after=after, most=limit),
            sight=sight,
        )
        following = str(rows[-1].id) if len(rows) == limit else None
        return {"looks": look_rows(rows), "next": following}


class PersonController(Controller):
    """What a person may ask for."""

    path = "/persons"
    tags = ("personal data",)

    @get("/me", operation_id="export_me", opt=may(Role.FARMER, over=Reach.OWN))
    async def own(self, parts: Running, person: Person, sight: Sees) -> dict[str, object]:
        """Everything that is known of oneself, and who has looked at it."""
        if not isinstance(person, Farmer):
            raise TypeError("the rule of this route lets others than farmers pass")
        at, numbers = parts.clock(), tuple(sorted(person.policies))
        return await parts.store.read(lambda connection: person_file(connection, numbers, at), sight=sight)

    @post(
        "/export",
        operation_id="export_person",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.LOOKS),
        operation_class=body_of(PersonBody),
        status_code=HTTPStatus.OK,
    )
    async def export(
        self, request: AnyRequest, parts: Running, officer: Acting, sight: Sees
    ) -> dict[str, object]:
        """Everything that is known of a person who asked for it; kept as a look at everything."""
        body = fields.read(PersonBody, await request.body())
        numbers = await _policies(parts, sight, body)
        at = parts.clock()

        def work(connection: Transaction) -> dict[str, object]:
            for number in numbers:
                looks.record(connection, officer, number, Field.EVERYTHING, body.reason, at)
            return person_file(connection, numbers, at)

        return await parts.store.write(work)

    @post(
        "/erasure",
        operation_id="erase_person",
        opt=may(Role.INSURER, over=Reach.COUNTY),
        operation_class=body_of(PersonBody),
    )
    async def erase(
        self, request: AnyRequest, parts: Running, officer: Acting, sight: Sees
    ) -> Response[bytes]:
        """Erase a person's data for good; events, proofs and figures stay.

        Refused, with every reason, while a claim is open or the law has the data kept.
        """
        body = fields.read(PersonBody, await request.body())
        if repeated := await first_answer(request, officer, parts):
            return repeated
        # Here and not in the write, which sees the person's policies in other counties too.
        numbers = await _policies(parts, sight, body)
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            erasure.require_erasable(
                connection, numbers, policy_day(at), voucher_years=parts.settings.voucher_years
            )
            erased = erasure.erase(connection, officer, numbers, body.reason, at)
            return HTTPStatus.OK, {"policies": list(numbers), "erased": erased, "at": at.isoformat()}

        done = await answer_once(request, officer, parts, work)
        await asyncio.to_thread(empty_log, parts.settings.database)
        return done


async def _policies(parts: Running, sight: Sees, body: PersonBody) -> tuple[PolicyNumber, ...]:
    """The policies that are meant, as far as the caller sees."""
    number, phone = meant(body)
    return await parts.store.read(
        lambda connection: persons.policies_of(connection, number, phone), sight=sight
    )
