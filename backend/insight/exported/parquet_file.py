"""Parquet: the CSV's columns with their types; a row group holds a few thousand claims."""

from collections.abc import Iterator

import pyarrow as pa
from pyarrow import parquet

from backend.insight.claim_columns import ClaimColumns
from backend.insight.exported.columns import SCHEMA, arrays
from backend.insight.exported.pieces import Put, Sink


def write_parquet(pages: Iterator[ClaimColumns], put: Put) -> None:
    """Hand out the file's bytes in order."""
    with parquet.ParquetWriter(Sink(put), SCHEMA, compression="zstd") as writer:
        for page in pages:
            writer.write_table(pa.Table.from_arrays(arrays(page), schema=SCHEMA))
