"""Vector files of geographic information systems, read through GDAL and geopandas.

GDAL is asked for raw columns and well-known binary, not for data frames: what a geometry's row is, and that one was
broken rather than left out, would be lost otherwise.
"""

import codecs
from collections.abc import Sequence
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


def _in_first_that_fits(path: Path, names: list[str], encoding: str | None) -> tuple[list[Read], str]:
    """Read the layers, of a Shapefile in the first encoding that fits all texts; with a note where that was a guess.

    GDAL would take a Shapefile that does not say its own encoding for Latin-1, and fail at a heading that was cut in
    the middle of a letter, as ten bytes of UTF-8 often are. Latin-1 gives the bytes, whatever they are.
    """
    said, head = _dbase(path)
    if head is None:
        return [_read(path, name, encoding) for name in names], ""
    raw = [_read(path, name, "ISO-8859-1") for name in names]
    guesses = ["utf-8", _GBK] if head[29:30] != bytes([_GBK_DRIVER]) else [_GBK, "utf-8"]
    candidates = [encoding] if encoding else [*filter(None, [said]), *guesses]
    for candidate in candidates:
        try:
            decoded = [_decoded(layer, candidate) for layer in raw]
        except UnicodeDecodeError:
            if candidate == candidates[-1]:
                raise
            continue
        name = "GBK" if candidate == _GBK else candidate.upper()
        is_plain = encoding is not None or candidate == said or _texts(decoded) == _texts(raw)
        return decoded, "" if is_plain else f"texts read as {name}: the file does not say so"
    raise AssertionError("the last candidate returns or raises")


def _dbase(path: Path) -> tuple[str | None, bytes | None]:
    """The encoding that a Shapefile's .cpg file says, and the beginning of its table; None, None for other files."""
    suffix = path.suffix.lower()
    if suffix == ".shp":
        beside = {one.suffix.lower(): one for one in path.parent.glob(f"{path.stem}.*")}
        return _codec(_beginning(beside.get(".cpg"))), _beginning(beside.get(".dbf"))
    if suffix == ".zip":
        try:
            with ZipFile(path) as packed:
                by_end = {name.lower()[-4:]: name for name in packed.namelist()}
                if ".shp" not in by_end:
                    return None, None
                said, table = (
                    packed.read(by_end[end])[:30] if end in by_end else b"" for end in (".cpg", ".dbf")
                )
                return _codec(said), table
        except (BadZipFile, OSError):
            return None, None
    return None, None


def _beginning(file: Path | None) -> bytes:
    if file is None:
        return b""
    with file.open("rb") as opened:
        return opened.read(30)


def _codec(said: bytes) -> str | None:
    name = said.decode("ascii", "ignore").strip().lower().removeprefix("oem").removeprefix("ansi").strip()
    for known in (name, f"cp{name}"):
        try:
            found = codecs.lookup(known).name
        except LookupError:
            continue
        return _GBK if found in {"gbk", "gb2312", "cp936"} else found
    return None


def _texts(layers: list[Read]) -> list[object]:
    return [(list(info["fields"]), columns) for info, _, columns in layers]


def _decoded(layer: Read, encoding: str) -> Read:
    info, geometries, columns = layer
    fields = [str(name).encode("latin-1").decode(encoding, "ignore") for name in info["fields"]]
    cells = [
        [cell.encode("latin-1").decode(encoding) if isinstance(cell, str) else cell for cell in column]
        for column in columns
    ]
    return info | {"fields": fields}, geometries, cells


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


def _joined(path: Path, names: list[str], layers: list[Read], note: str) -> Table:
    kinds = {
        CRS.from_user_input(info["crs"]) if info["crs"] else None
        for info, shapes, _ in layers
        if shapes is not None
    }
    if len(kinds) > 1:
        remedy = "Give all layers the same CRS or export them one by one."
        raise PremisesUnreadable(path, "has layers in different CRS", remedy=remedy)
    shapes: list[Geometry | None] = []
    properties: list[dict[str, Any]] = []
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
    notes = [note] if note else []
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
