"""Every table as lines that any engine takes back, and the way back: at the schema that the lines were made at."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.domain.personal.keys import Keys
from backend.store import tables
from backend.store.copying import Progress, filling, put_rows, require_empty, rows_of, snapshot, tally_of
from backend.store.migrate import check_schema, current_revision, migrate, rebuild
from backend.store.portable import Row, Tally, columns_of, lines_of, row_of, table_of
from backend.store.refusals import CopyDiffers
from backend.store.replay import events_digest


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What a table was when it was read: the kind of each column, how many rows, and their fingerprint."""

    table: str
    columns: Mapping[str, str]
    rows: int
    fingerprint: str


@dataclass(slots=True)
class TableLines:
    """One table's rows as lines; ``facts`` are complete once every line was taken."""

    connection: Connection = field(repr=False)
    table: str
    _tally: Tally = field(default_factory=Tally)

    def __iter__(self) -> Iterator[bytes]:
        source = tables.metadata.tables[self.table]
        for line in lines_of(columns_of(source), rows_of(self.connection, source)):
            self._tally.add(line)
            yield line

    @property
    def rows(self) -> int:
        """How many were taken so far."""
        return self._tally.rows

    @property
    def facts(self) -> TableFacts:
        """What was taken."""
        columns = columns_of(tables.metadata.tables[self.table])
        return TableFacts(self.table, columns, self._tally.rows, self._tally.fingerprint)


@dataclass(frozen=True, slots=True)
class Dump:
    """A database at one moment."""

    connection: Connection
    schema: str

    def tables(self) -> Iterator[TableLines]:
        """Every table, in an order in which they can be put back."""
        return (TableLines(self.connection, str(one.name)) for one in tables.metadata.sorted_tables)

    @property
    def events_digest(self) -> str:
        """sha-256 over all leaf hashes in order."""
        return events_digest(self.connection, anew=False)


@contextmanager
def dumping(url: str) -> Iterator[Dump]:
    """Read the database at one moment, while others go on writing.

    Raises:
        SchemaOutdated: It needs ``flashclaim server migrate`` first.
        DatabaseUnusable: It cannot be opened.
    """
    check_schema(url)
    with snapshot(url) as connection:
        yield Dump(connection, current_revision(url) or "")


def refill(
    url: str,
    schema: str,
    filled: Sequence[tuple[TableFacts, Callable[[], Iterable[bytes]]]],
    progress: Progress,
    keys: Keys,
) -> None:
    """Put tables back into an empty database, compare, and bring it to this version's schema.

    Args:
        url: Where to.
        schema: The revision that the lines were made at.
        filled: Tables in the order of ``Dump.tables``, each with what opens its lines.
        progress: Told how far it is.
        keys: What personal data is encrypted under; lines of before it was are encrypted now.

    Raises:
        TargetNotEmpty: There is something in it already.
        CopyDiffers: It does not give back what it was given; it was left empty.
        DatabaseUnusable: It cannot be opened.
    """
    require_empty(url)
    rebuild(url, schema)
    with filling(url) as connection:
        for facts, lines in filled:
            progress(f"restoring {facts.table}", 0)
            target = table_of(facts.table, facts.columns)
            for done in put_rows(connection, target, _rows(facts.columns, lines())):
                progress(f"restoring {facts.table}", done)
        for facts, _ in filled:
            found = tally_of(connection, table_of(facts.table, facts.columns))
            if (found.rows, found.fingerprint) != (facts.rows, facts.fingerprint):
                raise CopyDiffers(f"table {facts.table}: {facts.rows} rows in, {found.rows} out")
    migrate(url, keys)


def _rows(columns: Mapping[str, str], lines: Iterable[bytes]) -> Iterator[Row]:
    return (row_of(columns, line) for line in lines)
