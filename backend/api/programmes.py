"""Programmes 政策性保险项目: their money, the insurer's to see. They come in by ``/registers/programmes/imports``."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.web import Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import ProgrammeId
from backend.insight.programmes import programme_document, programme_row
from backend.store import programmes, registers
from backend.store.engine import Transaction


class ProgrammeController(Controller):
    """What is used of public money, and what is left."""

    path = "/programmes"
    tags = ("programmes",)

    @get("/", operation_id="list_programmes", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def listed(self, parts: Running, sight: Sees, officer: Acting) -> dict[str, object]:
        """Programmes that reach one's county, the newest period first."""

        def rows(connection: Transaction) -> list[dict[str, object]]:
            county = registers.county_of(connection, officer.organisation)
            return [programme_row(row) for row in programmes.listed(connection, county)]

        return {"programmes": await parts.store.read(rows, sight=sight)}

    @get("/{programme:str}", operation_id="show_programme", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def show(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        programme: FromPath[str],
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """One programme, and the claims whose payout waits."""
        wanted = ProgrammeId(programme)

        def document(connection: Transaction) -> dict[str, object]:
            county = registers.county_of(connection, officer.organisation)
            row = programmes.one(connection, wanted, county)
            return programme_document(row, programmes.waiting(connection, wanted, limit))

        return await parts.store.read(document, sight=sight)
