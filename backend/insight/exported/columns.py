"""The columns of an export with their Arrow types, for the formats that keep types."""

import pyarrow as pa

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
