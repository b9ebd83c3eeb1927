"""``POST /api/v1/claims`` and its answer; more evidence (formats.md, HTTP)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any  # the camera's own EXIF is whatever the camera wrote
from uuid import UUID

import msgspec
from msgspec import Meta

from backend.api.bounds import Within
from backend.domain.decisions.reporting import MOST_HEADS
from backend.domain.photos import LARGEST_PHOTO_BYTES
from backend.domain.words import Category, Cause, Species, WeightSource
from geo.datum import Datum

Aware = Annotated[datetime, Meta(tz=True)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
ShortText = Annotated[str, Meta(max_length=100)]
LongText = Annotated[str, Meta(max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Heads = Annotated[int, Meta(ge=1, le=MOST_HEADS)]
Kilograms = Annotated[Decimal, Within(Decimal("0.001"), Decimal(10_000_000))]
"""One animal's weight, or a whole truck's."""


class PositionBody(msgspec.Struct, frozen=True):
    """A device's fix in its own datum; ``accuracy_m`` is the radius that holds 68 %."""

    lon: Annotated[Decimal, Within(Decimal(-180), Decimal(180))]
    lat: Annotated[Decimal, Within(Decimal(-90), Decimal(90))]
    datum: Datum = Datum.WGS84
    accuracy_m: Annotated[Decimal, Within(Decimal(0), Decimal(40_000_000))] | None = None
    mock: bool = False


class RecordBody(msgspec.Struct, frozen=True):
    """What the phone's own key signed of the photo (docs/phone.md): ECDSA P-256, r and s, base64.

    ``clock_offset_s``: seconds that the phone's clock was behind the server's; its times here are corrected by them.
    ``signed_at`` left out: a record of the first form. ``nonce`` null: the phone had none yet.
    """

    device_key: Sha256
    nonce: Annotated[str, Meta(pattern="^[0-9A-Za-z_-]{43}$")] | None
    signature: Annotated[str, Meta(min_length=1, max_length=100)]
    original_sha256: Sha256 | None = None
    fix_at: Aware | None = None
    clock_offset_s: Annotated[int, Meta(ge=-(10**10), le=10**10)] = 0
    signed_at: Aware | None = None


class CaptureBody(msgspec.Struct, frozen=True):
    """The capture record of one photo."""

    position: PositionBody | None = None
    taken_at: Aware | None = None
    device: ShortText | None = None
    camera_exif: dict[str, Any] | None = None
    record: RecordBody | None = None


class PhotoBody(msgspec.Struct, frozen=True):
    """A photo that the manifest announces."""

    sha256: Sha256
    bytes: Annotated[int, Meta(ge=1, le=LARGEST_PHOTO_BYTES)]
    media_type: ShortText
    capture: CaptureBody = CaptureBody()


class AnimalBody(msgspec.Struct, frozen=True):
    """One dead animal as declared; ``ref`` is its place in the list where it is left out.

    ``size_band`` is the code of a picture (``GET /api/v1/size-bands``) instead of a weight.
    """

    ref: Name | None = None
    tag: Name | None = None
    species: Species | None = None
    category: Category | None = None
    weight_kg: Kilograms | None = None
    weight_source: WeightSource | None = None
    age_months: Annotated[int, Meta(ge=0, le=1_200)] | None = None
    size_band: Name | None = None


class ReportBody(msgspec.Struct, frozen=True):
    """The farmer's manifest."""

    policy_number: Name
    species: Species
    heads: Heads
    cause: Cause
    occurred_at: Aware
    claim_id: UUID | None = None
    accept_in_advance: bool = False
    animals: tuple[AnimalBody, ...] = ()
    photos: tuple[PhotoBody, ...] = ()
    note: LongText = ""
    photos_may_teach: bool = False


class EvidenceBody(msgspec.Struct, frozen=True):
    """More photos, or an answer in words."""

    photos: tuple[PhotoBody, ...] = ()
    note: LongText = ""


class PayeeAnswer(msgspec.Struct, frozen=True):
    """Whom the money goes to, as far as a farmer needs to recognise it."""

    name: str
    account_last4: str


class UploadAnswer(msgspec.Struct, frozen=True):
    """Where a photo's bytes go."""

    sha256: str
    upload_url: str
    received: bool


class ReportAnswer(msgspec.Struct, frozen=True):
    """What the phone keeps of a report; ``lowest_sum`` is what the declared animals come to."""

    id: UUID
    number: str
    state: str
    due_at: datetime
    payee: PayeeAnswer
    photos: tuple[UploadAnswer, ...]
    lowest_sum: str | None
