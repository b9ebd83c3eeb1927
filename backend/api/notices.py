"""Messages: what people were told about a claim, and how a farm wants to be told."""

import msgspec
from litestar import Controller, get, put
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Farmer, Person
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.notices import ContactBody, contact_of
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import FarmId
from backend.domain.personal.masks import masked_phone
from backend.domain.sign_in.words import Way
from backend.insight.told import notices_document
from backend.store import contacts
from backend.store.engine import Transaction
from backend.workflows.farmers.contact import change_contact


class NoticeController(Controller):
    """Messages 通知."""

    path = "/"
    tags = ("notices",)

    @get("/claims/{claim:str}/notices", operation_id="claim_notices", opt=may(*ANYONE, over=Reach.CLAIM))
    async def of_claim(
        self, parts: Running, sight: Sees, person: Person, claim_id: ClaimHere
    ) -> dict[str, object]:
        """What was told, over which channel, when, and whether it arrived; codes are hidden.

        Farmers see what they were told, officers also what offices were.
        """
        everyone = not isinstance(person, Farmer)
        told = await parts.store.read(
            lambda connection: notices_document(connection, claim_id, everyone=everyone), sight=sight
        )
        return {"id": str(claim_id), "notices": told}

    @get(
        "/farms/{farm:str}/contact",
        operation_id="show_contact",
        opt=may(Role.FARMER, Role.INSURER, over=Reach.OWN),
    )
    async def contact(
        self, parts: Running, person: Person, sight: Sees, farm: FromPath[str]
    ) -> dict[str, object]:
        """The phone that text messages go to, and the language. For the farm itself; the insurer sees it masked."""

        def look(connection: Transaction) -> contacts.Contact:
            contacts.require_farm(connection, FarmId(farm))
            return contacts.contact(connection, FarmId(farm))

        found = await parts.store.read(look, sight=sight)
        return _shown(farm, found, person)

    @put(
        "/farms/{farm:str}/contact",
        operation_id="set_contact",
        opt=may(Role.FARMER, Role.INSURER, over=Reach.OWN, counts=Limited.CODES),
        operation_class=body_of(ContactBody),
    )
    async def set_contact(
        self, request: AnyRequest, parts: Running, person: Person, sight: Sees, farm: FromPath[str]
    ) -> dict[str, object]:
        """Tell the farm this way from now on; what the body leaves out is forgotten.

        A session by card changes no phone that is known. Another phone ends what codes to the former one opened, and
        the former one is told. A phone in the masked form that it was shown in stays as it is.
        """
        body, farm_id = fields.read(ContactBody, await request.body()), FarmId(farm)

        def known(connection: Transaction) -> contacts.Contact:
            # Looked for within what the caller sees; a write sees every farm.
            contacts.require_farm(connection, farm_id)
            return contacts.contact(connection, farm_id)

        before = await parts.store.read(known, sight=sight)
        if body.phone is not None and body.phone == masked_phone(before.phone):
            body = msgspec.structs.replace(body, phone=before.phone)
        wanted, at = contact_of(body), parts.clock()
        by_card = isinstance(person, Farmer) and person.way is Way.CARD
        await parts.store.write(
            lambda connection: change_contact(connection, farm_id, wanted, at, by_card=by_card)
        )
        return _shown(farm, wanted, person)


def _shown(farm: str, contact: contacts.Contact, person: Person) -> dict[str, object]:
    phone = contact.phone if isinstance(person, Farmer) else masked_phone(contact.phone)
    return {"farm_id": farm, "phone": phone, "language": contact.language}
