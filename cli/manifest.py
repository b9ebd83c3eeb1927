"""The report's manifest 报案清单: what is announced before any photo is sent (formats.md, HTTP)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from backend.domain.photos import LARGEST_PHOTO_BYTES
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import WeightSource

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"})


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo's original bytes, exactly as they are on disk."""

    name: str
    content: bytes = field(repr=False)
    media_type: str

    @property
    def sha256(self) -> str:
        """The photo's identity."""
        return hashlib.sha256(self.content).hexdigest()


def read_photos(names: Sequence[str]) -> list[PhotoFile]:
    """The files, each once however often it is named.

    Raises:
        InvalidInput: Files that are no photos of ours; all of them are named.
    """
    found: dict[str, PhotoFile] = {}
    errors = []
    for place, name in enumerate(names):
        try:
            content = Path(name).read_bytes()
        except (OSError, ValueError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else "no file can have this name"
            errors.append(FieldError(f"/photos/{place}", f"{name} cannot be read: {why}"))
            continue
        kind = media_type(content)
        if len(content) > LARGEST_PHOTO_BYTES:
            errors.append(
                FieldError(f"/photos/{place}", f"{name} is larger than {LARGEST_PHOTO_BYTES:,} bytes")
            )
        elif kind is None:
            errors.append(FieldError(f"/photos/{place}", f"{name} is no JPEG, HEIC, PNG or WebP file"))
        else:
            photo = PhotoFile(name, content, kind)
            found[photo.sha256] = photo
    if errors:
        raise InvalidInput(f"{len(errors)} of the files cannot be reported", errors=errors)
    return list(found.values())


def media_type(content: bytes) -> str | None:
    """What the first bytes say a photo is, None for anything that the server does not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "image/heic"
    return None


def position(at: str, accuracy: float | None) -> dict[str, object] | None:
    """A WGS 84 position from LON,LAT in degrees; the numbers stay as they were typed.

    Raises:
        InvalidInput: Not two numbers.
    """
    if not at:
        return None
    try:
        lon, lat = (float(part) for part in at.split(","))
    except ValueError as wrong:
        error = FieldError("/at", f"{at!r} is not LON,LAT in degrees, such as 112.99,28.22")
        raise InvalidInput("the place cannot be used", errors=[error]) from wrong
    return {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": accuracy, "mock": False}


def animals(
    tags: Sequence[str],
    weights: Sequence[str],
    category: str | None,
    source: WeightSource,
    *,
    sizes: Sequence[str] = (),
    ages: Sequence[int] = (),
) -> list[dict[str, object]]:
    """Animals by their place in all lists; the longest one says how many are described.

    A size or an age that nobody gave is unsaid: an older server knows no such word.
    """
    described: list[dict[str, object]] = []
    for place in range(max(len(tags), len(weights), len(sizes), len(ages))):
        animal: dict[str, object] = {
            "tag": tags[place] if place < len(tags) else None,
            "weight_kg": weights[place] if place < len(weights) else None,
            "weight_source": source if place < len(weights) else None,
            "category": category,
        }
        if place < len(sizes):
            animal["size_band"] = sizes[place]
        if place < len(ages):
            animal["age_months"] = ages[place]
        described.append(animal)
    return described


def announced(
    photo: PhotoFile, where: dict[str, object] | None, taken_at: datetime | None
) -> dict[str, object]:
    """One photo of the manifest with its capture record."""
    capture: dict[str, object] = {"position": where, "device": "flashclaim command line"}
    if taken_at is not None:
        capture["taken_at"] = taken_at.isoformat()
    return {
        "sha256": photo.sha256,
        "bytes": len(photo.content),
        "media_type": photo.media_type,
        "capture": capture,
    }
