"""Claims, searched and listed a page at a time; the address carries the search."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any  # a template takes whatever it is given

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from backend.api.guards import may
from backend.api.insurer_pages.filtering import Asked, Filter
from backend.api.insurer_pages.shell import Around
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach
from backend.domain.words import Path, Species, State
from backend.insight.lists import claim_page
from backend.store.claims import Wanted
from backend.texts.printed import word

_FIELDS = ("q", "state", "path")
_LONGEST = 60
_A_PAGE = 50


class ClaimsPage(Controller):
    """Claims 案件."""

    @get("/claims", operation_id="claims_page", opt=may(*OFFICES, over=Reach.COUNTY, page=True))
    async def listed(
        self,
        request: AnyRequest,
        shell: Around,
        parts: Running,
        sight: Sees,
        asked: Asked,
        after: Annotated[str, QueryParameter(max_length=40)] = "",
    ) -> Response[bytes]:
        """Newest first; with a link to the page after."""
        searched = _searched(request, asked)
        facts: dict[str, Any] = {
            "asked": searched,
            "say": partial(word, shell.language),
            "states": State,
            "paths": Path,
        }
        if searched.wrong:
            return shell.page("claims.html", HTTPStatus.BAD_REQUEST, told=None, following="", **facts)
        wanted = _wanted(searched, sight.only_county, after)
        told = await parts.store.read(lambda connection: claim_page(connection, wanted), sight=sight)
        following = searched.with_(after=str(told["next"])) if told["next"] else ""
        return shell.page("claims.html", told=told, following=following, **facts)


def _searched(request: AnyRequest, asked: Filter) -> Filter:
    """The filter with what only this page asks for."""
    typed = {name: request.query_params.get(name, "").strip() for name in _FIELDS}
    wrong = dict(asked.wrong)
    if len(typed["q"]) > _LONGEST:
        wrong["q"] = "wrong_length"
    if typed["state"] and typed["state"] not in {"open", *State}:
        wrong["state"] = "wrong_state"
    if typed["path"] and typed["path"] not in set(Path):
        wrong["path"] = "wrong_path"
    return replace(asked, typed={**asked.typed, **typed, "by": ""}, wrong=wrong)


def _wanted(asked: Filter, only_county: str | None, after: str) -> Wanted:
    typed, days = asked.typed, asked.wanted
    state = typed["state"]
    return Wanted(
        state=State(state) if state and state != "open" else None,
        open_only=state == "open",
        after=after or None,
        most=_A_PAGE,
        county=typed["county"] or only_county,
        text=typed["q"] or None,
        species=Species(typed["species"]) if typed["species"] else None,
        product=typed["product"] or None,
        path=Path(typed["path"]) if typed["path"] else None,
        first=days.first,
        last=days.last,
    )
