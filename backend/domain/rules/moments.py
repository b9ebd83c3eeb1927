"""When it died, was photographed and was reported: domain.md §2, time.

A device's clock is not trusted: the server's moments are the anchor, and what contradicts them is a doubt, never proof.
"""

from datetime import datetime, timedelta

from backend.domain.claim import Claim
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.photos import Photo
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode, Species

CLOCK_AHEAD, PHOTO_BEFORE_LOSS, CLOCKS_CONTRADICT = "CLOCK_AHEAD", "PHOTO_BEFORE_LOSS", "CLOCKS_CONTRADICT"
"""Signals: a clock ahead of the server's; a photo older than the loss; phone and camera that disagree."""

_HOUR = timedelta(hours=1)


def judge_notice(claim: Claim, thresholds: Thresholds) -> Finding:
    """A report long after the death is a doubt: people ask why. A flock's loss may last for days before it is one."""
    event = thresholds.flock_event_lasts if claim.report.species is Species.POULTRY else timedelta()
    late = claim.reported_at - claim.report.occurred_at - event - thresholds.notice_within
    if late <= timedelta():
        return Pass()
    return Refer(ReasonCode.LATE_NOTICE, {"hours": str(-(-late // _HOUR))})


def judge_moments(photo: Photo, claim: Claim, thresholds: Thresholds) -> Finding:
    """Was the photo taken after the loss, as far as clocks can say. No moment at all is neutral: phones strip EXIF."""
    if photo.received_at is None:
        return Pass()
    phone = photo.announced.capture.taken_at
    camera = photo.checks.taken_at if photo.checks else None
    told = [moment for moment in (phone, camera) if moment]
    signals = []
    if any(moment > photo.received_at + thresholds.clocks_agree_within for moment in told):
        signals.append(CLOCK_AHEAD)
    if any(moment < claim.report.occurred_at - thresholds.photo_before_loss for moment in told):
        signals.append(PHOTO_BEFORE_LOSS)
    if _differ(phone, camera, thresholds.clocks_agree_within):
        signals.append(CLOCKS_CONTRADICT)
    if not signals:
        return Pass()
    facts = {"what": "moment", "signals": ", ".join(signals)}
    return Unknown(ReasonCode.EVIDENCE_MISSING, "a photo taken after the loss", facts, f"moment {photo.id}")


def _differ(one: datetime | None, other: datetime | None, within: timedelta) -> bool:
    return one is not None and other is not None and abs(one - other) > within
