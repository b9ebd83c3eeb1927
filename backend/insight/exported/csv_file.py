"""CSV: UTF-8, RFC 4180; moments as RFC 3339, an empty cell for what is not there."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any  # a row's values are of many types

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from backend.insight.claim_columns import ClaimColumns, Floats
from backend.insight.claim_rows import COLUMNS
from backend.insight.exported.pieces import Put

_WHOLE_SECOND = ".000000"
_MICROSECONDS = 1_000_000


def write_csv(pages: Iterator[ClaimColumns], put: Put) -> None:
    """Hand out the file's bytes in order."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for page in pages:
        writer.writerows(zip(*_cells(page), strict=True))
        put(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    put(text.getvalue().encode())


def _cells(page: ClaimColumns) -> Iterator[Iterable[Any]]:
    yield from page.texts.values()
    yield from map(_moments, page.moments.values())
    yield from (flag.astype(int).tolist() for flag in page.flags.values())
    yield from map(_seconds, page.seconds.values())
    yield from page.counts.values()


def _moments(moments: Any) -> list[str]:
    told = np.datetime_as_string(moments.to_numpy(zero_copy_only=False).astype("datetime64[us]"))
    return ["" if at == "NaT" else f"{at.removesuffix(_WHOLE_SECOND)}+00:00" for at in told.tolist()]


def _seconds(seconds: Floats) -> list[str]:
    # A third of a second that lanes share has no last place: six keep what is summed exact to the millisecond.
    is_there = ~np.isnan(seconds)
    whole, part = np.divmod(
        np.rint(np.where(is_there, seconds, 0) * _MICROSECONDS).astype(np.int64), _MICROSECONDS
    )
    places = pc.utf8_rtrim(pc.utf8_lpad(pa.array(part).cast(pa.string()), 6, padding="0"), characters="0")
    told = pc.binary_join_element_wise(pa.array(whole).cast(pa.string()), places, ".")
    return list(pc.if_else(pa.array(is_there), pc.utf8_rtrim(told, characters="."), "").to_pylist())
