"""A claim's photos: what was announced, and what the machine found on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from backend.domain.capturing.record import Shown, SignedRecord
from backend.domain.ids import PhotoId
from backend.domain.labels import Labelled
from backend.domain.plain import plain

LARGEST_PHOTO_BYTES = 20_000_000
"""No phone needs more; a larger body is refused before it is read (architecture.md, bombs)."""


@dataclass(frozen=True, slots=True)
class Position:
    """A device's fix: WGS 84 degrees; ``accuracy_m`` is the radius that holds 68 %, None when unknown."""

    lon: Decimal
    lat: Decimal
    accuracy_m: Decimal | None
    mock: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """The capture record that came with a photo. ``camera_exif`` is the camera's own EXIF as JSON text.

    ``record`` is what the phone signed of it; None: nobody signed.
    """

    position: Position | None = None
    taken_at: datetime | None = None
    device: str | None = None
    camera_exif: str | None = None
    record: SignedRecord | None = None


@dataclass(frozen=True, slots=True)
class PhotoAnnounced:
    """A photo that the manifest names before its bytes arrive."""

    photo_id: PhotoId
    bytes: int
    media_type: str
    capture: Capture = Capture()

    @property
    def shown(self) -> Shown:
        """What its record stands for, in the words that a phone signs."""
        fix = self.capture.position
        accuracy = None if fix is None or fix.accuracy_m is None else format(fix.accuracy_m, "f")
        return Shown(
            sha256=self.photo_id,
            bytes=self.bytes,
            taken_at=self.capture.taken_at,
            device=self.capture.device,
            lon=None if fix is None else format(fix.lon, ".8f"),
            lat=None if fix is None else format(fix.lat, ".8f"),
            accuracy_m=accuracy,
            camera_exif=self.capture.camera_exif,
        )


def photos_as_said(photos: Sequence[PhotoAnnounced]) -> list[object]:
    """Announced photos as plain values for a hash; what could not be said before and is not said is left out.

    So a phone that repeats what it sent to an older server is still understood to repeat itself.
    """
    said = []
    for one in photos:
        values = cast("dict[str, dict[str, dict[str, object]]]", plain(one))
        if one.capture.record is None:
            del values["capture"]["record"]
        elif one.capture.record.signed_at is None:
            del values["capture"]["record"]["signed_at"]
        said.append(values)
    return cast("list[object]", said)


@dataclass(frozen=True, slots=True)
class NearestPremises:
    """The nearest premises other than the insured ones."""

    premises: str
    distance_m: Decimal


@dataclass(frozen=True, slots=True)
class FenceFound:
    """Where a photo was taken against the insured premises (formats.md, fence check).

    ``distance_m`` is positive inside and negative outside, to the nearest boundary; ``direction`` is the compass
    point from the farm to the photo.
    """

    decision: str
    distance_m: Decimal | None
    probability_inside: Decimal | None
    accuracy_m: Decimal | None
    premises: str | None
    nearest: NearestPremises | None = None
    signals: tuple[str, ...] = ()
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class BoxFound:
    """One animal: ``xyxy`` whole pixels of the upright photo, confidence 0 to 1."""

    xyxy: tuple[int, int, int, int]
    species: str
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class CountFound:
    """What the counter saw on one photo: ``low`` of them are sure, ``high`` there may be."""

    model: str
    count: int
    low: int
    high: int
    unsure: bool
    reasons: tuple[str, ...] = ()
    boxes: tuple[BoxFound, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoRefused:
    """Why a photo could not be read: the problem's code and what the farmer can do."""

    code: str
    title: str
    next: str


@dataclass(frozen=True, slots=True)
class PhotoChecks:
    """The machine's findings on one photo; ``refused`` is set when the picture could not be read."""

    width: int | None
    height: int | None
    format: str | None
    taken_at: datetime | None
    location_grade: str
    fence: FenceFound
    count: CountFound | None
    signals: tuple[str, ...] = ()
    refused: PhotoRefused | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a claim as it stands now; ``labelled`` is the last that an officer said of it."""

    announced: PhotoAnnounced
    received_at: datetime | None = None
    checks: PhotoChecks | None = None
    labelled: Labelled | None = None

    @property
    def id(self) -> PhotoId:
        """The sha-256 of the original bytes."""
        return self.announced.photo_id

    @property
    def is_unchecked(self) -> bool:
        """Arrived, and the machine has not looked yet."""
        return self.received_at is not None and self.checks is None
