"""Premises from the files that people have: GeoJSON, Shapefile, GeoPackage, KML, GeoParquet, FlatGeobuf.

Rows that bound no ground are refused, not skipped: a farm left out unseen would have no fence on the day it
matters.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import Geometry

from geo.datum import Datum, all_to_wgs84
from geo.geojson import read_geojson
from geo.premises import Premises
from geo.rows import PremisesUnreadable, Table, premises_of

__all__ = ["FORMATS", "PremisesUnreadable", "in_wgs84", "read_premises", "read_table"]

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

_NAMES = {Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}

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
    table = in_wgs84(path, read_table(path))
    if not table.shapes:
        raise PremisesUnreadable(path, "holds no premises", remedy="Export at least one polygon.")
    for index, why in table.faults.items():
        raise PremisesUnreadable(
            path, why, index + 1, remedy="Export the file again, or draw the outline again."
        )
    rows = zip(table.shapes, table.properties, strict=True)
    return [premises_of(path, row, shape, known) for row, (shape, known) in enumerate(rows, start=1)]


def read_table(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """Read the rows of a file as they stand there, in its own CRS.

    Raises:
        PremisesUnreadable: The file cannot be read.
    """
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

        return (
            read_geoparquet(path)
            if kind == "GeoParquet"
            else read_layers(path, encoding=encoding, layer=layer)
        )
    except PermissionError as locked:
        remedy = "Allow yourself to read it."
        raise PremisesUnreadable(path, "may not be read", remedy=remedy) from locked


def in_wgs84(path: Path, table: Table, datum: Datum | None = None) -> Table:
    """Return the table with its shapes in degrees of WGS 84, longitude first; a note says what was converted.

    Args:
        path: The file, for messages.
        table: Its rows.
        datum: What the coordinates are given in where the file does not say, or says less than the truth: maps in
            China write GCJ-02 or BD-09 into files that count as WGS 84. It is declared, never guessed.

    Raises:
        PremisesUnreadable: Nobody says what the coordinates are given in, or the file contradicts what is declared.
    """
    if not any(shape is not None for shape in table.shapes):
        return table
    wgs84 = CRS.from_epsg(4326)
    is_wgs84 = table.crs is not None and table.crs.equals(wgs84, ignore_axis_order=True)
    if datum is not None and datum in _NAMES:
        if table.crs is not None and not table.crs.is_geographic:
            remedy = "Leave the datum out: a projected file says where its coordinates are."
            raise PremisesUnreadable(path, f"is in {table.crs.name}, not in {_NAMES[datum]}", remedy=remedy)
        note = f"coordinates converted from {_NAMES[datum]}, as declared, to WGS 84"
        return _converted(table, lambda places: all_to_wgs84(places, datum), note)
    if is_wgs84 or (table.crs is None and datum is Datum.WGS84):
        return table
    if table.crs is None:
        remedy = "Add the .prj file or set its CRS in a GIS; in an import say --datum wgs84, gcj02 or bd09."
        raise PremisesUnreadable(path, "does not say in which CRS its coordinates are", remedy=remedy)
    if not table.crs.is_geographic and not table.crs.is_projected:
        remedy = "Reproject the file to WGS 84."
        raise PremisesUnreadable(path, f"has a CRS that is no map ({table.crs.name})", remedy=remedy)
    to_degrees = Transformer.from_crs(table.crs, wgs84, always_xy=True)

    def reproject(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees.transform(places[:, 0], places[:, 1]))

    note = f"coordinates converted from {table.crs.name} to WGS 84"
    return _converted(table, reproject, note, _LONGEST_PROJECTED_EDGE if table.crs.is_projected else None)


def _converted(
    table: Table,
    convert: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    note: str,
    longest_edge: float | None = None,
) -> Table:
    shapes = np.array(table.shapes, dtype=object)
    if longest_edge:
        shapes = shapely.segmentize(shapes, longest_edge)
    # All vertices go through in one call, which is what makes a hundred thousand farms a matter of seconds.
    in_degrees: list[Geometry | None] = list(shapely.transform(shapely.force_2d(shapes), convert))
    return replace(table, shapes=in_degrees, crs=CRS.from_epsg(4326), notes=(*table.notes, note))
