"""Paid claims as an insurer's core system imports them (docs/core-import.md)."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter

from backend.api.auth import Person, require_insurer, require_office_of
from backend.api.claims import find_own
from backend.api.limits import HeldTo
from backend.api.web import ClaimName, Running
from backend.domain.core_import import FORMAT
from backend.domain.edges.limited import Limited
from backend.domain.problems import FieldError, InvalidInput
from backend.insight import core_export
from backend.insight.core_export import Paid
from backend.store import registers
from backend.store.engine import Transaction


class ExportController(Controller):
    """The insurer's to read."""

    path = "/"
    tags = ("claims",)

    @get("/claims/{claim:str}/export", operation_id="export_claim", guards=[HeldTo(Limited.EXPORTS)])
    async def one(self, parts: Running, person: Person, claim: ClaimName) -> dict[str, object]:
        """One paid claim: ``{"format", "claims": [one], "next": null}``."""
        officer = require_insurer(person)
        claim_id = await find_own(parts, person, claim)

        def look(connection: Transaction) -> dict[str, object]:
            require_office_of(connection, officer, claim_id)
            return core_export.paid_claim(connection, claim_id)

        return {"format": FORMAT, "claims": [await parts.store.read(look)], "next": None}

    @get("/exports/paid-claims", operation_id="export_paid_claims", guards=[HeldTo(Limited.EXPORTS)])
    async def paid(
        self,
        parts: Running,
        person: Person,
        since: FromQuery[datetime],
        until: FromQuery[datetime | None] = None,
        after: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 200,
    ) -> dict[str, object]:
        """Claims of the county whose money arrived from ``since`` on and before ``until``, oldest first, by pages.

        ``next`` is the cursor for the page after. A claim whose money came back is left out.
        """
        officer = require_insurer(person)
        naive = [name for name, at in (("since", since), ("until", until)) if at and at.utcoffset() is None]
        if naive:
            errors = [
                FieldError(f"/{name}", "say the UTC offset, as in 2026-11-01T00:00:00+08:00")
                for name in naive
            ]
            raise InvalidInput("a moment without its offset", errors=errors)

        def look(connection: Transaction) -> dict[str, object]:
            county = registers.county_of(connection, officer.organisation)
            wanted = Paid(county, since, until, after, limit)
            documents, following = core_export.paid_claims(connection, wanted)
            return {"format": FORMAT, "claims": documents, "next": following}

        return await parts.store.read(look)
