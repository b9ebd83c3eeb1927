"""Messages: what people were told about a claim, and how a farm wants to be told."""

from litestar import Controller, get, put
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Person, Reporter
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.notices import ContactBody, contact_of
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import FarmId
from backend.insight.told import notices_document
from backend.store import contacts
from backend.store.engine import Transaction


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
        everyone = not isinstance(person, Reporter)
        told = await parts.store.read(
            lambda connection: notices_document(connection, claim_id, everyone=everyone), sight=sight
        )
        return {"id": str(claim_id), "notices": told}

    @get(
        "/farms/{farm:str}/contact",
        operation_id="show_contact",
        opt=may(Role.FARMER, Role.INSURER, over=Reach.OWN),
    )
    async def contact(self, parts: Running, sight: Sees, farm: FromPath[str]) -> dict[str, object]:
        """The phone that text messages go to, and the language. For the farm itself and the insurer."""

        def look(connection: Transaction) -> contacts.Contact:
            contacts.require_farm(connection, FarmId(farm))
            return contacts.contact(connection, FarmId(farm))

        found = await parts.store.read(look, sight=sight)
        return {"farm_id": farm, "phone": found.phone, "language": found.language}

    @put(
        "/farms/{farm:str}/contact",
        operation_id="set_contact",
        opt=may(Role.FARMER, Role.INSURER, over=Reach.OWN),
        operation_class=body_of(ContactBody),
    )
    async def set_contact(
        self, request: AnyRequest, parts: Running, sight: Sees, farm: FromPath[str]
    ) -> dict[str, object]:
        """Tell the farm this way from now on; what the body leaves out is forgotten."""
        wanted = contact_of(fields.read(ContactBody, await request.body()))
        farm_id = FarmId(farm)
        # Looked for within what the caller sees; a write sees every farm.
        await parts.store.read(lambda connection: contacts.require_farm(connection, farm_id), sight=sight)
        await parts.store.write(lambda connection: contacts.put(connection, farm_id, wanted))
        return {"farm_id": farm, "phone": wanted.phone, "language": wanted.language}
