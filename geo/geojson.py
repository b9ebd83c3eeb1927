"""GeoJSON (RFC 7946): a feature collection, one feature, or a bare geometry."""

import json
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import Geometry

from geo.rows import RING_CLOSED, PremisesUnreadable, Table

_REMEDY = "Export the file again as GeoJSON (RFC 7946, UTF-8)."
_GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
)


def read_geojson(path: Path) -> Table:
    """Return the features of a GeoJSON file.

    A ``crs`` member, which RFC 7946 dropped but many programs still write, is obeyed. A feature's own ``id``
    counts as a property where it has none of that name.

    A geometry that is none is a fault of its row; rings that are not closed are closed.

    Raises:
        PremisesUnreadable: The file is not GeoJSON, or a feature is none.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as broken:
        raise PremisesUnreadable(path, f"is not JSON ({broken})", remedy=_REMEDY) from broken
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        features = document["features"]
    elif kind == "Feature":
        features = [document]
    elif kind in _GEOMETRIES:
        features = [{"type": "Feature", "geometry": document}]
    else:
        raise PremisesUnreadable(path, "is JSON, but not GeoJSON", remedy=_REMEDY)

    shapes: list[Geometry | None] = []
    properties: list[dict[str, Any]] = []
    faults: dict[int, str] = {}
    mended: dict[int, str] = {}
    for row, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise PremisesUnreadable(path, "is not a feature", row, remedy=_REMEDY)
        try:
            shape, note = _geometry(feature.get("geometry"))
        except shapely.GEOSException as broken:
            shape, note, faults[row - 1] = None, "", f"the geometry is broken ({broken})"
        shapes.append(shape)
        if note:
            mended[row - 1] = note
        own = feature.get("properties")
        properties.append({"id": feature.get("id")} | (own if isinstance(own, dict) else {}))
    return Table(shapes, properties, _crs(path, document.get("crs")), faults, mended)


def _geometry(geometry: Any) -> tuple[Geometry | None, str]:  # any JSON value
    """Return the shape, and a note of what was mended.

    Raises:
        GEOSException: It is no geometry.
    """
    if geometry is None:
        return None, ""
    try:
        return shapely.from_geojson(json.dumps(geometry)), ""
    except shapely.GEOSException as broken:
        closed = _closed(geometry)
        if closed == geometry:
            raise
        try:
            return shapely.from_geojson(json.dumps(closed)), RING_CLOSED
        except shapely.GEOSException:
            raise broken from None


def _closed(geometry: Any) -> Any:  # any JSON value
    """The geometry with its rings closed, or as it is where it has none."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    try:
        if kind == "Polygon":
            return geometry | {"coordinates": _closed_rings(geometry["coordinates"])}
        if kind == "MultiPolygon":
            return geometry | {"coordinates": [_closed_rings(part) for part in geometry["coordinates"]]}
    except (TypeError, LookupError):
        return geometry
    return geometry


def _closed_rings(rings: Any) -> list[Any]:
    return [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings]


def _crs(path: Path, member: Any) -> CRS:  # any JSON value
    if member is None:
        return CRS.from_user_input("OGC:CRS84")
    try:
        return CRS.from_user_input(member["properties"]["name"])
    except (CRSError, KeyError, TypeError) as unknown:
        remedy = "Reproject the file to WGS 84 and leave the crs member out."
        raise PremisesUnreadable(path, f"names an unknown crs ({member})", remedy=remedy) from unknown
