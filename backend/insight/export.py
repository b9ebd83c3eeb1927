"""``stats export``: every claim as a row of CSV or Parquet, piece by piece."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any  # a row's values are of many types

from sqlalchemy import Connection

from backend.insight.claim_rows import (
    COLUMNS,
    FLAGS,
    MOMENTS,
    SECONDS,
    TEXTS,
    TICKETS,
    VOICES,
    claim_rows,
)
from backend.insight.wanted import Wanted

_TOGETHER = 5_000

Put = Callable[[bytes], None]


class ExportFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    """UTF-8, RFC 4180; seconds with three places, moments as RFC 3339, an empty cell for what is not there."""
    PARQUET = "parquet"


def write_export(connection: Connection, wanted: Wanted, now: datetime, kind: ExportFormat, put: Put) -> None:
    """Hand out the file's bytes in order, a few thousand claims at a time."""
    rows = claim_rows(connection, wanted, now)
    if kind is ExportFormat.CSV:
        _write_csv(rows, put)
    else:
        _write_parquet(rows, put)


def _write_csv(rows: Iterator[dict[str, Any]], put: Put) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    while batch := list(islice(rows, _TOGETHER)):
        writer.writerows([_cell(row[name]) for name in COLUMNS] for row in batch)
        put(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    put(text.getvalue().encode())


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case float():
            # A third of a second that lanes share has no last place: six keep what is summed exact to the millisecond.
            return f"{value:.6f}".rstrip("0").rstrip(".")
        case datetime():
            return value.isoformat()
        case _:
            return value


def _write_parquet(rows: Iterator[dict[str, Any]], put: Put) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    fields = [
        *((name, pa.string()) for name in TEXTS),
        *((name, pa.timestamp("us", tz="UTC")) for name in MOMENTS),
        *((name, pa.bool_()) for name in FLAGS),
        *((name, pa.float64()) for name in SECONDS),
        *((name, pa.int64()) for name in (*VOICES, *TICKETS)),
    ]
    schema = pa.schema(fields)
    with parquet.ParquetWriter(_Sink(put), schema, compression="zstd") as writer:
        while batch := list(islice(rows, _TOGETHER)):
            writer.write_table(pa.Table.from_pylist(batch, schema))


class _Sink(io.RawIOBase):
    """A file that is written to its end once and never looked back at."""

    def __init__(self, put: Put) -> None:
        super().__init__()
        self._put = put
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        content = bytes(piece)
        self._put(content)
        self._at += len(content)
        return len(content)

    def tell(self) -> int:
        return self._at
