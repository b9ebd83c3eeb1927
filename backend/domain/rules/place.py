"""Were the photos taken on the insured premises 养殖场所: domain.md §2, fence."""

from backend.domain.capturing.signals import DOUBT
from backend.domain.claim import Claim
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.photos import FenceFound, Photo
from backend.domain.words import ReasonCode

_WORST_FIRST = ("OUTSIDE", "UNKNOWN", "INSIDE_WITHIN_UNCERTAINTY", "INSIDE")


def worst_fence(claim: Claim) -> FenceFound | None:
    """The fence decision that stands for the whole claim: of all checked photos the least favourable one."""
    found = [photo.checks.fence for photo in claim.photos if photo.checks]
    return min(found, key=lambda fence: _WORST_FIRST.index(fence.decision), default=None)


def judge_place(photo: Photo) -> Finding:
    """Outside or unknown is a doubt for people; inside, also within the fix's own accuracy, is not."""
    if photo.checks is None:
        return Pass()
    fence = photo.checks.fence
    if fence.decision == "OUTSIDE":
        return Refer(ReasonCode.OUTSIDE_PREMISES, _how_far(fence), photo.id)
    if fence.decision == "UNKNOWN":
        return Unknown(
            ReasonCode.LOCATION_UNKNOWN, "a usable position", {"signals": ", ".join(fence.signals)}, photo.id
        )
    return Pass()


def judge_camera(photo: Photo) -> Finding:
    """Missing camera EXIF is neutral; EXIF that contradicts the device's fix is a doubt (domain.md §2).

    So is a capture record that cannot be believed: it is the place that rests on it. Without a record there is none.
    """
    contradictions = [
        signal
        for signal in (photo.checks.signals if photo.checks else ())
        if signal.startswith(("EXIF_CONTRADICTS", DOUBT))
    ]
    if not contradictions:
        return Pass()
    return Refer(ReasonCode.LOCATION_UNKNOWN, {"signals": ", ".join(contradictions)}, f"exif {photo.id}")


def _how_far(fence: FenceFound) -> dict[str, str]:
    metres = {} if fence.distance_m is None else {"metres": f"{-fence.distance_m:.0f}"}
    return metres | {"direction": fence.direction or ""}
