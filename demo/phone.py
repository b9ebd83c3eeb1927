"""The farmer's phone: takes a geotagged photo, announces it, uploads it. Plain HTTP, as any phone would."""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import httpx
from PIL import ExifTags, Image, ImageEnhance
from pyproj import Geod

_EARTH = Geod(ellps="WGS84")
_ACCURACY_M = 9.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo as the phone has it: bytes with EXIF, and the fix of the moment (WGS 84)."""

    content: bytes
    lon: float
    lat: float

    @property
    def sha256(self) -> str:
        """The photo's identity."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Report:
    """What the farmer declares."""

    policy_number: str
    access_token: str
    species: str
    heads: int
    weight_kg: str
    tags: tuple[str, ...]


def take(photo: Path, place: tuple[float, float], *, north_m: float = 0.0, light: float = 1.0) -> Shot:
    """Geotag a picture as if it had just been taken *north_m* metres north of *place* (lon, lat).

    *light* is the share of the picture's own light that is left, 0 to 1.
    """
    lon, lat, _ = _EARTH.fwd(*place, 0.0, north_m)
    with Image.open(photo) as image:
        exif = Image.Exif()
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "flashclaim", "demo phone"
        taken = datetime.now(UTC) + timedelta(hours=8)
        exif.get_ifd(ExifTags.IFD.Exif).update(
            {
                ExifTags.Base.DateTimeOriginal: taken.strftime("%Y:%m:%d %H:%M:%S"),
                ExifTags.Base.OffsetTimeOriginal: "+08:00",
            }
        )
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
                ExifTags.GPS.GPSLatitude: _degrees(lat),
                ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
                ExifTags.GPS.GPSLongitude: _degrees(lon),
                ExifTags.GPS.GPSMapDatum: "WGS-84",
            }
        )
        written = io.BytesIO()
        shown = ImageEnhance.Brightness(image.convert("RGB")).enhance(light)
        shown.save(written, "JPEG", quality=90, exif=exif)
    return Shot(written.getvalue(), lon, lat)


def send(server: str, report: Report, shots: list[Shot]) -> dict[str, object]:
    """Report and upload; returns the server's answer to the manifest."""
    now = datetime.now(UTC)
    body = {
        "claim_id": str(uuid4()),
        "policy_number": report.policy_number,
        "species": report.species,
        "heads": report.heads,
        "cause": "accident",
        "occurred_at": (now - timedelta(minutes=40)).isoformat(),
        "animals": [
            {"tag": tag, "weight_kg": report.weight_kg, "weight_source": "declared_band"}
            for tag in report.tags[: report.heads]
        ],
        "photos": [
            {
                "sha256": shot.sha256,
                "bytes": len(shot.content),
                "media_type": "image/jpeg",
                "capture": {
                    "position": {
                        "lon": shot.lon,
                        "lat": shot.lat,
                        "datum": "wgs84",
                        "accuracy_m": _ACCURACY_M,
                    },
                    "taken_at": now.isoformat(),
                    "device": "demo phone",
                },
            }
            for shot in shots
        ],
    }
    headers = {"Authorization": f"Bearer {report.access_token}", "Idempotency-Key": uuid4().hex}
    with httpx.Client(headers=headers, timeout=30, trust_env=False) as http:
        answer = http.post(f"{server}/api/v1/claims", json=body).raise_for_status().json()
        for photo, shot in zip(answer["photos"], shots, strict=True):
            http.put(photo["upload_url"], content=shot.content).raise_for_status()
    return dict(answer)


def sign_in(server: str, card: str) -> str:
    """Show the policy's card, as the farmer does once on a new phone; returns the access token."""
    with httpx.Client(timeout=30, trust_env=False) as http:
        answer = http.post(f"{server}/api/v1/farmer/sessions", json={"card": card, "device": "demo phone"})
    return str(answer.raise_for_status().json()["access_token"])


def _degrees(value: float) -> tuple[Fraction, Fraction, Fraction]:
    degrees, rest = divmod(abs(value), 1)
    minutes, rest = divmod(rest * 60, 1)
    return Fraction(int(degrees)), Fraction(int(minutes)), Fraction(round(rest * 60 * 10_000), 10_000)
