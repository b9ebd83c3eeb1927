"""Views of the pages that officers keep by name: a page and its filter, as the address carries them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, func, insert, select

from backend.domain.ids import OfficerId
from backend.domain.pages.problems import ViewsFull
from backend.store.page_tables import saved_views

MOST = 50
"""So many views of one officer: a list that can still be read."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view; ``address`` is below the pages' own, with its filter."""

    id: UUID
    name: str
    page: str
    query: str

    @property
    def address(self) -> str:
        """Where it is seen."""
        return f"{self.page}?{self.query}" if self.query else self.page


def keep(connection: Connection, officer: OfficerId, name: str, page: str, query: str, at: datetime) -> None:
    """Keep a view under a name; the same name again is the newer view.

    Raises:
        ViewsFull: There are too many already.
    """
    table = saved_views
    is_own = table.c.officer_id == officer
    connection.execute(delete(table).where(is_own, table.c.name == name))
    kept = connection.scalar(select(func.count()).select_from(table).where(is_own)) or 0
    if kept >= MOST:
        raise ViewsFull(f"{MOST} views are kept")
    row = {"id": uuid4(), "officer_id": officer, "name": name, "page": page, "query": query, "saved_at": at}
    connection.execute(insert(table), row)


def forget(connection: Connection, officer: OfficerId, view: UUID) -> None:
    """Drop one of the officer's own views; again is fine."""
    table = saved_views
    connection.execute(delete(table).where(table.c.id == view, table.c.officer_id == officer))


def of_officer(connection: Connection, officer: OfficerId) -> Sequence[SavedView]:
    """An officer's own views, by name."""
    table = saved_views
    rows = connection.execute(select(table).where(table.c.officer_id == officer).order_by(table.c.name))
    return [SavedView(row.id, row.name, row.page, row.query) for row in rows]
