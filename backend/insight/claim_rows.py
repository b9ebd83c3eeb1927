"""Claims one by one, as ``stats export`` writes them: which columns, of which claims, and a page of them at a time.

Values come as the driver gives them: of a hundred thousand claims' export most of the time went into making each
identifier, moment and stage an object of its own, one after the other.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, String, select, type_coerce

from backend.domain.policy import SHANGHAI
from backend.domain.ratings.words import RatedStage
from backend.insight.wanted import Wanted
from backend.store import tables
from backend.store.day_pack import AFTER_PAYMENT, HOLDERS, OBSERVED, STANDSTILLS, WHOLE_WAY
from backend.store.rating_tables import claim_voices

ROWS_TOGETHER = 5_000
"""Claims of a page, and of a Parquet row group: memory holds one of them."""
STAGES = tuple(name for name in OBSERVED if name != WHOLE_WAY)

TEXTS = ("number", "county", "product", "species", "path", "state", "open_stage", "held_by", "assisted_by")
MOMENTS = ("as_of", "reported_at", "due_at", "paid_at")
FLAGS = ("ended_unpaid", "asked")
SECONDS = (
    WHOLE_WAY,
    *(f"stage.{name}" for name in STAGES),
    *(f"held.{name}" for name in HOLDERS),
    *(f"paused.{name}" for name in STANDSTILLS),
    f"held.{AFTER_PAYMENT}",
)
"""``report_to_paid`` lasts until the money, or until ``as_of`` for an open claim; stages likewise, all passes."""
_SCORES = tuple(f"rating.{stage.value}" for stage in RatedStage)
VOICES = (*_SCORES, "recommend")
"""What the farmer said: 1 to 5 a stage, 0 to 10 of the recommendation; empty where nothing was said."""
TICKETS = ("tickets_in_time", "tickets_late", "tickets_waiting")
"""Service tickets by how they ended: closed by the time they were due; closed later or overdue; open and in time."""
COLUMNS = (*TEXTS, *MOMENTS, *FLAGS, *SECONDS, *VOICES, *TICKETS)

Page = Sequence[Row[Any]]
"""Claims in order of their numbers; moments as the driver gives them, voices under the names of VOICES."""


def claim_pages(connection: Connection, wanted: Wanted) -> Iterator[Page]:
    """The wanted claims by number, a page at a time; no page is empty."""
    after = ""
    while page := connection.execute(_page(wanted, after)).all():
        yield page
        after = page[-1].number


def of_page(statement: Select[Any], wanted: Wanted, page: Page) -> Select[Any]:
    """What belongs to the claims of a page, of a statement that joins it to them."""
    number = tables.claims.c.number
    return narrowed(statement, wanted).where(number >= page[0].number, number <= page[-1].number)


def as_given(column: Any) -> Any:
    """The column as the driver gives it: text on SQLite, a moment on PostgreSQL."""
    return type_coerce(column, String()).label(column.name)


def narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """Claims that a filter wants, of a statement that selects from them."""
    claims = tables.claims
    if (counties := wanted.counties) is not None:
        statement = statement.where(claims.c.county.in_(sorted(counties)))
    if wanted.product and "@" in wanted.product:
        statement = statement.where(claims.c.product == wanted.product)
    elif wanted.product:
        statement = statement.where(claims.c.product.startswith(f"{wanted.product}@", autoescape=True))
    if wanted.species:
        statement = statement.where(claims.c.species == wanted.species)
    if wanted.first:
        begin = datetime.combine(wanted.first, time(), SHANGHAI)
        statement = statement.where(claims.c.reported_at >= begin)
    if wanted.last:
        end = datetime.combine(wanted.last, time(), SHANGHAI) + timedelta(days=1)
        statement = statement.where(claims.c.reported_at < end)
    return statement


def _page(wanted: Wanted, after: str) -> Select[Any]:
    claims, voices = tables.claims, claim_voices
    said = zip(_SCORES, RatedStage, strict=True)
    statement = select(
        *(claims.c.number, claims.c.county, claims.c.product, claims.c.species, claims.c.path),
        *(claims.c.state, claims.c.assisted_by, claims.c.farm_id),
        *map(as_given, (claims.c.reported_at, claims.c.due_at, claims.c.paid_at)),
        *(voices.c[stage.value].label(name) for name, stage in said),
        voices.c.recommend,
    ).outerjoin(voices, voices.c.claim_id == claims.c.id)
    wanted_ones = narrowed(statement, wanted).where(claims.c.number > after)
    return wanted_ones.order_by(claims.c.number).limit(ROWS_TOGETHER)
