"""Shipped and imported products as one catalogue, the same in every process.

An imported version never changes, so a version that is known is right for good. Which version a bare name means can
change with an import: then the table is asked how many there are and when the last one came, a read of a few rows.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from backend.domain.ids import OfficerId
from backend.domain.indemnity.product import Product
from backend.products.catalogue import Catalogue
from backend.products.load import read_text
from backend.store import tables

COUNTER = "products"
"""The name under which imports of products are counted, so that two never write from the same look."""


_STAMP = select(func.count(), func.max(tables.products.c.imported_at)).select_from(tables.products)


@dataclass(frozen=True, slots=True)
class _Seen:
    # Not the counter: a write that was taken back would leave a number that the next import has again.
    stamp: tuple[int, datetime | None]
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Imported:
    """Who brought a version, and when."""

    by: OfficerId
    at: datetime


class Shelf:
    """The products of one installation, kept in memory and read again after an import by any process."""

    def __init__(self, shipped: Catalogue) -> None:
        self.shipped = shipped
        self._seen = _Seen((0, None), shipped)

    def find(self, connection: Connection, label: str, on: date) -> Product:
        """As ``Catalogue.find``, in the catalogue as it stands for this transaction."""
        seen = self._seen.catalogue
        if "@" in label and seen.holds(label):
            return seen.find(label, on)
        return self.catalogue(connection).find(label, on)

    def catalogue(self, connection: Connection) -> Catalogue:
        """Every product that ships or was imported, as it stands for this transaction."""
        count, last = connection.execute(_STAMP).one()
        stamp, seen = (int(count), last), self._seen
        if stamp != seen.stamp:
            # Set as one value: threads may read while another one looks again.
            seen = self._seen = _Seen(stamp, Catalogue([*self.shipped, *_imported(connection)]))
        return seen.catalogue


def put(connection: Connection, product: Product, content: str, by: OfficerId, at: datetime) -> None:
    """Keep a version for good."""
    connection.execute(
        insert(tables.products),
        {
            "name": product.name,
            "version": product.version,
            "content": content,
            "imported_at": at,
            "officer_id": by,
        },
    )


def imports(connection: Connection) -> dict[str, Imported]:
    """Who imported which version, and when, by label."""
    kept = tables.products.c
    rows = connection.execute(select(kept.name, kept.version, kept.imported_at, kept.officer_id))
    return {f"{row.name}@{row.version}": Imported(OfficerId(row.officer_id), row.imported_at) for row in rows}


def policies_under(connection: Connection, product: Product, begins: date) -> int:
    """Policies that name the product without a version and incept on *begins* or later."""
    kept = tables.policies.c
    wanted = select(func.count()).where(
        kept.product == product.name,
        kept.incepted >= begins,
        kept.incepted <= (product.effective_to or date.max),
    )
    return int(connection.scalar(wanted) or 0)


def _imported(connection: Connection) -> list[Product]:
    rows = connection.execute(select(tables.products)).all()
    return [read_text(row.content, f"{row.name}@{row.version}") for row in rows]
