"""Programmes 政策性保险项目: their money, the insurer's to see. They come in by ``/registers/programmes/imports``."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from backend.api.auth import Person, require_insurer
from backend.api.web import Running
from backend.domain.ids import ProgrammeId
from backend.insight.programmes import programme_document, programme_row
from backend.store import programmes, registers
from backend.store.engine import Transaction


class ProgrammeController(Controller):
    """What is used of public money, and what is left."""

    path = "/programmes"
    tags = ("programmes",)

    @get("/", operation_id="list_programmes")
    async def listed(self, parts: Running, person: Person) -> dict[str, object]:
        """Programmes that reach one's county, the newest period first."""
        officer = require_insurer(person)

        def rows(connection: Transaction) -> list[dict[str, object]]:
            county = registers.county_of(connection, officer.organisation)
            return [programme_row(row) for row in programmes.listed(connection, county)]

        return {"programmes": await parts.store.read(rows)}

    @get("/{programme:str}", operation_id="show_programme")
    async def show(
        self,
        parts: Running,
        person: Person,
        programme: FromPath[str],
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """One programme, and the claims whose payout waits."""
        officer, wanted = require_insurer(person), ProgrammeId(programme)

        def document(connection: Transaction) -> dict[str, object]:
            county = registers.county_of(connection, officer.organisation)
            row = programmes.one(connection, wanted, county)
            return programme_document(row, programmes.waiting(connection, wanted, limit))

        return await parts.store.read(document)
