"""Parquet: the CSV's columns with their types; a row group holds a few thousand claims."""

from collections.abc import Iterator
from typing import Any  # a row's values are of many types

import pyarrow as pa
from pyarrow import parquet

from backend.insight.exported.columns import SCHEMA
from backend.insight.exported.pieces import Put, Sink, together


def write_parquet(rows: Iterator[dict[str, Any]], put: Put) -> None:
    """Hand out the file's bytes in order."""
    with parquet.ParquetWriter(Sink(put), SCHEMA, compression="zstd") as writer:
        for batch in together(rows):
            writer.write_table(pa.Table.from_pylist(batch, SCHEMA))
