"""From a report's body to the command, at the edge: datums converted, names resolved."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast
from uuid import UUID, uuid5

from backend.api.declared import animals
from backend.api.schemas.report import (
    CaptureBody,
    PayeeAnswer,
    PhotoBody,
    PositionBody,
    RecordBody,
    ReportAnswer,
    ReportBody,
    UploadAnswer,
)
from backend.domain.canonical import canonical
from backend.domain.capturing.record import SignedRecord
from backend.domain.claim import Claim
from backend.domain.commands import Report
from backend.domain.ids import ClaimId, KeyId, PhotoId, PolicyNumber
from backend.domain.parties import Actor
from backend.domain.photos import Capture, PhotoAnnounced, Position, photos_as_said
from backend.domain.plain import plain
from backend.domain.policy import as_said
from backend.domain.problems import FieldError, InvalidInput
from geo.fence import Fix, InvalidFix

_SAME_REPORT = UUID("a9a2f3de-0d1f-5f0e-9a0b-3f9d5b3f8c11")
_DEGREE_STEP = Decimal("0.00000001")


def report_command(body: ReportBody, by: Actor) -> Report:
    """The report that this body asks for.

    A body without a claim id gets one made of its own content, so that the same report sent twice is one claim even
    when the phone forgot its key.

    Raises:
        InvalidInput: A position that is no place; all of them are named.
    """
    command = Report(
        claim_id=ClaimId(body.claim_id or _SAME_REPORT),
        policy_number=PolicyNumber(body.policy_number),
        species=body.species,
        heads=body.heads,
        cause=body.cause,
        occurred_at=body.occurred_at,
        animals=animals(body.animals, body.species),
        photos=photos(body.photos),
        by=by,
        accept_in_advance=body.accept_in_advance,
        note=body.note,
        photos_may_teach=body.photos_may_teach,
    )
    if body.claim_id:
        return command
    return replace(command, claim_id=ClaimId(uuid5(_SAME_REPORT, _content(command))))


def _content(command: Report) -> str:
    """All that the report says; what was not given is unsaid, as it was before there was a word for it."""
    fields = _object(command) | {
        "animals": as_said(command.animals),
        "photos": photos_as_said(command.photos),
    }
    del fields["assistance"]
    if not command.photos_may_teach:
        del fields["photos_may_teach"]
    return canonical(fields).decode()


def _object(command: Report) -> dict[str, object]:
    return dict(cast("dict[str, object]", plain(command)))


def photos(bodies: Sequence[PhotoBody]) -> tuple[PhotoAnnounced, ...]:
    """Announced photos, positions in WGS 84.

    Raises:
        InvalidInput: Positions that are no place on Earth; all of them are named.
    """
    errors: list[FieldError] = []
    announced = tuple(
        PhotoAnnounced(
            photo_id=PhotoId(body.sha256),
            bytes=body.bytes,
            media_type=body.media_type,
            capture=_capture(body.capture, f"/photos/{place}/capture", errors),
        )
        for place, body in enumerate(bodies)
    )
    if errors:
        raise InvalidInput(f"{len(errors)} field(s) of the photos cannot be used", errors=errors)
    return announced


def report_answer(claim: Claim, base_url: str) -> ReportAnswer:
    """What the phone keeps."""
    report = claim.report
    payee = report.policy.payee
    return ReportAnswer(
        id=report.claim_id,
        number=report.number,
        state=claim.state,
        due_at=report.due_at,
        payee=PayeeAnswer(payee.name, payee.account_last4),
        photos=uploads(claim, base_url),
        lowest_sum=None if report.lowest_sum_shown is None else str(report.lowest_sum_shown),
    )


def uploads(claim: Claim, base_url: str) -> tuple[UploadAnswer, ...]:
    """Where each photo's bytes go, and whether they are there."""
    base = f"{base_url.rstrip('/')}/api/v1/claims/{claim.report.claim_id}/photos"
    return tuple(
        UploadAnswer(photo.id, f"{base}/{photo.id}", photo.received_at is not None) for photo in claim.photos
    )


def _capture(body: CaptureBody, pointer: str, errors: list[FieldError]) -> Capture:
    exif = None if body.camera_exif is None else json.dumps(body.camera_exif, default=str, ensure_ascii=False)
    position = None
    if body.position is not None:
        position = _position(body.position, f"{pointer}/position", errors)
    return Capture(
        position=position,
        taken_at=body.taken_at,
        device=body.device,
        camera_exif=exif,
        record=None if body.record is None else _record(body.record),
    )


def _record(body: RecordBody) -> SignedRecord:
    return SignedRecord(
        device_key=KeyId(body.device_key),
        nonce=body.nonce,
        signature=body.signature,
        original_sha256=body.original_sha256,
        fix_at=body.fix_at,
        clock_offset_s=body.clock_offset_s,
        signed_at=body.signed_at,
    )


def _position(body: PositionBody, pointer: str, errors: list[FieldError]) -> Position | None:
    accuracy = None if body.accuracy_m is None else float(body.accuracy_m)
    try:
        fix = Fix(float(body.lon), float(body.lat), accuracy, mock=body.mock, datum=body.datum)
    except InvalidFix as wrong:
        errors += [FieldError(f"{pointer}/{name}", why) for name, why in wrong.faults.items()]
        return None
    lon, lat = fix.wgs84()
    return Position(
        lon=Decimal(str(lon)).quantize(_DEGREE_STEP),
        lat=Decimal(str(lat)).quantize(_DEGREE_STEP),
        accuracy_m=body.accuracy_m,
        mock=body.mock,
    )


def place_of(body: PositionBody) -> tuple[float, float]:
    """The longitude and latitude of a body's ``position``, WGS 84 degrees.

    Raises:
        InvalidInput: It is no place on earth; each wrong number is named.
    """
    errors: list[FieldError] = []
    position = _position(body, "/position", errors)
    if position is None:
        raise InvalidInput("the position cannot be used", errors=errors)
    return float(position.lon), float(position.lat)
