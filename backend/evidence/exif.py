"""What a photo's EXIF metadata says of time, place, camera and orientation (EXIF 3.0).

Its absence is neutral: phones and chat programs strip it. What is there but cannot be read is a signal, never
an error; nothing in it is trusted before a rule has compared it with something else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from typing import TypeVar

from backend.domain.policy import SHANGHAI
from backend.evidence.gps import GPS_UNREADABLE, Position, read_position
from backend.evidence.tiff import Directory, Unreadable

EXIF_UNREADABLE = "EXIF_UNREADABLE"
"""There is EXIF metadata, but not even its directories can be read."""

TIME_UNREADABLE = "TIME_UNREADABLE"
"""A time of capture is there but is no time."""

TIME_ZONE_ASSUMED = "TIME_ZONE_ASSUMED"
"""The time of capture came without a zone; Asia/Shanghai was assumed."""


_Value = TypeVar("_Value", int, str)


class _Tag(IntEnum):
    MAKE = 0x010F
    MODEL = 0x0110
    ORIENTATION = 0x0112
    PHOTO_DIRECTORY = 0x8769
    GPS_DIRECTORY = 0x8825
    TIME_ORIGINAL = 0x9003
    TIME_DIGITIZED = 0x9004
    OFFSET_ORIGINAL = 0x9011
    OFFSET_DIGITIZED = 0x9012


# DateTime (0x0132) is left out: it is the time of the last change to the file.
_TIMES = ((_Tag.TIME_ORIGINAL, _Tag.OFFSET_ORIGINAL), (_Tag.TIME_DIGITIZED, _Tag.OFFSET_DIGITIZED))
_TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
# An aware time at the ends of the calendar overflows when it is brought to UTC.
_YEARS = range(1970, 9999)


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What was read; everything at its default where there is no EXIF.

    ``taken_at`` is aware, in the camera's zone. ``orientation`` is 1-8 as EXIF counts them, 1 being upright.
    ``camera`` is (make, model), either may be empty. ``signals`` are the codes named in this package.
    """

    taken_at: datetime | None = None
    position: Position | None = None
    orientation: int = 1
    camera: tuple[str, str] | None = None
    signals: tuple[str, ...] = ()


def read_exif(raw: bytes | None) -> ExifFacts:
    """Return the facts in *raw*, a TIFF structure with or without the ``Exif`` prefix; never raises."""
    if not raw:
        return ExifFacts()
    try:
        root = Directory.first(raw)
    except Unreadable:
        return ExifFacts(signals=(EXIF_UNREADABLE,))
    taken_at, time_signals = _taken_at(root)
    position, place_signals = _position(root)
    return ExifFacts(
        taken_at=taken_at,
        position=position,
        orientation=_orientation(root),
        camera=_camera(root),
        signals=(*time_signals, *place_signals),
    )


def _orientation(root: Directory) -> int:
    value = _or_none(root.integer, _Tag.ORIENTATION)
    return value if value is not None and value in range(1, 9) else 1  # many cameras write 0


def _camera(root: Directory) -> tuple[str, str] | None:
    make, model = _or_none(root.text, _Tag.MAKE) or "", _or_none(root.text, _Tag.MODEL) or ""
    return (make, model) if make or model else None


def _position(root: Directory) -> tuple[Position | None, tuple[str, ...]]:
    try:
        gps = root.directory(_Tag.GPS_DIRECTORY)
    except Unreadable:
        return None, (GPS_UNREADABLE,)
    return (None, ()) if gps is None else read_position(gps)


def _taken_at(root: Directory) -> tuple[datetime | None, tuple[str, ...]]:
    try:
        directory = root.directory(_Tag.PHOTO_DIRECTORY)
    except Unreadable:
        return None, (EXIF_UNREADABLE,)
    if directory is None:
        return None, ()
    for time_tag, offset_tag in _TIMES:
        try:
            written = directory.text(time_tag)
            if not (written or "").strip(" :"):  # the standard's way to say that the time is unknown
                continue
            moment = _moment(written or "")
        except Unreadable:
            return None, (TIME_UNREADABLE,)
        zone = _zone(_or_none(directory.text, offset_tag))
        return moment.replace(tzinfo=zone or SHANGHAI), () if zone else (TIME_ZONE_ASSUMED,)
    return None, ()


def _moment(written: str) -> datetime:
    match = _TIME.fullmatch(written)
    try:
        if match and int(match[1]) in _YEARS:
            return datetime.fromisoformat(f"{match[1]}-{match[2]}-{match[3]}T{match[4]}")
    except ValueError:
        pass
    raise Unreadable


def _zone(written: str | None) -> tzinfo | None:
    if written == "Z":
        return UTC
    match = _OFFSET.fullmatch(written or "")
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _or_none(read: Callable[[int], _Value | None], tag: int) -> _Value | None:
    try:
        return read(tag)
    except Unreadable:
        return None
