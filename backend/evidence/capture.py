"""How well two witnesses - the device's fix and the camera's EXIF - agree on where a photo was taken."""

from dataclasses import dataclass
from enum import StrEnum

from backend.evidence.gps import Position
from geo.fix import COARSE_OVER_M
from geo.metres import between

EXIF_CONTRADICTS_FIX = "EXIF_CONTRADICTS_FIX"
"""The camera's EXIF names another place than the device's fix; the signal carries the metres between them."""

CAMERA_RADIUS_M = COARSE_OVER_M
"""EXIF seldom says how exact it is: it is taken to be as coarse as a fix may be before the fence check rejects
it, and so is a device's fix without a radius."""


class LocationGrade(StrEnum):
    """How well the place of a photo is witnessed: domain.md §2, "location grade"."""

    A = "A"
    """The camera's own EXIF and the device's fix agree."""
    B = "B"
    """The device's fix only, also where EXIF contradicts it: that is a signal beside the grade."""
    C = "C"
    """EXIF only."""
    D = "D"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class WitnessedPlace:
    """``distance_m`` is the geodesic between fix and EXIF, None unless both are there."""

    grade: LocationGrade
    distance_m: float | None = None
    signals: tuple[str, ...] = ()


def grade_location(
    *, device: Position | None, accuracy_m: float | None, camera: Position | None
) -> WitnessedPlace:
    """Return the grade of a photo's place and, where EXIF contradicts the fix, the signal that says so.

    Missing EXIF is neutral: phones and chat programs strip it.

    Args:
        device: The device's fix, in WGS 84.
        accuracy_m: Radius of the fix that holds 68 %; None or 0 when the device gave none.
        camera: The position in the photo's EXIF.
    """
    if device is None:
        return WitnessedPlace(LocationGrade.D if camera is None else LocationGrade.C)
    if camera is None:
        return WitnessedPlace(LocationGrade.B)
    distance_m = between(device.lon, device.lat, camera.lon, camera.lat).distance_m
    if distance_m <= CAMERA_RADIUS_M + (accuracy_m or COARSE_OVER_M):
        return WitnessedPlace(LocationGrade.A, distance_m)
    return WitnessedPlace(LocationGrade.B, distance_m, (f"{EXIF_CONTRADICTS_FIX} ({distance_m:.0f} m)",))
