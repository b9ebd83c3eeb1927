import numpy as np
import pytest
from PIL import Image

from backend.evidence.photo import decode, inspect
from tests.backend.evidence.samples import a_jpeg, a_png, chunk, exif, saved, scene, short


def a_photo_stored_as(orientation: int) -> bytes:
    """The scene as a camera held that way stores it, so that turning it upright gives the scene again."""
    stored = {
        1: lambda upright: upright,
        2: np.fliplr,
        3: lambda upright: np.rot90(upright, 2),
        4: np.flipud,
        5: lambda upright: upright.swapaxes(0, 1),
        6: lambda upright: np.rot90(upright, 1),
        7: lambda upright: np.rot90(upright.swapaxes(0, 1), 2),
        8: lambda upright: np.rot90(upright, -1),
    }[orientation](scene())
    raw = b"Exif\x00\x00" + exif({0x0112: short(orientation)})
    return saved(Image.fromarray(np.ascontiguousarray(stored)), "PNG", exif=raw)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright_exactly(orientation: int) -> None:
    photo = a_photo_stored_as(orientation)

    decoded = decode(photo)

    assert np.array_equal(decoded.image, scene())
    assert (decoded.width, decoded.height) == (96, 64)
    facts = inspect(photo)
    assert (facts.width, facts.height, facts.orientation) == (96, 64, orientation)


def test_the_image_is_rgb_and_may_be_written_to() -> None:
    decoded = decode(a_jpeg())

    assert decoded.image.dtype == np.uint8
    assert decoded.image.shape == (64, 96, 3)
    assert decoded.image.flags.writeable
    assert decoded.format == "JPEG"


def test_a_target_scales_a_jpeg_down_but_not_below_twice_the_target() -> None:
    photo = a_jpeg(width=1600, height=1200)

    decoded = decode(photo, target=256)

    assert decoded.image.shape == (600, 800, 3)
    assert (decoded.width, decoded.height) == (1600, 1200)


def test_a_small_jpeg_is_never_scaled_up() -> None:
    assert decode(a_jpeg(), target=640).image.shape == (64, 96, 3)


def test_a_target_leaves_other_formats_whole() -> None:
    assert decode(a_png(), target=8).image.shape == (64, 96, 3)


def test_a_scaled_photo_on_its_side_is_turned_too() -> None:
    photo = a_jpeg(exif({0x0112: short(6)}), width=1600, height=1200)

    decoded = decode(photo, target=256)

    assert decoded.image.shape == (800, 600, 3)
    assert (decoded.width, decoded.height) == (1200, 1600)


def grey() -> Image.Image:
    return Image.fromarray(scene()[..., 0])


def test_a_grey_photo_becomes_rgb() -> None:
    decoded = decode(saved(grey(), "PNG"))

    assert np.array_equal(decoded.image, np.repeat(scene()[..., :1], 3, axis=2))


def test_a_photo_of_16_bits_is_scaled_not_clipped() -> None:
    deep = scene()[..., 0].astype(np.uint16) * 257

    decoded = decode(saved(Image.fromarray(deep), "PNG"))

    assert np.array_equal(decoded.image[..., 0], scene()[..., 0])


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    photo = saved(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG")

    red, green, blue = decode(photo).image[16, 16]

    assert red > 240
    assert max(green, blue) < 15


def test_transparency_is_shown_on_white() -> None:
    half = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    half.putpixel((0, 0), (10, 20, 30, 255))

    for photo in (saved(half, "PNG"), saved(half, "WEBP", lossless=True)):
        image = decode(photo).image
        assert image[0, 0].tolist() == [10, 20, 30]
        assert image[3, 3].tolist() == [255, 255, 255]


def test_a_palette_with_transparency_is_shown_on_white() -> None:
    palette = Image.new("P", (2, 1))
    palette.putpalette([10, 20, 30, 255, 0, 0])
    palette.putpixel((1, 0), 1)

    image = decode(saved(palette, "PNG", transparency=b"\xff\x00")).image

    assert image.tolist() == [[[10, 20, 30], [255, 255, 255]]]


def test_a_transparent_colour_is_shown_on_white() -> None:
    photo = saved(Image.new("RGB", (1, 1), (9, 9, 9)), "PNG", transparency=(9, 9, 9))

    assert decode(photo).image.tolist() == [[[255, 255, 255]]]


def test_one_bit_a_pixel_becomes_black_and_white() -> None:
    assert set(np.unique(decode(saved(grey().convert("1"), "PNG")).image)) == {0, 255}


def test_of_an_animation_the_first_frame_is_the_photo() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("black", "white")]

    for name in ("WEBP", "PNG"):
        photo = saved(frames[0], name, save_all=True, append_images=frames[1:])
        assert decode(photo).image.max() < 8
        assert inspect(photo).format == name


def test_of_a_multi_picture_jpeg_the_first_picture_is_the_photo() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("black", "white")]

    photo = saved(frames[0], "MPO", save_all=True, append_images=frames[1:])

    assert inspect(photo).format == "JPEG"
    assert decode(photo).image.max() < 8


def test_a_progressive_jpeg_is_decoded() -> None:
    photo = saved(Image.fromarray(scene()), "JPEG", progressive=True, quality=95, subsampling=0)

    assert np.abs(decode(photo).image.astype(int) - scene()).mean() < 4


def test_bytes_after_the_end_of_a_photo_change_nothing() -> None:
    for photo in (a_jpeg(), a_png()):
        assert np.array_equal(decode(photo + b"trailer of a phone").image, decode(photo).image)


def test_metadata_that_pillow_warns_about_never_warns_here() -> None:
    broken_exif = exif({0x0112: (3, 1, b""), 0x010F: (2, 60000, b"\xff\xff\x00\x00")})[:-3]
    broken_animation = chunk(b"acTL", b"\x00" * 8)

    assert decode(a_jpeg(broken_exif)).image.shape == (64, 96, 3)
    assert decode(a_png(broken_animation)).image.shape == (64, 96, 3)


def test_a_lossy_webp_is_decoded() -> None:
    decoded = decode(saved(Image.fromarray(scene()), "WEBP", quality=95))

    assert decoded.format == "WEBP"
    assert np.abs(decoded.image.astype(int) - scene()).mean() < 6


def test_a_heif_is_decoded() -> None:
    photo = saved(Image.fromarray(scene()), "HEIF", quality=95)

    decoded = decode(photo)

    assert decoded.format == "HEIF"
    assert np.abs(decoded.image.astype(int) - scene()).mean() < 6
    assert inspect(photo).orientation == 1
