"""What a capture record gives to think about. Those that begin with ``CAPTURE_`` are doubts that people look at.

A photo without a record is neutral: an officer's upload and an old phone have none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.capturing.record import SignedRecord

DOUBT = "CAPTURE_"
"""How a signal begins that sends a claim to people."""
SIGNATURE_WRONG = "CAPTURE_SIGNATURE_WRONG"
"""The record was changed after it was signed, or another key signed it."""
DEVICE_UNKNOWN = "CAPTURE_DEVICE_UNKNOWN"
"""No farmer has registered this device's key."""
NONCE_UNKNOWN = "CAPTURE_NONCE_UNKNOWN"
"""The server never gave this device such a nonce, or so long ago that it is forgotten."""
DEVICE_ON_MANY_FARMS = "CAPTURE_DEVICE_ON_MANY_FARMS"
"""One phone took photos for more farms than a family has; an agent's phone does too, so people look."""
SPEED_IMPOSSIBLE = "CAPTURE_SPEED_IMPOSSIBLE"
"""Two fixes of one claim, or of one phone on two claims, lie further apart than anybody travels between them."""
TIMES_CONTRADICT = "CAPTURE_TIMES_CONTRADICT"
"""Signed before its nonce was given or before the photo was taken, as the record itself says."""
NONCE_OLD = "NONCE_OLD"
"""The phone had no signal for long before the photo: nothing more than that."""
NONCE_NONE = "NONCE_NONE"
"""The phone had no nonce yet when it took the photo: nothing but its own clock dates the record from below."""
SIGNED_LATE = "SIGNED_LATE"
"""Signed some time after the shutter: the phone died in between, or could not sign at once."""
CLOCK_SKEW = "CLOCK_SKEW"
"""The phone's clock was wrong; its times were corrected by the server's."""

MOST_FARMS = 3
"""As many as one payee may have (rules/thresholds, payee_farms): a family or a cooperative."""
OLD_AFTER = timedelta(days=2)
"""This project's: a phone that was in town within two days has a younger nonce."""
KEPT_FOR = timedelta(days=30)
"""This project's: longer than a phone stays without any signal and its farmer waits to report."""
SIGNED_WITHIN = timedelta(minutes=2)
"""This project's: longer than the slowest phone needs for a photo, and waits for its place."""
CLOCK_WITHIN = timedelta(minutes=10)
"""As far as clocks may differ elsewhere (rules/thresholds, clocks_agree_within)."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What the server knows of the device behind a record.

    ``public_key`` None: no such device; ``nonce_at`` None: no such nonce of this device; ``farms`` with this one.
    """

    public_key: bytes | None
    nonce_at: datetime | None
    farms: int


def signals_of(
    witness: Witness, record: SignedRecord, *, fits: bool, taken_at: datetime | None
) -> tuple[str, ...]:
    """The signals of one record.

    Args:
        witness: What the server knows of the device.
        record: What was signed.
        fits: Whether the signature is the device's, over this very record.
        taken_at: When the photo was taken, as the record says.
    """
    if witness.public_key is None:
        return (DEVICE_UNKNOWN,)
    if not fits:
        return (SIGNATURE_WRONG,)
    found = []
    if record.nonce is None:
        found.append(NONCE_NONE)
    elif witness.nonce_at is None:
        found.append(NONCE_UNKNOWN)
    elif taken_at and taken_at - witness.nonce_at > OLD_AFTER:
        found.append(f"{NONCE_OLD} ({(taken_at - witness.nonce_at) // timedelta(hours=1)} h)")
    found += _of_the_signing(witness, record, taken_at)
    if abs(record.clock_offset_s) > CLOCK_WITHIN.total_seconds():
        found.append(f"{CLOCK_SKEW} ({record.clock_offset_s} s)")
    if witness.farms > MOST_FARMS:
        found.append(f"{DEVICE_ON_MANY_FARMS} ({witness.farms})")
    return tuple(found)


def _of_the_signing(witness: Witness, record: SignedRecord, taken_at: datetime | None) -> Iterator[str]:
    """What the moment of signing says, where the record names it."""
    signed_at = record.signed_at
    if signed_at is None:
        return
    before = [one for one in (witness.nonce_at, taken_at) if one is not None]
    # Clocks are corrected by the server's answers, which blur by seconds; a clock set in between by more.
    if any(one - signed_at > CLOCK_WITHIN for one in before):
        yield TIMES_CONTRADICT
    elif taken_at and signed_at - taken_at > SIGNED_WITHIN:
        yield f"{SIGNED_LATE} ({(signed_at - taken_at) // timedelta(seconds=1)} s)"
