"""Are the announced photos there, readable, and new: domain.md §2, photo re-use."""

from collections.abc import Sequence

from backend.domain.elsewhere import Elsewhere
from backend.domain.findings import Finding, Pass, Refer, Unknown
from backend.domain.photos import Photo
from backend.domain.words import ReasonCode


def judge_arrival(photo: Photo) -> Finding:
    """A photo that never came, or cannot be read, is missing evidence: people ask for it again."""
    if photo.received_at is None:
        return Unknown(ReasonCode.EVIDENCE_MISSING, "the announced photo", {"what": "photo"}, photo.id)
    if photo.checks and photo.checks.refused:
        refused = photo.checks.refused
        facts = {"what": "photo", "code": refused.code}
        return Unknown(ReasonCode.EVIDENCE_MISSING, refused.title, facts, photo.id)
    return Pass()


def judge_reuse(photo: Photo, sightings: Sequence[str]) -> Finding:
    """The same photo stands on another claim: nothing opens until a person has compared them.

    Args:
        photo: A photo of this claim.
        sightings: Numbers of earlier claims that hold the same bytes.
    """
    if not sightings:
        return Pass()
    return Refer(ReasonCode.DUPLICATE_PHOTO, {"claims": ", ".join(sightings)}, photo.id, holds=True)


def judge_copy(photo: Photo, elsewhere: Elsewhere) -> Finding:
    """A copy of another claim's photo, changed as it may be, is a doubt for people; the same bytes hold (judge_reuse).

    A machine that compares pictures may err: the lanes stay open, and whoever looks sees both photos side by side.
    """
    copies = elsewhere.near_copies.get(photo.id, ())
    if not copies or elsewhere.by_photo.get(photo.id):
        return Pass()
    nearest = min(copies, key=lambda copy: (copy.distance, copy.claim))
    facts = {"claims": nearest.claim, "near": "near-copy", "copied_photo": str(nearest.photo_id)}
    return Refer(ReasonCode.DUPLICATE_PHOTO, facts | nearest.changed.parts, photo.id)
