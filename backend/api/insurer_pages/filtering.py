"""The filter of the pages: the address carries it, and whatever cannot be used is said beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from backend.api.web import AnyRequest, Sees
from backend.domain.words import Species
from backend.insight.wanted import By, Wanted

FIELDS = ("county", "product", "species", "from", "to", "by")
_LONGEST = {"county": 12, "product": 60}
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


@dataclass(frozen=True, slots=True)
class Filter:
    """What was asked for.

    Attributes:
        typed: Each field as it was typed, empty where it was not.
        wrong: The label of what is wrong with a field, by its name.
        wanted: What is wanted, as far as it can be used; a page with wrong fields shows no figures.
    """

    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    wanted: Wanted

    @property
    def query(self) -> str:
        """The filter as an address carries it."""
        return urlencode({name: value for name, value in self.typed.items() if value})

    def with_(self, **changes: str) -> str:
        """The same with some fields changed, for a link."""
        return urlencode({name: value for name, value in {**self.typed, **changes}.items() if value})


Asked = SkipValidation[NamedDependency[Filter]]
"""The filter of this request, as a handler is handed it: ``asked``."""


async def provide_filter(request: AnyRequest, sight: Sees) -> Filter:
    """The filter that the address carries, within what its sender sees."""
    typed = {name: request.query_params.get(name, "").strip() for name in FIELDS}
    wrong = {name: "wrong_length" for name, most in _LONGEST.items() if len(typed[name]) > most}
    days = {name: day_of(typed[name]) for name in ("from", "to")}
    wrong |= {name: "wrong_day" for name, day in days.items() if typed[name] and day is None}
    if typed["species"] and typed["species"] not in set(Species):
        wrong["species"] = "wrong_species"
    if typed["by"] and typed["by"] not in set(By):
        wrong["by"] = "wrong_by"
    first, last = days["from"], days["to"]
    if first and last and last < first:
        wrong["to"] = "wrong_order"
    wanted = Wanted(
        county=typed["county"] or None,
        product=typed["product"] or None,
        species=None if "species" in wrong else typed["species"] or None,
        first=first,
        last=last,
        by=None if "by" in wrong or not typed["by"] else By(typed["by"]),
        within=None if sight.everywhere else sight.counties,
    )
    return Filter(typed, wrong, wanted)


def day_of(text: str) -> date | None:
    """The day that was typed; None where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Moments of days are read in other zones too, where the calendar must not end.
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
