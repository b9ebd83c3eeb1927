from uuid import UUID

from backend.domain.ids import ClaimId, PhotoId
from backend.evidence.duplicates import Sighting, other_claims_with

PHOTO, OTHER_PHOTO = PhotoId("a" * 64), PhotoId("b" * 64)


def seen(claim: int, photo: PhotoId = PHOTO) -> Sighting:
    return Sighting(photo, ClaimId(UUID(int=claim)), f"FC-20260402-{claim:04d}")


def test_a_photo_of_another_claim_names_that_claim() -> None:
    known = [seen(2), seen(1), seen(3, OTHER_PHOTO)]

    assert other_claims_with(PHOTO, ClaimId(UUID(int=2)), known) == ("FC-20260402-0001",)


def test_a_photo_announced_twice_for_one_claim_is_no_reuse() -> None:
    assert other_claims_with(PHOTO, ClaimId(UUID(int=1)), [seen(1), seen(1)]) == ()


def test_every_other_claim_is_named_once_and_in_order() -> None:
    known = [seen(9), seen(3), seen(9), seen(1)]

    assert other_claims_with(PHOTO, ClaimId(UUID(int=1)), known) == ("FC-20260402-0003", "FC-20260402-0009")


def test_a_photo_never_seen_is_new() -> None:
    assert other_claims_with(PHOTO, ClaimId(UUID(int=1)), []) == ()
