"""The regulator's page 监管: one month's table with what is hidden marked, and how the index in it is made."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any  # what a template is handed

from litestar import Controller, Response, get

from backend.api.guards import may
from backend.api.insurer_pages.shell import Around
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.problems import InvalidInput
from backend.domain.quality.figure import FORMULA
from backend.insight.regulator import OUTCOMES, Month, month_of, regulator
from backend.service_index.load import weights

OFFERED = 24
"""Months to choose from; an address may name an older one."""


class RegulatorPage(Controller):
    """Aggregates, for whoever oversees the insurer; the insurer sees what its regulator sees."""

    @get(
        "/regulator",
        operation_id="regulator_page",
        opt=may(Role.REGULATOR, Role.INSURER, over=Reach.COUNTY, page=True),
    )
    async def month(self, request: AnyRequest, shell: Around, parts: Running, sight: Sees) -> Response[bytes]:
        """The table as ``GET /api/v1/insight/regulator`` gives it."""
        now, typed = parts.clock(), request.query_params.get("month", "").strip()
        months = [str(one) for one in offered(now)]
        facts: dict[str, Any] = {"months": months, "typed": typed, "outcomes": OUTCOMES}
        try:
            wanted = month_of(typed or None, now)
        except InvalidInput:
            return shell.page("regulator.html", HTTPStatus.BAD_REQUEST, told=None, **facts)
        within = None if sight.everywhere else sight.counties
        told = await parts.store.read(
            lambda connection: regulator(connection, within, wanted, now), sight=sight
        )
        return shell.page("regulator.html", told=told, formula=FORMULA, weights=weights(), **facts)


def offered(now: datetime) -> list[Month]:
    """Months that are over, the last one first."""
    found = [month_of(None, now)]
    while len(found) < OFFERED:
        found.append(Month((found[-1].first - timedelta(days=1)).replace(day=1)))
    return found
