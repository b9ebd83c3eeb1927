"""Where the minutes go: speed, minutes, what is stuck, and every claim as a file."""

from datetime import date
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter, SkipValidation
from litestar.response import Stream

from backend.api.guards import may
from backend.api.streamed import streamed
from backend.api.web import Running, Sees
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach, Role
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Species
from backend.insight.export import ExportFormat, write_export
from backend.insight.exported.pieces import Put
from backend.insight.figures import insight
from backend.insight.quality import quality
from backend.insight.regulator import regulator
from backend.insight.stuck import stuck
from backend.insight.wanted import By, Wanted
from backend.store.engine import Transaction

_PARQUET = "application/vnd.apache.parquet"
_MEDIA = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.PARQUET: _PARQUET,
    ExportFormat.GEOPARQUET: _PARQUET,
    ExportFormat.XES: "application/xml",
}


Filter = SkipValidation[NamedDependency[Wanted]]
"""What a request's filter wants: ``wanted``."""


def wanted_of(
    sight: Sees,
    county: Annotated[str | None, QueryParameter(max_length=12)] = None,
    product: Annotated[str | None, QueryParameter(max_length=60)] = None,
    species: FromQuery[Species | None] = None,
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
    by: FromQuery[By | None] = None,
) -> Wanted:
    """The filter that a request names, within what its sender sees.

    Raises:
        InvalidInput: It ends before it begins.
    """
    if first and last and last < first:
        errors = [FieldError("/to", f"lies before from={first.isoformat()}")]
        raise InvalidInput("the days end before they begin", errors=errors)
    within = None if sight.everywhere else sight.counties
    return Wanted(
        county=county, product=product, species=species, first=first, last=last, by=by, within=within
    )


class InsightController(Controller):
    """Figures of the counties that one sees; days are those of the report in Asia/Shanghai."""

    path = "/insight"
    tags = ("insight",)
    dependencies = {"wanted": Provide(wanted_of, sync_to_thread=False)}  # noqa: RUF012 - as Litestar declares it

    @get("/", operation_id="insight", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def figures(self, parts: Running, sight: Sees, wanted: Filter) -> dict[str, object]:
        """How fast claims are paid with open ones counted, and whose minutes pass; told apart with `by`."""
        now = parts.clock()
        return await parts.store.read(lambda connection: insight(connection, wanted, now), sight=sight)

    @get("/stuck", operation_id="stuck_claims", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def stuck(
        self,
        parts: Running,
        sight: Sees,
        wanted: Filter,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> dict[str, object]:
        """Claims at risk or late: who holds them, since when, what was promised, why; and the next hour's breaches."""
        now = parts.clock()
        return await parts.store.read(lambda connection: stuck(connection, wanted, now, limit), sight=sight)

    @get("/quality", operation_id="service_quality", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def quality(self, parts: Running, sight: Sees, wanted: Filter) -> dict[str, object]:
        """The service quality index with every raw figure, weight and point that it is made of."""
        now = parts.clock()
        return await parts.store.read(lambda connection: quality(connection, wanted, now), sight=sight)

    @get(
        "/regulator",
        operation_id="regulator_figures",
        opt=may(Role.REGULATOR, Role.INSURER, over=Reach.COUNTY),
    )
    async def regulator(self, parts: Running, sight: Sees, wanted: Filter) -> dict[str, object]:
        """Aggregates for a regulator: counts below 5 are hidden, and whatever would give them away."""
        now = parts.clock()
        return await parts.store.read(lambda connection: regulator(connection, wanted, now), sight=sight)

    @get("/claims", operation_id="export_figures", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def export(
        self,
        parts: Running,
        sight: Sees,
        wanted: Filter,
        format_: Annotated[ExportFormat, QueryParameter(name="format")] = ExportFormat.CSV,
    ) -> Stream:
        """Every claim with its seconds by stage and holder; GeoParquet with premises, XES with events; streamed."""
        now = parts.clock()

        def write(connection: Transaction, put: Put) -> None:
            write_export(connection, wanted, now, format_, put)

        return Stream(streamed(parts.store, sight, write), media_type=_MEDIA[format_])
