"""Premises from the files that people have: GeoJSON, Shapefile, GeoPackage, KML, GeoParquet, FlatGeobuf.

Rows that bound no ground are refused, not skipped: a farm left out unseen would have no fence on the day it
matters.
"""

from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import Geometry

from geo.geojson import read_geojson
from geo.premises import Premises
from geo.rows import PremisesUnreadable, Table, premises_of

__all__ = ["FORMATS", "PremisesUnreadable", "read_premises"]

FORMATS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".shp": "Shapefile",
    ".zip": "Shapefile, zipped",
    ".gpkg": "GeoPackage",
    ".kml": "KML",
    ".kmz": "KML, zipped",
    ".fgb": "FlatGeobuf",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
}
"""What the importer reads, by the end of the file's name."""

# An edge straight in a projection bends in degrees: 500 m of UTM by up to 1 cm, 10 km by metres.
_LONGEST_PROJECTED_EDGE = 500.0


def read_premises(path: Path) -> list[Premises]:
    """Read all premises of a file, in its order, in WGS 84.

    Polygons and multipolygons keep their holes and lose their altitudes; an outline that crosses itself is
    mended and says so in ``note``. Points become circles of their property ``radius_m``. The property
    ``name`` or else ``id`` (upper or lower case) names the premises, or else their index, counted from 0.

    Raises:
        PremisesUnreadable: naming file and row, and what to do.
    """
    table = _in_wgs84(path, _read(path))
    if not table.shapes:
        raise PremisesUnreadable(path, "holds no premises", remedy="Export at least one polygon.")
    rows = zip(table.shapes, table.properties, strict=True)
    return [premises_of(path, row, shape, known) for row, (shape, known) in enumerate(rows, start=1)]


def _read(path: Path) -> Table:
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        remedy = f"Use one of {' '.join(FORMATS)}."
        raise PremisesUnreadable(path, f"is of no known format ({path.suffix or 'no suffix'})", remedy=remedy)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise PremisesUnreadable(path, what, remedy="Check the path; it is taken from the current folder.")
    try:
        if kind == "GeoJSON":
            return read_geojson(path)
        # Importing pandas and GDAL takes most of a second, which GeoJSON need not wait for.
        from geo.tables import read_geoparquet, read_layers

        return read_geoparquet(path) if kind == "GeoParquet" else read_layers(path)
    except PermissionError as locked:
        remedy = "Allow yourself to read it."
        raise PremisesUnreadable(path, "may not be read", remedy=remedy) from locked


def _in_wgs84(path: Path, table: Table) -> Table:
    """Return the table with its shapes in degrees of WGS 84, longitude first."""
    if not table.shapes:
        return table
    if table.crs is None:
        remedy = "Add the .prj file, or set the layer's CRS in a GIS and export it again."
        raise PremisesUnreadable(path, "does not say in which CRS its coordinates are", remedy=remedy)
    wgs84 = CRS.from_epsg(4326)
    if table.crs.equals(wgs84, ignore_axis_order=True):
        return table
    if not table.crs.is_geographic and not table.crs.is_projected:
        remedy = "Reproject the file to WGS 84."
        raise PremisesUnreadable(path, f"has a CRS that is no map ({table.crs.name})", remedy=remedy)
    to_degrees = Transformer.from_crs(table.crs, wgs84, always_xy=True)

    def reproject(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees.transform(places[:, 0], places[:, 1]))

    shapes = np.array(table.shapes, dtype=object)
    if table.crs.is_projected:
        shapes = shapely.segmentize(shapes, _LONGEST_PROJECTED_EDGE)
    shapes_in_degrees: list[Geometry | None] = list(shapely.transform(shapely.force_2d(shapes), reproject))
    return Table(shapes_in_degrees, table.properties, wgs84)
