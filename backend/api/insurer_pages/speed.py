"""The first page: how fast claims are paid with those still open counted, and whose minutes pass."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from litestar import Controller, Response, get

from backend.api.guards import may
from backend.api.insurer_pages.filtering import Asked, Filter, day_of
from backend.api.insurer_pages.shell import Around
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach
from backend.insight.comparison import Days, comparison
from backend.insight.figures import insight
from backend.insight.wanted import By, Wanted
from backend.store.engine import Transaction

Document = dict[str, object]
_AGAINST = ("against_from", "against_to")


class SpeedPage(Controller):
    """Speed 时效."""

    @get("/", operation_id="speed_page", opt=may(*OFFICERS, over=Reach.COUNTY, page=True))
    async def speed(
        self, request: AnyRequest, shell: Around, parts: Running, sight: Sees, asked: Asked
    ) -> Response[bytes]:
        """Quantiles and shares with their bands, the funnel, minutes by holder, and two periods side by side."""
        now, (asked, against) = parts.clock(), _with_against(asked, request)
        if asked.wrong:
            return shell.page("speed.html", HTTPStatus.BAD_REQUEST, asked=asked, told=None)
        # Without a word weeks are told apart: what the trend shows is what most come for.
        wanted = replace(asked.wanted, by=asked.wanted.by or By.WEEK)
        told, compared = await parts.store.read(
            lambda connection: _look(connection, wanted, against, now), sight=sight
        )
        return shell.page("speed.html", asked=asked, told=told, compared=compared)


def _look(
    connection: Transaction, wanted: Wanted, against: Days | None, now: datetime
) -> tuple[Document, Document]:
    return insight(connection, wanted, now), comparison(connection, wanted, against, now)


def _with_against(asked: Filter, request: AnyRequest) -> tuple[Filter, Days | None]:
    """The filter with the period that another one is held against; None where none is named."""
    typed = {name: request.query_params.get(name, "").strip() for name in _AGAINST}
    asked = replace(asked, typed={**asked.typed, **typed})
    if not any(typed.values()):
        return asked, None
    days = {name: day_of(text) for name, text in typed.items()}
    wrong = {name: "wrong_day" if typed[name] else "wrong_pair" for name, day in days.items() if day is None}
    first, last = (days[name] for name in _AGAINST)
    if first and last and last < first:
        wrong["against_to"] = "wrong_pair"
    against = (first, last) if first and last and not wrong else None
    return replace(asked, wrong={**asked.wrong, **wrong}), against
