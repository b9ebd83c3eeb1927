"""A whole installation from one database to another, compared row by row before it counts."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Table

from backend.store import tables
from backend.store.copying import (
    Progress,
    filling,
    put_rows,
    require_empty,
    rows_of,
    shown,
    sole_reader,
    tally_of,
)
from backend.store.migrate import check_schema, migrate
from backend.store.portable import Row, Tally, columns_of, lines_of
from backend.store.refusals import CopyDiffers
from backend.store.replay import events_digest


@dataclass(frozen=True, slots=True)
class Moved:
    """One table on both sides; they were equal, or nothing would have been moved."""

    table: str
    rows: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Move:
    """What was moved. ``events_digest`` is the sha-256 over all leaf hashes in order, worked out anew at the target."""

    source: str
    target: str
    schema: str
    tables: tuple[Moved, ...]
    events_digest: str
    seconds: float

    @property
    def rows(self) -> int:
        """Over all tables."""
        return sum(table.rows for table in self.tables)

    def as_json(self) -> dict[str, object]:
        """For ``server move --json``."""
        return {
            "from": self.source,
            "to": self.target,
            "schema": self.schema,
            "tables": [asdict(table) for table in self.tables],
            "rows": self.rows,
            "events_digest": self.events_digest,
            "seconds": round(self.seconds, 2),
        }


def move(source_url: str, target_url: str, progress: Progress) -> Move:
    """Copy every row, compare, and only then let the target have it; the source stays as it is.

    Raises:
        SchemaOutdated: The source needs ``flashclaim server migrate`` first.
        DatabaseInUse: A server or worker has the source open.
        TargetNotEmpty: There is something in the target already.
        DatabaseUnusable: One of them cannot be opened.
        CopyDiffers: The target does not give back what it was given; nothing was kept there.
    """
    began = time.monotonic()
    require_empty(target_url)
    check_schema(source_url)
    schema = migrate(target_url)
    with sole_reader(source_url) as source, filling(target_url) as target:
        given = {
            table.name: _copy(source, target, table, progress) for table in tables.metadata.sorted_tables
        }
        moved = []
        for table in tables.metadata.sorted_tables:
            progress(f"comparing {table.name}", 0)
            found = tally_of(target, table)
            if found != given[table.name]:
                raise CopyDiffers(f"table {table.name}: {given[table.name].rows} rows in, {found.rows} out")
            moved.append(Moved(str(table.name), found.rows, found.fingerprint))
        digests = events_digest(source, anew=False), events_digest(target, anew=True)
        if digests[0] != digests[1]:
            raise CopyDiffers(f"events: leaf hashes {digests[0]:.12}… in, {digests[1]:.12}… out")
    return Move(
        shown(source_url), shown(target_url), schema, tuple(moved), digests[1], time.monotonic() - began
    )


def _copy(source: Connection, target: Connection, table: Table, progress: Progress) -> Tally:
    tally, columns = Tally(), columns_of(table)

    def passing() -> Iterator[Row]:
        for row in rows_of(source, table):
            # Counted on the way: what went in is what came out of the source, not what it holds later.
            for line in lines_of(columns, (row,)):
                tally.add(line)
            yield dict(zip(columns, row, strict=True))

    progress(f"copying {table.name}", 0)
    for done in put_rows(target, table, passing()):
        progress(f"copying {table.name}", done)
    return tally
