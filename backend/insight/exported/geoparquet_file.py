"""GeoParquet 1.1: the Parquet columns, and where the claim's farm lies.

``geometry`` is the boundary of the insured premises as it is registered now, ``place`` a point inside it; both are NULL
where a farm has not been surveyed. Where photos were taken is personal (``docs/personal-data.md``) and stands in no
export. WKB, WGS 84 as longitude and latitude (OGC:CRS84, the specification's default); ``bbox`` lets readers skip row
groups.
"""

import json
from collections.abc import Iterator
from typing import Any  # a row's values are of many types

import numpy as np
import pyarrow as pa
import shapely
from pyarrow import parquet
from sqlalchemy import Connection, select

from backend.insight.exported.columns import SCHEMA
from backend.insight.exported.pieces import Put, Sink, together
from backend.store import tables

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_BBOX = pa.struct([(edge, pa.float64()) for edge in _EDGES])
_PLACES = pa.schema([("geometry", pa.binary()), ("place", pa.binary()), ("bbox", _BBOX)])
_ALL = pa.schema([*SCHEMA, *_PLACES])


def write_geoparquet(connection: Connection, rows: Iterator[dict[str, Any]], put: Put) -> None:
    """Hand out the file's bytes in order."""
    ground = _Ground()
    with parquet.ParquetWriter(Sink(put), _ALL, compression="zstd") as writer:
        for batch in together(rows):
            boundaries = _boundaries(connection, batch[0]["number"], batch[-1]["number"])
            places = ground.columns([boundaries.get(row["number"]) for row in batch])
            facts = pa.Table.from_pylist(batch, SCHEMA)
            writer.write_table(pa.Table.from_arrays([*facts.columns, *places], schema=_ALL))
        # Types and extent are known at the end, where the file keeps its metadata.
        writer.add_key_value_metadata({"geo": json.dumps(ground.metadata())})


class _Ground:
    """Geometries of what is written, and what they have in common."""

    def __init__(self) -> None:
        self._types: set[str] = set()
        self._extents: list[Any] = []

    def columns(self, boundaries: list[bytes | None]) -> list[pa.Array]:
        """``geometry``, ``place`` and ``bbox`` of as many claims."""
        shapes = shapely.from_wkb(np.array(boundaries, dtype=object))
        is_there = ~shapely.is_missing(shapes)
        inside, bounds = shapely.point_on_surface(shapes), shapely.bounds(shapes)
        self._types |= {shape.geom_type for shape in shapes[is_there]}
        if is_there.any():
            self._extents.append(shapely.total_bounds(shapes[is_there]))
        boxes = [
            dict(zip(_EDGES, map(float, box), strict=True)) if there else None
            for box, there in zip(bounds, is_there, strict=True)
        ]
        return [
            pa.array([None if one is None else bytes(one) for one in boundaries], pa.binary()),
            pa.array(list(shapely.to_wkb(inside)), pa.binary()),
            pa.array(boxes, _BBOX),
        ]

    def metadata(self) -> dict[str, Any]:
        """The file's ``geo`` metadata."""
        extent: dict[str, Any] = {}
        if self._extents:
            edges = np.array(self._extents)
            extent = {"bbox": [*edges[:, :2].min(axis=0).tolist(), *edges[:, 2:].max(axis=0).tolist()]}
        covering = {"covering": {"bbox": {edge: ["bbox", edge] for edge in _EDGES}}}
        premises = {"encoding": "WKB", "geometry_types": sorted(self._types)}
        return {
            "version": "1.1.0",
            "primary_column": "geometry",
            "columns": {
                "geometry": premises | extent | covering,
                "place": {"encoding": "WKB", "geometry_types": ["Point"] if self._extents else []},
            },
        }


def _boundaries(connection: Connection, first: str, last: str) -> dict[str, bytes]:
    claims, farms = tables.claims, tables.farms
    statement = (
        select(claims.c.number, farms.c.boundary)
        .join(farms, farms.c.id == claims.c.farm_id)
        .where(claims.c.number >= first, claims.c.number <= last, farms.c.boundary.is_not(None))
    )
    return {row.number: row.boundary for row in connection.execute(statement)}
