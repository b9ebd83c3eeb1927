"""Claims whose photos are real pictures, for stories of what the counter learns from them."""

import hashlib
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image

from backend.adapters.blobs import Blobs
from backend.domain import commands as c
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.photos import PhotoAnnounced
from backend.domain.words import Lane
from tests.backend.store.county import County
from tests.builders import (
    ALL_THREE,
    FARMER,
    a_report,
    a_scene,
    acceptance,
    an_officer,
    confirmed_by_bank,
    decision,
    handover,
    photo_checks,
)

ORIENTATION, GPS = 0x0112, 0x8825


def a_picture(shade: int = 0, *, size: tuple[int, int] = (64, 40), turned: bool = False) -> bytes:
    """A JPEG with a place in its EXIF; *turned*: the camera lay on its side, so that it is upright 40 × 64."""
    picture = Image.new("RGB", size, (shade * 37 % 256, 90, shade * 11 % 256))
    picture.paste((250, 250, 250), (0, 0, size[0] // 4, size[1] // 2))
    exif = picture.getexif()
    exif[ORIENTATION] = 6 if turned else 1
    exif.get_ifd(GPS)[2] = (28.0, 12.0, 0.0)
    written = BytesIO()
    picture.save(written, "JPEG", quality=95, exif=exif)
    return written.getvalue()


def digest(content: bytes) -> PhotoId:
    return PhotoId(hashlib.sha256(content).hexdigest())


@dataclass
class Archive:
    """A county and its photos."""

    county: County
    blobs: Blobs

    def claim(self, *contents: bytes, lent: bool = True, heads: int = 2, **report: Any) -> ClaimId:
        """A claim that was triaged with these photos."""
        claim_id = ClaimId(uuid4())
        photos = tuple(PhotoAnnounced(digest(one), len(one), "image/jpeg") for one in contents)
        weights = ["95"] * heads
        self.county.report(
            replace(a_report(*weights), claim_id=claim_id, photos=photos, photos_may_teach=lent, **report)
        )
        for content in contents:
            self.blobs.put(digest(content), content)
            one = c.ReceivePhoto(photo_id=digest(content), bytes=len(content), by=FARMER)
            self.county.give(one, claim_id)
            with Image.open(BytesIO(content)) as picture:
                width, height = picture.size
                if picture.getexif().get(ORIENTATION) == 6:
                    width, height = height, width
            found = replace(photo_checks(), width=width, height=height)
            self.county.give(c.RecordPhotoChecks(photo_id=digest(content), checks=found), claim_id)
        self.county.give(c.Triage(scene=a_scene(heads)), claim_id)
        return claim_id

    def label(self, claim_id: ClaimId, content: bytes, **label: Any) -> None:
        officer = an_officer(Lane.VETERINARY)
        self.county.give(c.LabelPhoto(officer=officer, photo_id=digest(content), **label), claim_id)

    def pay(self, claim_id: ClaimId) -> None:
        """Three approvals, acceptance, handover, and the money."""
        claim = self.county.claim(claim_id)
        for lane in ALL_THREE:
            claim = self.county.give(decision(claim, lane), claim_id).claim
        self.county.give(acceptance(claim), claim_id)
        self.county.give(handover(claim.heads, str(95 * claim.heads)), claim_id)
        started = self.county.give(c.StartPayout(), claim_id).claim
        self.county.give(confirmed_by_bank(started), claim_id)
