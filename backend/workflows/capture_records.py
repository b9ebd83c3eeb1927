"""Whether the records that a phone signed can be believed: its key, its nonce, its clock, its travels."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from backend import p256
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.capturing.record import SignedRecord, record_document
from backend.domain.capturing.signals import DEVICE_UNKNOWN, SIGNATURE_WRONG, signals_of
from backend.domain.claim import Claim
from backend.domain.ids import KeyId
from backend.domain.photos import Photo, PhotoAnnounced
from backend.evidence.gps import Position as CameraPosition
from backend.evidence.travel import Stop, impossible
from backend.store import device_keys, events
from backend.store.engine import Transaction
from backend.store.run import Store

_NEAR = timedelta(days=1)
"""At the speed that counts as impossible, nobody needs longer from one end of a country to the other."""
_ANOTHER = ", from another claim"
_LARGEST = (Decimal(180), Decimal(90))


def record_signals(store: Store, claim: Claim, one: Photo, at: datetime) -> tuple[str, ...]:
    """The signals of one photo's record and fix; none where nobody signed."""
    record = one.announced.capture.record
    if record is None:
        return ()
    farm = claim.report.policy.farm_id
    witness = store.submit(
        lambda connection: device_keys.meet(
            connection,
            record.device_key,
            record.nonce,
            farm,
            at,
            fits=lambda public_key: _fits(public_key, record, one.announced),
        )
    ).result()
    is_theirs = witness.public_key is not None and _fits(witness.public_key, record, one.announced)
    signals = signals_of(witness, record, fits=is_theirs, taken_at=one.announced.capture.taken_at)
    travels = [*_impossible_travels(claim, one)]
    if witness.public_key is not None and is_theirs and not travels:
        travels = [*_impossible_elsewhere(store, claim, one, witness.public_key)]
    return (*signals, *travels[:1])


def fix_age_s(one: Photo) -> float | None:
    """How old the device's fix was when the photo was taken; None where nobody says."""
    capture = one.announced.capture
    if capture.record is None or capture.record.fix_at is None or capture.taken_at is None:
        return None
    return max(0.0, (capture.taken_at - capture.record.fix_at).total_seconds())


def camera_position(one: Photo) -> CameraPosition | None:
    """The camera's own place as the phone read it before it made the photo smaller, None where it says none.

    It is a stranger's document: whatever does not read as a place on Earth is none.
    """
    written = json.loads(one.announced.capture.camera_exif or "null")
    place = written.get("position") if isinstance(written, dict) else None
    if not isinstance(place, dict):
        return None
    try:
        lon, lat = (Decimal(str(place[name])) for name in ("lon", "lat"))
    except (KeyError, InvalidOperation):
        return None
    if not all(part.is_finite() for part in (lon, lat)) or abs(lon) > _LARGEST[0] or abs(lat) > _LARGEST[1]:
        return None
    return CameraPosition(float(lon), float(lat))


def _fits(public_key: bytes, record: SignedRecord, announced: PhotoAnnounced) -> bool:
    try:
        document = record_document(record, announced.shown)
    except (TypeError, ValueError):
        return False
    return p256.fits(public_key, record.signature, document)


def _impossible_travels(claim: Claim, one: Photo) -> Iterator[str]:
    here = _stop(one)
    others = [stop for photo in claim.photos if photo.id != one.id and (stop := _stop(photo))]
    if here:
        yield from (signal for other in others if (signal := impossible(here, other)))


def _impossible_elsewhere(store: Store, claim: Claim, one: Photo, public_key: bytes) -> Iterator[str]:
    """Where this phone was, by its photos on other claims: at the farms that it took photos for, within a day or so."""
    here, record = _stop(one), one.announced.capture.record
    if here is None or record is None:
        return
    device, own = record.device_key, claim.report.claim_id

    def look(connection: Transaction) -> list[Claim]:
        near = device_keys.claims_near(connection, device, here.at - _NEAR)
        return [events.load(connection, other) for other in near if other != own]

    for other in store.engine.read(look, EVERYWHERE):
        stops = (_stop(photo) for photo in other.photos if _is_by(photo, device, public_key))
        yield from (signal for stop in stops if stop and (signal := impossible(here, stop, _ANOTHER)))


def _is_by(photo: Photo, device: KeyId, public_key: bytes) -> bool:
    """Whether this phone's own key signed the photo: a record that only names it says nothing of where it was.

    One that was not looked at yet counts too: of two claims that are looked at together, neither waits for the other.
    """
    record, checks = photo.announced.capture.record, photo.checks
    if record is None or record.device_key != device:
        return False
    if checks is None:
        return _fits(public_key, record, photo.announced)
    return not any(signal.startswith((SIGNATURE_WRONG, DEVICE_UNKNOWN)) for signal in checks.signals)


def _stop(one: Photo) -> Stop | None:
    capture = one.announced.capture
    fix, record = capture.position, capture.record
    at = (record.fix_at if record else None) or capture.taken_at
    if fix is None or fix.accuracy_m is None or record is None or at is None:
        return None
    return Stop(float(fix.lon), float(fix.lat), float(fix.accuracy_m), at)
