"""What farmers said of the claims that are wanted, and how tickets ended: together, and told apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, case, func, or_, select

from backend.domain.quality.heard import Heard
from backend.domain.ratings.words import RatedStage
from backend.insight.wanted import By, Wanted
from backend.store.packing import CountyDay
from backend.store.rating_tables import claim_voices, tickets


@dataclass(slots=True)
class HeardApart:
    """All that were wanted together, and each group."""

    whole: Heard = field(default_factory=Heard)
    groups: dict[str, Heard] = field(default_factory=dict)

    def of(self, group: str) -> Heard:
        """What was said in a group; nothing where nobody spoke."""
        return self.groups.get(group, Heard())


def hear(connection: Connection, wanted: Wanted, now: datetime) -> HeardApart:
    """Add up ratings and tickets; the database groups them by kind of claim and day."""
    found = HeardApart()
    for row in connection.execute(_scores(wanted)):
        for heard in _into(found, wanted, row):
            heard.rated += int(row.rated or 0)
            for stage in RatedStage:
                if count := getattr(row, f"{stage.value}_count"):
                    heard.add_score(stage.value, int(count), int(getattr(row, f"{stage.value}_sum")))
    for row in connection.execute(_recommendations(wanted)):
        for heard in _into(found, wanted, row):
            heard.add_recommendation(row.recommend, int(row.answers))
    for row in connection.execute(_tickets(wanted, now)):
        for heard in _into(found, wanted, row) if row.all_of_them else ():
            heard.in_time += int(row.in_time or 0)
            heard.late += int(row.late or 0)
            heard.waiting += int(row.all_of_them) - int(row.in_time or 0) - int(row.late or 0)
    return found


def _into(found: HeardApart, wanted: Wanted, row: Row[Any]) -> Iterator[Heard]:
    yield found.whole
    if wanted.by is not None:
        place, cell = CountyDay(row.day, row.county), (row.product, row.species, row.path or "")
        yield found.groups.setdefault(wanted.group_of(place, cell), Heard())


_TOLD_APART = {
    None: (),
    By.COUNTY: ("county",),
    By.PRODUCT: ("product",),
    By.SPECIES: ("species",),
    By.PATH: ("path",),
    By.WEEK: ("day",),
}


def _grouped(wanted: Wanted, table: Any, *columns: Any) -> Select[Any]:
    """Grouped by what claims are told apart by alone; of the other kinds any one stands for all."""
    apart = _TOLD_APART[wanted.by]
    kinds = [
        table.c[name] if name in apart else func.min(table.c[name]).label(name)
        for name in ("day", "county", "product", "species", "path")
    ]
    statement = wanted.span.narrow(select(*kinds, *columns), table)
    if wanted.product and "@" in wanted.product:
        statement = statement.where(table.c.product == wanted.product)
    elif wanted.product:
        statement = statement.where(table.c.product.startswith(f"{wanted.product}@", autoescape=True))
    if wanted.species:
        statement = statement.where(table.c.species == wanted.species)
    return statement.group_by(*(table.c[name] for name in apart)) if apart else statement


def _scores(wanted: Wanted) -> Select[Any]:
    columns = [
        one
        for stage in RatedStage
        for one in (
            func.count(claim_voices.c[stage.value]).label(f"{stage.value}_count"),
            func.sum(claim_voices.c[stage.value]).label(f"{stage.value}_sum"),
        )
    ]
    is_rated = or_(*(claim_voices.c[stage.value].is_not(None) for stage in RatedStage))
    columns.append(func.sum(case((is_rated, 1), else_=0)).label("rated"))
    return _grouped(wanted, claim_voices, *columns)


def _recommendations(wanted: Wanted) -> Select[Any]:
    answers = claim_voices.c.recommend
    counted = _grouped(wanted, claim_voices, answers, func.count().label("answers"))
    return counted.where(answers.is_not(None)).group_by(answers)


def _tickets(wanted: Wanted, now: datetime) -> Select[Any]:
    in_time = tickets.c.closed_at.is_not(None) & (
        tickets.c.due_at.is_(None) | (tickets.c.closed_at <= tickets.c.due_at)
    )
    late = func.coalesce(tickets.c.closed_at, now) > tickets.c.due_at
    return _grouped(
        wanted,
        tickets,
        func.count().label("all_of_them"),
        func.sum(case((in_time, 1), else_=0)).label("in_time"),
        func.sum(case((late, 1), else_=0)).label("late"),
    )
