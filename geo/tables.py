"""Vector files of geographic information systems, read through geopandas and GDAL."""

from pathlib import Path

import geopandas
import pyogrio
from pyproj import CRS

from geo.rows import PremisesUnreadable, Table

_REMEDY = "Open it in a GIS and export it again, all its parts together (.shp needs .shx, .dbf and .prj)."


def read_layers(path: Path) -> Table:
    """Return the rows of every layer of a Shapefile, GeoPackage, KML or FlatGeobuf file.

    Raises:
        PremisesUnreadable: GDAL cannot read it, or its layers differ in their CRS.
    """
    try:
        names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        layers = [pyogrio.read_dataframe(path, layer=name, force_2d=True) for name in names]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as broken:
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy=_REMEDY) from broken
    if len({layer.crs for layer in layers}) > 1:
        remedy = "Give all layers the same CRS or export them one by one."
        raise PremisesUnreadable(path, "has layers in different CRS", remedy=remedy)
    return _table(layers)


def read_geoparquet(path: Path) -> Table:
    """Return the rows of a GeoParquet file.

    Raises:
        PremisesUnreadable: It is no Parquet file, or one without geometries.
    """
    try:
        return _table([geopandas.read_parquet(path)])
    except (ValueError, OSError) as broken:  # pyarrow's own errors are among them
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy=_REMEDY) from broken


def _table(layers: list[geopandas.GeoDataFrame]) -> Table:
    shapes, properties = [], []
    for layer in layers:
        shapes += list(layer.geometry)
        properties += layer.drop(columns=layer.geometry.name).to_dict("records")
    crs: CRS | None = layers[0].crs if layers else None
    return Table(shapes, properties, crs)
