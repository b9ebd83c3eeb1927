"""The reference client of capture records: what docs/phone.md describes, written a second time, in Python."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import rfc8785
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass
class PhoneKey:
    """A phone's own key, and the nonce that the server gave it last."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    nonce: str | None = ""

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def name(self) -> str:
        return hashlib.sha256(self.point).hexdigest()

    def register(self, http: httpx.Client) -> httpx.Response:
        """Make the key known as a farmer; a fresh nonce is the answer."""
        body = {"public_key": base64.b64encode(self.point).decode()}
        answer = http.put(f"/farmer/devices/{self.name}", json=body)
        if answer.is_success:
            self.nonce = answer.json()["nonce"]
        return answer

    def signed(
        self, photo: dict[str, Any], taken_at: datetime | None = None, **changes: Any
    ) -> dict[str, Any]:
        """The announced photo with a signed record; *changes* are made to the record before it is signed.

        ``signed_at=None`` makes one of the first form.
        """
        at = (taken_at or datetime.now(UTC)).replace(microsecond=123_000)
        place = photo["capture"]["position"]
        fix = place and {
            "lon": f"{place['lon']:.8f}",
            "lat": f"{place['lat']:.8f}",
            "accuracy_m": f"{place['accuracy_m']:.1f}",
        }
        exif = photo["capture"].get("camera_exif")
        record = {
            "device_key": self.name,
            "nonce": self.nonce,
            "original_sha256": photo["sha256"],
            "fix_at": at.isoformat(),
            "clock_offset_s": 0,
            "signed_at": at.isoformat(),
        } | changes
        signed_at = record["signed_at"]
        milliseconds = round(at.timestamp() * 1000)
        document = {
            "bytes": photo["bytes"],
            "camera_exif": exif,
            "clock_offset_s": record["clock_offset_s"],
            "device": "reference client",
            "device_key": record["device_key"],
            "fix": fix and fix | {"at_ms": milliseconds},
            "form": "capture-record-2",
            "nonce": record["nonce"],
            "original_sha256": record["original_sha256"],
            "sha256": photo["sha256"],
            "signed_ms": signed_at and round(datetime.fromisoformat(signed_at).timestamp() * 1000),
            "taken_ms": milliseconds,
        }
        if signed_at is None:
            # As phones signed until they did it at the shutter.
            document["form"] = "capture-record-1"
            del document["signed_ms"], record["signed_at"]
        r, s = decode_dss_signature(self.key.sign(rfc8785.dumps(document), ec.ECDSA(SHA256())))
        signature = base64.b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()
        capture = {
            "position": fix and fix | {"datum": "wgs84", "mock": False},
            "taken_at": at.isoformat(),
            "device": "reference client",
            "camera_exif": exif,
            "record": record | {"signature": signature},
        }
        return photo | {"capture": capture}
