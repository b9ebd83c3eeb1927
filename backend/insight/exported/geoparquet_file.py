"""GeoParquet 1.1: the Parquet columns, and where the claim's farm lies.

``geometry`` is the boundary of the insured premises as it is registered now, ``place`` a point inside it; both are NULL
where a farm has not been surveyed. Where photos were taken is personal (``docs/personal-data.md``) and stands in no
export. WKB, WGS 84 as longitude and latitude (OGC:CRS84, the specification's default); ``bbox`` lets readers skip row
groups.
"""

import json
from collections.abc import Iterator
from typing import Any  # of what JSON holds

import numpy as np
import pyarrow as pa
import shapely
from pyarrow import parquet
from sqlalchemy import Connection, select

from backend.insight.claim_columns import ClaimColumns
from backend.insight.claim_rows import Page, of_page
from backend.insight.exported.columns import SCHEMA, arrays
from backend.insight.exported.pieces import Put, Sink
from backend.insight.wanted import Wanted
from backend.store import tables

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_BBOX = pa.struct([(edge, pa.float64()) for edge in _EDGES])
_PLACES = pa.schema([("geometry", pa.binary()), ("place", pa.binary()), ("bbox", _BBOX)])
_ALL = pa.schema([*SCHEMA, *_PLACES])


def write_geoparquet(
    connection: Connection, wanted: Wanted, pages: Iterator[tuple[Page, ClaimColumns]], put: Put
) -> None:
    """Hand out the file's bytes in order."""
    ground = _Ground()
    with parquet.ParquetWriter(Sink(put), _ALL, compression="zstd") as writer:
        for page, columns in pages:
            places = ground.columns(_boundaries(connection, wanted, page), columns.farms)
            writer.write_table(pa.Table.from_arrays([*arrays(columns), *places], schema=_ALL))
        # Types and extent are known at the end, where the file keeps its metadata.
        writer.add_key_value_metadata({"geo": json.dumps(ground.metadata())})


class _Ground:
    """Geometries of what is written, and what they have in common."""

    def __init__(self) -> None:
        self._types: set[str] = set()
        self._extents: list[Any] = []

    def columns(self, boundaries: dict[str, bytes], farms: list[str]) -> list[pa.Array]:
        """``geometry``, ``place`` and ``bbox`` of claims of these farms, each farm's worked out once a page."""
        own = {farm: place for place, farm in enumerate(boundaries)}
        shapes = shapely.from_wkb(np.array(list(boundaries.values()), dtype=object))
        self._types |= {shape.geom_type for shape in shapes}
        if shapes.size:
            self._extents.append(shapely.total_bounds(shapes))
        edges = [pa.array(edge, pa.float64()) for edge in shapely.bounds(shapes).reshape(-1, len(_EDGES)).T]
        inside = shapely.to_wkb(shapely.point_on_surface(shapes))
        taken = pa.array([own.get(farm) for farm in farms], pa.int32())
        return [
            pa.array(list(map(bytes, boundaries.values())), pa.binary()).take(taken),
            pa.array(list(inside), pa.binary()).take(taken),
            pa.StructArray.from_arrays(edges, fields=list(_BBOX)).take(taken),
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


def _boundaries(connection: Connection, wanted: Wanted, page: Page) -> dict[str, bytes]:
    """The boundaries of a page's farms, of those that were surveyed."""
    claims, farms = tables.claims, tables.farms
    own = of_page(select(claims.c.farm_id), wanted, page)
    statement = select(farms.c.id, farms.c.boundary).where(farms.c.id.in_(own), farms.c.boundary.is_not(None))
    return {row.id: row.boundary for row in connection.execute(statement)}
