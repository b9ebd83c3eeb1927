"""The position in a photo's GPS directory (EXIF 3.0, chapter 4.6.6)."""

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from backend.evidence.tiff import Directory, Unreadable

GPS_UNREADABLE = "GPS_UNREADABLE"
"""A position is there but is no place: wrong types, division by zero, out of range, or exactly 0, 0."""

GPS_DATUM_UNSUPPORTED = "GPS_DATUM_UNSUPPORTED"
"""The position is given in another datum than WGS 84; it is not guessed what it would be there."""

_SIXTY = 60  # reached, not only approached: some cameras round 59.9999 up
_UNITS = (1, _SIXTY, _SIXTY**2)
_WGS84_NAMES = frozenset({"", "WGS84", "WGS1984"})


class _Tag(IntEnum):
    LATITUDE_REF = 1
    LATITUDE = 2
    LONGITUDE_REF = 3
    LONGITUDE = 4
    MAP_DATUM = 18


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the ground, WGS 84 degrees."""

    lon: float
    lat: float

    def as_json(self) -> dict[str, float]:
        """The object of formats.md, degrees to seven decimals (1 cm)."""
        return {"lon": round(self.lon, 7), "lat": round(self.lat, 7)}


def read_position(gps: Directory) -> tuple[Position | None, tuple[str, ...]]:
    """Return the position in *gps* and the signals about it.

    A directory that gives neither latitude nor longitude is as neutral as none at all: cameras without a fix
    write its version only.
    """
    if _Tag.LATITUDE not in gps and _Tag.LONGITUDE not in gps:
        return None, ()
    try:
        if not _is_wgs84(gps.text(_Tag.MAP_DATUM)):
            return None, (GPS_DATUM_UNSUPPORTED,)
        lat = _degrees(gps, _Tag.LATITUDE, _Tag.LATITUDE_REF, positive="N", negative="S", limit=90)
        lon = _degrees(gps, _Tag.LONGITUDE, _Tag.LONGITUDE_REF, positive="E", negative="W", limit=180)
    except Unreadable:
        return None, (GPS_UNREADABLE,)
    if lat == 0 and lon == 0:
        return None, (GPS_UNREADABLE,)
    return Position(lon=float(lon), lat=float(lat)), ()


def _is_wgs84(datum: str | None) -> bool:
    # Cameras write "WGS-84   ", "WGS84", "WGS 84"; the standard makes WGS-84 the meaning of a missing one.
    return "".join(letter for letter in (datum or "").upper() if letter.isalnum()) in _WGS84_NAMES


def _degrees(gps: Directory, tag: _Tag, ref: _Tag, *, positive: str, negative: str, limit: int) -> Fraction:
    parts, side = gps.fractions(tag), gps.text(ref)
    if parts is None or len(parts) != len(_UNITS) or side not in {positive, negative}:
        raise Unreadable
    value = Fraction(sum(part / unit for part, unit in zip(parts, _UNITS, strict=True)))
    if value > limit or any(part > _SIXTY for part in parts[1:]):
        raise Unreadable
    return value if side == positive else -value
