"""``stats export``: every claim as a row of CSV, Parquet or GeoParquet, or as a trace of XES, piece by piece.

One query, several writers: what is equal in one file is equal in the others, and in the figures.
"""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sqlalchemy import Connection

from backend.insight.exported.pieces import Put
from backend.insight.wanted import Wanted


class ExportFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    """UTF-8, RFC 4180; seconds with up to six places, moments as RFC 3339, an empty cell for what is not there."""
    PARQUET = "parquet"
    GEOPARQUET = "geoparquet"
    """GeoParquet 1.1: Parquet with the premises of the claim's farm, for a map."""
    XES = "xes"
    """IEEE 1849: a trace a claim, an event for each of its timeline, for process mining."""


def write_export(connection: Connection, wanted: Wanted, now: datetime, kind: ExportFormat, put: Put) -> None:
    """Hand out the file's bytes in order, a few thousand claims at a time."""
    match kind:
        case ExportFormat.CSV:
            from backend.insight.claim_columns import claim_columns
            from backend.insight.exported.csv_file import write_csv

            write_csv((columns for _, columns in claim_columns(connection, wanted, now)), put)
        case ExportFormat.PARQUET:
            from backend.insight.claim_columns import claim_columns
            from backend.insight.exported.parquet_file import write_parquet

            write_parquet((columns for _, columns in claim_columns(connection, wanted, now)), put)
        case ExportFormat.GEOPARQUET:
            from backend.insight.claim_columns import claim_columns
            from backend.insight.exported.geoparquet_file import write_geoparquet

            write_geoparquet(connection, wanted, claim_columns(connection, wanted, now), put)
        case ExportFormat.XES:
            from backend.insight.exported.xes_file import write_xes

            write_xes(connection, wanted, put)
        case _:
            assert_never(kind)
