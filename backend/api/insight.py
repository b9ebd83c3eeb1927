"""Where the minutes go: speed, minutes, what is stuck, and every claim as a file."""

from datetime import date
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter, SkipValidation
from litestar.response import Stream

from backend.api.fields import require_days
from backend.api.guards import may
from backend.api.streamed import streamed
from backend.api.treasury import read_funds
from backend.api.web import Running, Sees
from backend.domain.authority.rule import OFFICERS, OFFICES
from backend.domain.authority.words import Reach, Role
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Species
from backend.insight.comparison import Days, comparison
from backend.insight.export import ExportFormat, write_export
from backend.insight.exported.pieces import Put
from backend.insight.figures import insight
from backend.insight.model import model_figures
from backend.insight.quality import quality
from backend.insight.regulator import month_of, regulator
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
    require_days(first, last)
    within = None if sight.everywhere else sight.counties
    return Wanted(
        county=county, product=product, species=species, first=first, last=last, by=by, within=within
    )


def against_of(first: date | None, last: date | None) -> Days | None:
    """The period that another one is held against; None where none is named.

    Raises:
        InvalidInput: Half of one is named, or it ends before it begins.
    """
    if first is None and last is None:
        return None
    if first is None or last is None or last < first:
        errors = [FieldError("/against_to", "is missing, or lies before against_from")]
        raise InvalidInput("the period to compare with needs its first and its last day", errors=errors)
    return first, last


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

    @get("/comparison", operation_id="compare_periods", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def comparison(
        self,
        parts: Running,
        sight: Sees,
        wanted: Filter,
        against_first: Annotated[date | None, QueryParameter(name="against_from")] = None,
        against_last: Annotated[date | None, QueryParameter(name="against_to")] = None,
    ) -> dict[str, object]:
        """Two periods side by side with the limits of each difference; without days the last seven and those before."""
        # Not named as in wanted_of: Litestar would read a parameter of both once, from one of the two names.
        now, against = parts.clock(), against_of(against_first, against_last)
        return await parts.store.read(
            lambda connection: comparison(connection, wanted, against, now), sight=sight
        )

    @get("/quality", operation_id="service_quality", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def quality(self, parts: Running, sight: Sees, wanted: Filter) -> dict[str, object]:
        """The service quality index with every raw figure, weight and point that it is made of."""
        now = parts.clock()
        return await parts.store.read(lambda connection: quality(connection, wanted, now), sight=sight)

    @get("/model", operation_id="model_figures", opt=may(*OFFICES, over=Reach.COUNTY))
    async def model(self, parts: Running, sight: Sees, wanted: Filter) -> dict[str, object]:
        """How the counter's heads agree with those that all offices approved, by species, network and week."""
        now = parts.clock()
        return await parts.store.read(lambda connection: model_figures(connection, wanted, now), sight=sight)

    @get("/money", operation_id="money_figures", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def money(self, parts: Running, sight: Sees) -> dict[str, object]:
        """Payouts by state, the reserve, the ledger's sums, and what stands above all payouts."""
        return await read_funds(parts, sight)

    @get(
        "/regulator",
        operation_id="regulator_figures",
        opt=may(Role.REGULATOR, Role.INSURER, over=Reach.COUNTY),
    )
    async def regulator(
        self, parts: Running, sight: Sees, month: Annotated[str | None, QueryParameter(max_length=7)] = None
    ) -> dict[str, object]:
        """One month's table for a regulator, the last whole one where none is named: counties by what became of claims.

        Counts below 5 are hidden, and whatever would give them away.
        """
        now = parts.clock()
        wanted, within = month_of(month, now), None if sight.everywhere else sight.counties
        return await parts.store.read(
            lambda connection: regulator(connection, within, wanted, now), sight=sight
        )

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
