"""Chinese map datums to and from WGS 84: GCJ-02 (国测局坐标) and BD-09 (百度坐标).

Phones and maps in China answer in GCJ-02, a shift of WGS 84 by 100-700 m that varies from place to place, or
in Baidu's BD-09, a second shift on top. The formulas are the published ones that every map library carries;
nobody guarantees them, but they reproduce the published vectors to a centimetre (tests/geo/test_datum.py).
The inverses have no formula and are found by iteration, good to far below a centimetre.
"""

from collections.abc import Callable
from enum import StrEnum
from math import pi
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

LonLat = tuple[float, float]
"""Longitude and latitude in degrees, in that order."""

Degrees = NDArray[np.float64]
"""(N,) longitudes or latitudes."""

LonsLats = tuple[Degrees, Degrees]


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


def all_to_wgs84(places: NDArray[np.float64], datum: Datum) -> NDArray[np.float64]:
    """Return (N, 2) WGS 84 positions of the places (N, 2) given in *datum*: ``to_wgs84`` for many at once."""
    lon, lat = places[:, 0], places[:, 1]
    if datum is Datum.WGS84:
        return places
    if datum is Datum.BD09:
        lon, lat = _undone(_baidu_shifted, lon, lat)
    inside = _in_china(lon, lat)
    shifted_lon, shifted_lat = lon.copy(), lat.copy()
    shifted_lon[inside], shifted_lat[inside] = _undone(_shifted, lon[inside], lat[inside])
    return np.column_stack((shifted_lon, shifted_lat))


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
    return _one(_shifted, lon, lat) if _in_china(*_alone(lon, lat))[0] else (lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> LonLat:
    """Undo the GCJ-02 shift by iteration; outside China the point is unchanged."""
    places = all_to_wgs84(np.array([[lon, lat]]), Datum.GCJ02)
    return float(places[0, 0]), float(places[0, 1])


def gcj02_to_bd09(lon: float, lat: float) -> LonLat:
    """Add Baidu's shift, which knows no border: it applies everywhere."""
    return _one(_baidu_shifted, lon, lat)


def bd09_to_gcj02(lon: float, lat: float) -> LonLat:
    """Undo Baidu's shift by iteration."""
    return _one(lambda lons, lats: _undone(_baidu_shifted, lons, lats), lon, lat)


def _one(convert: Callable[[Degrees, Degrees], LonsLats], lon: float, lat: float) -> LonLat:
    lons, lats = convert(*_alone(lon, lat))
    return float(lons[0]), float(lats[0])


def _alone(lon: float, lat: float) -> LonsLats:
    return np.array([lon], dtype=np.float64), np.array([lat], dtype=np.float64)


def _in_china(lon: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    """The rectangle of the published formula; it also holds neighbours of China, which are shifted alike."""
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)  # noqa: PLR2004 - the published rectangle


def _baidu_shifted(lon: Degrees, lat: Degrees) -> LonsLats:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + _BAIDU_EAST, radius * np.sin(angle) + _BAIDU_NORTH


def _shifted(lon: Degrees, lat: Degrees) -> LonsLats:
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + ripple
    east_m += (20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + ripple
    north_m += (20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y / 30.0 * pi)) * 2.0 / 3.0

    phi = lat * pi / 180.0
    w2 = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    along_parallel_m = _KRASOVSKY_A / np.sqrt(w2) * np.cos(phi)
    along_meridian_m = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / (w2 * np.sqrt(w2))
    return lon + east_m / along_parallel_m * 180.0 / pi, lat + north_m / along_meridian_m * 180.0 / pi


def _undone(shift: Callable[[Degrees, Degrees], LonsLats], lon: Degrees, lat: Degrees) -> LonsLats:
    """Return the points that *shift* takes to (lon, lat), by correcting a guess with its own error."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_MOST_STEPS):
        reached_lon, reached_lat = shift(guess_lon, guess_lat)
        error_lon, error_lat = lon - reached_lon, lat - reached_lat
        guess_lon, guess_lat = guess_lon + error_lon, guess_lat + error_lat
        if max(np.abs(error_lon).max(initial=0.0), np.abs(error_lat).max(initial=0.0)) < _CLOSE_ENOUGH_DEG:
            break
    return guess_lon, guess_lat
