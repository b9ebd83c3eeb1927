"""Was a photo used before: exact re-use, by the sha-256 of the original bytes."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.domain.ids import ClaimId, PhotoId


@dataclass(frozen=True, slots=True)
class Sighting:
    """A photo was announced for a claim."""

    photo_id: PhotoId
    claim_id: ClaimId
    claim_number: str


def other_claims_with(photo_id: PhotoId, claim_id: ClaimId, known: Iterable[Sighting]) -> tuple[str, ...]:
    """Return the numbers of the other claims that show the very same photo, each once, in order.

    The same claim may announce a photo twice: a phone that retries is no fraud. The numbers are the facts of the
    finding DUPLICATE_PHOTO (``backend.domain.rules.photos.judge_reuse``).
    """
    return tuple(
        sorted(
            {seen.claim_number for seen in known if seen.photo_id == photo_id and seen.claim_id != claim_id}
        )
    )
