"""A policy's herd book, so that a report picks its ear tags from a list instead of typing them."""

from litestar import Controller, get
from litestar.params import FromPath

from backend.api.guards import may
from backend.api.web import Running, Sees
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.words import Reach
from backend.domain.ids import PolicyNumber
from backend.store import policies
from backend.store.engine import Transaction


class HerdController(Controller):
    """Herd books 存栏台账."""

    path = "/policies/{policy:str}/herd"
    tags = ("claims",)

    @get(operation_id="list_herd", opt=may(*ANYONE, over=Reach.OWN))
    async def listed(self, parts: Running, sight: Sees, policy: FromPath[str]) -> dict[str, object]:
        """The farm's animals of the insured species by ear tag; ``claims`` are those that name the tag.

        For officers, and for the holder of this policy's report token.
        """
        number = PolicyNumber(policy)

        def look(connection: Transaction) -> dict[str, object]:
            known = policies.policy(connection, number)
            animals = [
                {"tag": row.tag, "category": row.category, "claims": row.claims}
                for row in policies.herd(connection, known.farm_id, known.species)
            ]
            return {"farm_id": known.farm_id, "species": known.species, "animals": animals}

        return await parts.store.read(look, sight=sight)
