"""Messages: what people were told about a claim, and how a farm wants to be told."""

from litestar import Controller, get, put
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Person, Reporter, require_insurer
from backend.api.claims import find_own
from backend.api.docs import body_of
from backend.api.schemas.notices import ContactBody, contact_of
from backend.api.web import AnyRequest, ClaimName, Running
from backend.domain.ids import FarmId
from backend.domain.problems import NotAllowed
from backend.insight.told import notices_document
from backend.store import contacts, policies
from backend.store.engine import Transaction


class NoticeController(Controller):
    """Messages 通知."""

    path = "/"
    tags = ("notices",)

    @get("/claims/{claim:str}/notices", operation_id="claim_notices")
    async def of_claim(self, parts: Running, person: Person, claim: ClaimName) -> dict[str, object]:
        """What was told, over which channel, when, and whether it arrived; codes are hidden.

        Farmers see what they were told, officers also what offices were.
        """
        claim_id = await find_own(parts, person, claim)
        everyone = not isinstance(person, Reporter)
        told = await parts.store.read(
            lambda connection: notices_document(connection, claim_id, everyone=everyone)
        )
        return {"id": str(claim_id), "notices": told}

    @get("/farms/{farm:str}/contact", operation_id="show_contact")
    async def contact(self, parts: Running, person: Person, farm: FromPath[str]) -> dict[str, object]:
        """The phone that text messages go to, and the language. For the farm itself and the insurer."""

        def look(connection: Transaction) -> contacts.Contact:
            _require_own_farm(connection, person, FarmId(farm))
            contacts.require_farm(connection, FarmId(farm))
            return contacts.contact(connection, FarmId(farm))

        found = await parts.store.read(look)
        return {"farm_id": farm, "phone": found.phone, "language": found.language}

    @put("/farms/{farm:str}/contact", operation_id="set_contact", operation_class=body_of(ContactBody))
    async def set_contact(
        self, request: AnyRequest, parts: Running, person: Person, farm: FromPath[str]
    ) -> dict[str, object]:
        """Tell the farm this way from now on; what the body leaves out is forgotten."""
        wanted = contact_of(fields.read(ContactBody, await request.body()))

        def work(connection: Transaction) -> None:
            _require_own_farm(connection, person, FarmId(farm))
            contacts.put(connection, FarmId(farm), wanted)

        await parts.store.write(work)
        return {"farm_id": farm, "phone": wanted.phone, "language": wanted.language}


def _require_own_farm(connection: Transaction, person: Person, farm_id: FarmId) -> None:
    """The farm itself, or the insurer.

    Raises:
        NotAllowed: Anyone else.
    """
    if not isinstance(person, Reporter):
        require_insurer(person)
    elif policies.policy(connection, person.policy_number).farm_id != farm_id:
        raise NotAllowed("this report token belongs to another farm")
