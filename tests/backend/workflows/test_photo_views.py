"""Views of photos are kept for a while, and made again from the stored photo."""

from pathlib import Path

import pytest

from backend.adapters.blobs import ObstoreBlobs, local_blobs
from backend.evidence import photo
from backend.evidence.hashes import photo_id
from backend.workflows.photo_views import PhotoViews
from backend.workflows.verify import DECODED_SIDE

DEMO = Path(__file__).resolve().parents[3] / "demo" / "photos"
CATTLE = (DEMO / "cattle-3.jpg").read_bytes()


@pytest.fixture
def blobs(tmp_path: Path) -> ObstoreBlobs:
    store = local_blobs(tmp_path / "photos")
    store.put(photo_id(CATTLE), CATTLE)
    return store


def test_a_view_made_again_is_the_one_that_was_kept(blobs: ObstoreBlobs) -> None:
    kept = PhotoViews(blobs, DECODED_SIDE).keep(
        photo_id(CATTLE), photo.decode(CATTLE, target=DECODED_SIDE).image
    )

    again = PhotoViews(blobs, DECODED_SIDE).of(photo_id(CATTLE))

    assert again is not None
    assert again.key == kept.key


def test_a_view_is_made_once(blobs: ObstoreBlobs) -> None:
    views = PhotoViews(blobs, DECODED_SIDE)

    assert views.of(photo_id(CATTLE)) is views.of(photo_id(CATTLE))


@pytest.mark.parametrize("content", [b"no photo", b""], ids=["no photo", "never stored"])
def test_a_photo_that_cannot_be_read_has_no_view(blobs: ObstoreBlobs, content: bytes) -> None:
    if content:
        blobs.put(photo_id(content), content)

    assert PhotoViews(blobs, DECODED_SIDE).of(photo_id(content)) is None


def test_two_views_are_laid_over_each_other_once(blobs: ObstoreBlobs) -> None:
    views = PhotoViews(blobs, DECODED_SIDE)
    image = photo.decode(CATTLE, target=DECODED_SIDE).image
    whole, part = views.keep(photo_id(CATTLE), image), views.keep(photo_id(b"part"), image[:, :900])

    assert views.lay_over(whole, part) is views.lay_over(whole, part) is not None
