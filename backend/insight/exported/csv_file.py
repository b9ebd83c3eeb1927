"""CSV: UTF-8, RFC 4180; moments as RFC 3339, an empty cell for what is not there."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any  # a row's values are of many types

from backend.insight.claim_rows import COLUMNS
from backend.insight.exported.pieces import Put, together


def write_csv(rows: Iterator[dict[str, Any]], put: Put) -> None:
    """Hand out the file's bytes in order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for batch in together(rows):
        writer.writerows([_cell(row[name]) for name in COLUMNS] for row in batch)
        put(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    put(text.getvalue().encode())


def _cell(value: Any) -> Any:
    # By how often each comes: half of the columns are seconds.
    if value is None:
        return value
    if type(value) is float:
        # A third of a second that lanes share has no last place: six keep what is summed exact to the millisecond.
        return "0" if value == 0 else f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
