"""Paid claims as an insurer's core system imports them (docs/core-import.md)."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.web import ClaimHere, Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.core_import import FORMAT
from backend.domain.edges.limited import Limited
from backend.domain.problems import FieldError, InvalidInput
from backend.insight import core_export
from backend.insight.core_export import Paid
from backend.store import registers
from backend.store.engine import Transaction

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ExportController(Controller):
    """The insurer's to read."""

    path = "/"
    tags = ("claims",)

    @get(
        "/claims/{claim:str}/export",
        operation_id="export_claim",
        opt=may(Role.INSURER, over=Reach.CLAIM, counts=Limited.EXPORTS),
    )
    async def one(self, parts: Running, sight: Sees, claim_id: ClaimHere) -> dict[str, object]:
        """One paid claim: ``{"format", "claims": [one], "next": null}``."""
        paid = await parts.store.read(
            lambda connection: core_export.paid_claim(connection, claim_id), sight=sight
        )
        return {"format": FORMAT, "claims": [paid], "next": None}

    @get(
        "/exports/paid-claims",
        operation_id="export_paid_claims",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.EXPORTS),
    )
    async def paid(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        since: FromQuery[str],
        until: FromQuery[str | None] = None,
        after: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 200,
    ) -> dict[str, object]:
        """Claims of the county whose money arrived from ``since`` on and before ``until``, oldest first, by pages.

        ``next`` is the cursor for the page after. A claim whose money came back is left out.
        """
        begins, ends = _moments(since=since, until=until)

        def look(connection: Transaction) -> dict[str, object]:
            county = registers.county_of(connection, officer.organisation)
            wanted = Paid(county, begins, ends, after, limit)
            documents, following = core_export.paid_claims(connection, wanted)
            return {"format": FORMAT, "claims": documents, "next": following}

        return await parts.store.read(look, sight=sight)


def _moments(*, since: str, until: str | None) -> tuple[datetime, datetime | None]:
    """Both as aware moments; as text, since a query's number would pass for seconds since 1970.

    Raises:
        InvalidInput: Naming each that is none.
    """
    found: dict[str, datetime] = {}
    errors = []
    for name, text in (("since", since), ("until", until)):
        if text is None:
            continue
        try:
            found[name] = msgspec.convert(text, Moment)
        except msgspec.ValidationError:
            errors.append(
                FieldError(f"/{name}", "is no moment with its UTC offset, as in 2026-11-01T00:00:00+08:00")
            )
    if errors:
        raise InvalidInput("a moment cannot be used", errors=errors)
    return found["since"], found.get("until")
