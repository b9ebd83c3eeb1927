"""Chinese map datums to and from WGS 84: GCJ-02 (国测局坐标) and BD-09 (百度坐标).

Phones and maps in China answer in GCJ-02, a shift of WGS 84 by 100-700 m that varies from place to place, or
in Baidu's BD-09, a second shift on top. The formulas are the published ones that every map library carries;
nobody guarantees them, but they reproduce the published vectors to a centimetre (tests/geo/test_datum.py).
The inverses have no formula and are found by iteration, good to far below a centimetre.
"""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import assert_never

LonLat = tuple[float, float]
"""Longitude and latitude in degrees, in that order."""


class Datum(StrEnum):
    """The datum a client declares for its coordinates; it is never guessed."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


# The Krasovsky 1940 ellipsoid, on which GCJ-02 is computed.
_KRASOVSKY_A = 6_378_245.0
_KRASOVSKY_E2 = 0.00669342162296594323
# Baidu's step: an offset in degrees and a ripple of 3000 waves over the half turn.
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006
_BAIDU_WAVE = pi * 3000.0 / 180.0
# 1e-11 degrees is a micrometre. Each step shrinks the error at least tenfold, so that the cap is never
# reached on land; it only keeps absurd input from looping.
_CLOSE_ENOUGH_DEG = 1e-11
_MOST_STEPS = 50


def to_wgs84(lon: float, lat: float, datum: Datum) -> LonLat:
    """Return the WGS 84 position of a point given in *datum*, to a centimetre or better."""
    match datum:
        case Datum.WGS84:
            return lon, lat
        case Datum.GCJ02:
            return gcj02_to_wgs84(lon, lat)
        case Datum.BD09:
            return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    assert_never(datum)


def from_wgs84(lon: float, lat: float, datum: Datum) -> LonLat:
    """Return what a WGS 84 position is called in *datum*."""
    match datum:
        case Datum.WGS84:
            return lon, lat
        case Datum.GCJ02:
            return wgs84_to_gcj02(lon, lat)
        case Datum.BD09:
            return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    assert_never(datum)


def wgs84_to_gcj02(lon: float, lat: float) -> LonLat:
    """Shift WGS 84 to GCJ-02; outside China the two are the same."""
    return _shifted(lon, lat) if _in_china(lon, lat) else (lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> LonLat:
    """Undo the GCJ-02 shift by iteration; outside China the point is unchanged."""
    return _undone(_shifted, lon, lat) if _in_china(lon, lat) else (lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> LonLat:
    """Add Baidu's shift, which knows no border: it applies everywhere."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU_WAVE)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_WAVE)
    return radius * cos(angle) + _BAIDU_EAST, radius * sin(angle) + _BAIDU_NORTH


def bd09_to_gcj02(lon: float, lat: float) -> LonLat:
    """Undo Baidu's shift by iteration."""
    return _undone(gcj02_to_bd09, lon, lat)


def _in_china(lon: float, lat: float) -> bool:
    """The rectangle of the published formula; it also holds neighbours of China, which are shifted alike."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271  # noqa: PLR2004 - the published rectangle


def _shifted(lon: float, lat: float) -> LonLat:
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east_m += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east_m += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north_m += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north_m += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y / 30.0 * pi)) * 2.0 / 3.0

    phi = lat * pi / 180.0
    w2 = 1.0 - _KRASOVSKY_E2 * sin(phi) ** 2
    along_parallel_m = _KRASOVSKY_A / sqrt(w2) * cos(phi)
    along_meridian_m = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / (w2 * sqrt(w2))
    return lon + east_m / along_parallel_m * 180.0 / pi, lat + north_m / along_meridian_m * 180.0 / pi


def _undone(shift: Callable[[float, float], LonLat], lon: float, lat: float) -> LonLat:
    """Return the point that *shift* takes to (lon, lat), by correcting a guess with its own error."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_MOST_STEPS):
        reached_lon, reached_lat = shift(guess_lon, guess_lat)
        error_lon, error_lat = lon - reached_lon, lat - reached_lat
        guess_lon, guess_lat = guess_lon + error_lon, guess_lat + error_lat
        if max(abs(error_lon), abs(error_lat)) < _CLOSE_ENOUGH_DEG:
            break
    return guess_lon, guess_lat
