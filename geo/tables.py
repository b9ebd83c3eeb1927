"""Vector files of geographic information systems, read through GDAL and geopandas.

GDAL is asked for raw columns and well-known binary, not for data frames: what a geometry's row is, and that one was
broken rather than left out, would be lost otherwise.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any  # a column holds whatever the file's author put there
from zipfile import BadZipFile, ZipFile

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pyogrio
import pyogrio.raw
import shapely
from pyproj import CRS
from shapely import Geometry

from geo.rows import RING_CLOSED, PremisesUnreadable, Table

_REMEDY = "Open it in a GIS and export it again, all its parts together (.shp needs .shx, .dbf and .prj)."
_BROKEN = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError)
_GBK_DRIVER = 0x4D  # dBase's language driver id for code page 936
_GBK = "gb18030"  # holds all of GBK


def read_layers(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Table:
    """Return the rows of every layer of a Shapefile, GeoPackage, KML or FlatGeobuf file.

    Args:
        path: The file.
        encoding: Of its texts. Where it is not given and a Shapefile has no .cpg file, its texts are read as UTF-8,
            or else as GBK, and a note says so.
        layer: Read this one only.

    Raises:
        PremisesUnreadable: GDAL cannot read it, or its layers differ in their CRS, or it has no such layer.
    """
    try:
        wanted = _wanted(path, layer)
        return _joined(path, wanted, *_in_first_that_fits(path, wanted, encoding))
    except PremisesUnreadable:
        raise
    except UnicodeDecodeError as broken:
        remedy = "Say in which encoding its texts are, such as --encoding gbk."
        raise PremisesUnreadable(path, f"has texts that are not {broken.encoding}", remedy=remedy) from broken
    except LookupError as unknown:
        remedy = "Name another, such as --encoding gbk."
        raise PremisesUnreadable(path, f"cannot be read as {encoding}", remedy=remedy) from unknown
    except _BROKEN as broken:
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy=_REMEDY) from broken


def _wanted(path: Path, layer: str | None) -> list[str]:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer is None:
        return names
    if layer not in names:
        remedy = f"Name one of its layers: {', '.join(names)}."
        raise PremisesUnreadable(path, f"has no layer called {layer}", remedy=remedy)
    return [layer]


Read = tuple[dict[str, Any], Sequence[bytes | None] | None, list[list[Any]]]
"""What GDAL says of a layer, the geometries as WKB, the columns."""


def _in_first_that_fits(path: Path, names: list[str], encoding: str | None) -> tuple[list[Read], str | None]:
    """Read the layers in the first encoding that all texts are in; return it where it was guessed."""
    guesses = [None] if encoding else _guesses(path)
    for guess in guesses:
        try:
            return [_read(path, name, encoding or guess) for name in names], guess
        except UnicodeDecodeError:
            if guess == guesses[-1]:
                raise
    raise AssertionError("the last guess returns or raises")


def _guesses(path: Path) -> list[str | None]:
    """Encodings to try: GDAL takes a Shapefile that does not say its own for Latin-1, which reads anything."""
    if path.suffix.lower() == ".shp":
        beside = {one.suffix.lower(): one for one in path.parent.glob(f"{path.stem}.*")}
        is_silent, table = ".cpg" not in beside, beside.get(".dbf")
        head = _beginning(table) if table else b""
    elif path.suffix.lower() == ".zip":
        try:
            with ZipFile(path) as packed:
                ends = [name.lower()[-4:] for name in packed.namelist()]
                tables = [name for name in packed.namelist() if name.lower().endswith(".dbf")]
                head = packed.read(tables[0])[:30] if tables else b""
        except BadZipFile:
            return [None]
        is_silent = ".cpg" not in ends and ".shp" in ends
    else:
        return [None]
    if not is_silent:
        return [None]
    return [_GBK, "utf-8"] if head[29:30] == bytes([_GBK_DRIVER]) else ["utf-8", _GBK]


def _beginning(table: Path) -> bytes:
    with table.open("rb") as file:
        return file.read(30)


def _read(path: Path, layer: str, encoding: str | None) -> Read:
    info, _, geometries, columns = pyogrio.raw.read(path, layer=layer, encoding=encoding)
    length = len(geometries) if geometries is not None else len(columns[0]) if columns else 0
    promised = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    if length != promised:
        raise ValueError(f"layer {layer} promises {promised} rows and gives {length}")
    return info, geometries, [_plain(column) for column in columns]


def _plain(column: Any) -> list[Any]:
    """A numpy column as Python values; dates without a time become dates."""
    if column.dtype.kind == "M":
        gaps = np.isnat(column)
        moments = column.astype("datetime64[us]").tolist()
        is_day = column.dtype == np.dtype("datetime64[D]")
        return [
            None if gap else moment.date() if is_day and hasattr(moment, "date") else moment
            for moment, gap in zip(moments, gaps, strict=True)
        ]
    values: list[Any] = column.tolist()
    return values


def _joined(path: Path, names: list[str], layers: list[Read], guess: str | None) -> Table:
    kinds = {
        CRS.from_user_input(info["crs"]) if info["crs"] else None
        for info, shapes, _ in layers
        if shapes is not None
    }
    if len(kinds) > 1:
        remedy = "Give all layers the same CRS or export them one by one."
        raise PremisesUnreadable(path, "has layers in different CRS", remedy=remedy)
    shapes: list[Geometry | None] = []
    properties: list[Mapping[str, Any]] = []
    faults: dict[int, str] = {}
    mended: dict[int, str] = {}
    for info, geometries, columns in layers:
        start = len(shapes)
        rows = (
            list(zip(*columns, strict=True))
            if columns
            else [()] * len(geometries if geometries is not None else ())
        )
        properties += [dict(zip(info["fields"], row, strict=True)) for row in rows]
        if geometries is None:
            shapes += [None] * len(rows)
            continue
        found, broken, closed = _shapes(list(geometries))
        shapes += found
        faults |= dict.fromkeys((start + at for at in broken), "the geometry is broken")
        mended |= dict.fromkeys((start + at for at in closed), RING_CLOSED)
    notes = []
    if guess:
        notes.append(
            f"texts read as {'GBK' if guess == _GBK else guess.upper()}: the file does not say its encoding"
        )
    if len(names) > 1:
        sizes = [len(columns[0]) if columns else len(geometries or ()) for _, geometries, columns in layers]
        told = ", ".join(f"{name} ({size})" for name, size in zip(names, sizes, strict=True))
        notes.append(f"the rows of {len(names)} layers are counted one after the other: {told}")
    return Table(shapes, properties, next(iter(kinds), None), faults, mended, notes)


def _shapes(geometries: list[bytes | None]) -> tuple[list[Geometry | None], list[int], list[int]]:
    """Shapes of well-known binary, the places of broken ones, and of those whose rings were closed."""
    whole = shapely.from_wkb(geometries, on_invalid="ignore")
    lost = [at for at in np.flatnonzero(shapely.is_missing(whole)).tolist() if geometries[at] is not None]
    closed = []
    for at in lost:
        whole[at] = shapely.from_wkb(geometries[at], on_invalid="fix")
        if whole[at] is not None:
            closed.append(at)
    return list(whole), [at for at in lost if whole[at] is None], closed


def read_geoparquet(path: Path) -> Table:
    """Return the rows of a GeoParquet file.

    Raises:
        PremisesUnreadable: It is no Parquet file, or one without geometries.
    """
    try:
        frame = geopandas.read_parquet(path)
    except (ValueError, OSError, shapely.GEOSException) as broken:  # pyarrow's own errors are among them
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy=_REMEDY) from broken
    properties = frame.drop(columns=frame.geometry.name).to_dict("records")
    return Table(list(frame.geometry), properties, frame.crs)


def read_parquet_rows(path: Path) -> Table:
    """Return the rows of a Parquet file without their geometries.

    Raises:
        PremisesUnreadable: It is no Parquet file.
    """
    try:
        table = pa.parquet.read_table(path)
    except (ValueError, OSError) as broken:
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy=_REMEDY) from broken
    kept = [name for name in table.column_names if not pa.types.is_binary(table.schema.field(name).type)]
    properties = table.select(kept).to_pylist()
    return Table([None] * len(properties), properties, None)
