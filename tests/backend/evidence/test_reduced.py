"""Smaller pictures: upright, small, without metadata; what cannot be read is refused as everywhere."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from backend.evidence.reduced import Side, recipe, reduced
from backend.evidence.refusals import PhotoRefused

PHOTOS = Path(__file__).resolve().parents[3] / "demo" / "photos"


def a_photo(size: tuple[int, int], form: str = "JPEG", orientation: int = 1) -> bytes:
    """Left half red, right half blue, as the sensor saw it."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "a maker"
    written = BytesIO()
    picture.save(written, form, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("side", Side)
def test_the_longest_side_is_what_was_asked_for(side: Side) -> None:
    shown = Image.open(BytesIO(reduced(a_photo((3000, 1500)), side)))

    assert (shown.size, shown.format) == ((side, side // 2), "JPEG")


def test_a_photo_that_is_small_already_is_not_blown_up() -> None:
    assert Image.open(BytesIO(reduced(a_photo((200, 100)), Side.SCREEN))).size == (200, 100)


def test_a_photo_taken_on_its_side_stands_upright_and_says_nothing_of_its_camera() -> None:
    shown = Image.open(BytesIO(reduced(a_photo((800, 400), orientation=6), Side.TERMINAL)))

    assert shown.size == (160, 320)
    assert dict(shown.getexif()) == {}
    red, _, blue = shown.convert("RGB").getpixel((80, 10))  # type: ignore[misc]
    assert red > 200 > blue


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_formats_become_jpeg_too(form: str) -> None:
    assert Image.open(BytesIO(reduced(a_photo((800, 400), form), Side.LIST))).format == "JPEG"


def test_a_real_photo_shrinks_to_some_kilobytes() -> None:
    content = (PHOTOS / "cattle-3.jpg").read_bytes()

    assert len(reduced(content, Side.SCREEN)) < min(len(content), 120_000)


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(PhotoRefused):
        reduced(b"a text", Side.LIST)


def test_every_size_has_a_name_of_its_own() -> None:
    assert len({recipe(side) for side in Side}) == len(Side)
