"""The capture record 拍摄记录 that a phone signs: photo, place, time and camera, bound to one device and one nonce.

It is signed at the shutter, and says when (``signed_at``). Records of the first form were signed when the report was
sent; they do not say when, and stay what they are.

The same bytes are made by the farmer's page (``web/farmer/record.js``) and by anyone else who signs: canonical JSON of
strings, whole numbers and objects, so that no two languages round a coordinate differently.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.domain.canonical import canonical
from backend.domain.ids import KeyId

FORM = "capture-record-2"
FIRST_FORM = "capture-record-1"
"""Of records that do not say when they were signed."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """What a phone's own key says of a photo.

    Attributes:
        device_key: The phone's key: sha-256 of its public point, 64 hexadecimal digits.
        nonce: What the server gave this key before the record was signed; it dates the record from below. None: the
            phone had none at the shutter.
        signature: ECDSA P-256 with sha-256 over ``record_document``, r and s of 32 bytes each, base64.
        original_sha256: Of the bytes that the camera gave, before the page made them smaller.
        fix_at: When the device knew its place, in the time of the server as the phone knew it; None without a place.
        clock_offset_s: Seconds that the phone's own clock was behind the server's (negative: ahead); its times are
            corrected by them.
        signed_at: When the phone signed, in the server's time as the phone knew it; None in the first form.
    """

    device_key: KeyId
    nonce: str | None
    signature: str
    original_sha256: str | None = None
    fix_at: datetime | None = None
    clock_offset_s: int = 0
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The rest of what is signed: the photo as it is announced, and the capture beside it.

    ``lon``, ``lat`` and ``accuracy_m`` are decimal strings, the first two with eight decimals; None without a fix.
    """

    sha256: str
    bytes: int
    taken_at: datetime | None
    device: str | None
    lon: str | None
    lat: str | None
    accuracy_m: str | None
    camera_exif: str | None


def record_document(record: SignedRecord, shown: Shown) -> bytes:
    """The bytes under the signature.

    Raises:
        TypeError, ValueError: The camera's EXIF holds a number that is not whole: no such record can be signed.
    """
    fix = None
    if shown.lon is not None:
        fix = {
            "accuracy_m": shown.accuracy_m,
            "at_ms": _milliseconds(record.fix_at),
            "lat": shown.lat,
            "lon": shown.lon,
        }
    when: dict[str, object] = {"form": FIRST_FORM}
    if record.signed_at is not None:
        when = {"form": FORM, "signed_ms": _milliseconds(record.signed_at)}
    return canonical(
        {
            **when,
            "bytes": shown.bytes,
            "camera_exif": None if shown.camera_exif is None else json.loads(shown.camera_exif),
            "clock_offset_s": record.clock_offset_s,
            "device": shown.device,
            "device_key": record.device_key,
            "fix": fix,
            "nonce": record.nonce,
            "original_sha256": record.original_sha256,
            "sha256": shown.sha256,
            "taken_ms": _milliseconds(shown.taken_at),
        }
    )


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _MILLISECOND
