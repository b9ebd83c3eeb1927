"""The columns of an export with their Arrow types, for the formats that keep types."""

import pyarrow as pa

from backend.insight.claim_columns import ClaimColumns
from backend.insight.claim_rows import FLAGS, MOMENTS, SECONDS, TEXTS, TICKETS, VOICES

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        *((name, pa.timestamp("us", tz="UTC")) for name in MOMENTS),
        *((name, pa.bool_()) for name in FLAGS),
        *((name, pa.float64()) for name in SECONDS),
        *((name, pa.int64()) for name in (*VOICES, *TICKETS)),
    ]
)


def arrays(page: ClaimColumns) -> list[pa.Array]:
    """A page's values, an array for each column of the schema in its order."""
    found = page.texts | page.moments | page.flags | page.seconds | page.counts
    # From pandas' point of view a NaN is what is not there: no figure is one.
    return [pa.array(found[field.name], field.type, from_pandas=True) for field in SCHEMA]
