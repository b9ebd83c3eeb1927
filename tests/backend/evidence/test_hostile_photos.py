import struct
import subprocess
import sys
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.evidence.photo import decode, inspect
from backend.evidence.refusals import (
    MAX_BYTES,
    NotAPhoto,
    PhotoRefused,
    PhotoTooBig,
    PhotoTooLarge,
    PhotoTruncated,
)
from tests.backend.evidence.samples import (
    EXIF_SAMPLES,
    a_jpeg,
    a_png,
    chunk,
    exif,
    needs_samples,
    sample,
    saved,
    scene,
    text,
)

HEIF = saved(Image.fromarray(scene()), "HEIF")
WEBP = saved(Image.fromarray(scene()), "WEBP")
WHOLE = {"JPEG": a_jpeg(), "PNG": a_png(), "WEBP": WEBP, "HEIF": HEIF}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="one byte"),
        pytest.param(b"GIF89a" + bytes(64), id="GIF"),
        pytest.param(b"II*\x00\x08\x00\x00\x00" + bytes(64), id="TIFF"),
        pytest.param(b"BM" + bytes(64), id="BMP"),
        pytest.param(b"%PDF-1.7\n", id="PDF"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', id="SVG"),
        pytest.param(b"<!doctype html><html></html>", id="HTML"),
        pytest.param(b"PK\x03\x04" + bytes(64), id="ZIP"),
        pytest.param(b"\x00\x00\x00\x1cftypavif" + bytes(64), id="AVIF"),
        pytest.param(b"RIFF\x24\x00\x00\x00WAVE" + bytes(64), id="a sound"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="EPS"),
    ],
)
def test_what_is_no_photo_is_refused_as_such(content: bytes) -> None:
    for read in (inspect, decode):
        with pytest.raises(NotAPhoto) as refused:
            read(content)
        assert refused.value.code == "not-a-photo"
        assert refused.value.status == 415


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("sixteenth", range(1, 16))
def test_a_photo_cut_anywhere_is_refused(name: str, sixteenth: int) -> None:
    whole = WHOLE[name]
    cut = whole[: len(whole) * sixteenth // 16]

    for read in (inspect, decode):
        with pytest.raises(PhotoTruncated) as refused:
            read(cut)
        assert refused.value.format == name
        assert refused.value.status == 422


@needs_samples
@pytest.mark.parametrize("name", ["phone/jolla.jpg", "phone/iphone_13_pro_max.heic"])
def test_a_real_photo_cut_at_any_sixteenth_is_refused(name: str) -> None:
    whole = sample(name)

    for sixteenth in range(1, 16):
        with pytest.raises(PhotoTruncated):
            inspect(whole[: len(whole) * sixteenth // 16])


def test_a_jpeg_without_its_last_two_bytes_is_refused() -> None:
    with pytest.raises(PhotoTruncated):
        decode(a_jpeg()[:-2])


def test_a_jpeg_that_goes_on_as_another_one_is_refused() -> None:
    with pytest.raises(PhotoTruncated):
        inspect(a_jpeg()[:900] + a_jpeg())


def test_a_png_whose_pixels_end_early_is_refused_when_decoded() -> None:
    with pytest.raises(PhotoTruncated):
        decode(a_png(rows=bytes(100)))


def test_a_png_that_lost_its_palette_is_refused_when_decoded() -> None:
    whole = saved(Image.new("P", (8, 8)), "PNG")
    start = whole.index(b"PLTE") - 4
    end = start + 12 + int.from_bytes(whole[start : start + 4], "big")

    with pytest.raises(PhotoTruncated):
        decode(whole[:start] + whole[end:])


def test_a_png_with_a_wrong_check_sum_is_refused() -> None:
    damaged = bytearray(a_png())
    damaged[20] ^= 1

    with pytest.raises(NotAPhoto):
        inspect(bytes(damaged))


def test_more_bytes_than_an_upload_may_have_are_refused() -> None:
    with pytest.raises(PhotoTooBig) as refused:
        inspect(a_jpeg().ljust(MAX_BYTES + 1, b"\x00"))

    assert (refused.value.size, refused.value.limit) == (MAX_BYTES + 1, MAX_BYTES)
    assert refused.value.code == "photo-too-big"
    assert refused.value.status == 413


def canvas_of(width: int, height: int) -> bytes:
    """An extended WebP that claims a canvas."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def a_jpeg_that_claims(width: int, height: int) -> bytes:
    whole = bytearray(a_jpeg())
    at = whole.index(b"\xff\xc0")
    struct.pack_into(">HH", whole, at + 5, height, width)
    return bytes(whole)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(a_png(width=30_000, height=30_000, rows=bytes(1000)), id="PNG"),
        pytest.param(a_jpeg_that_claims(30_000, 30_000), id="JPEG"),
        pytest.param(a_jpeg_that_claims(10_000, 10_000), id="JPEG that Pillow only warns about"),
        pytest.param(canvas_of(16_384, 16_384), id="WEBP"),
        pytest.param(canvas_of(1 << 24, 1 << 8), id="WEBP beyond what its decoder allows"),
    ],
)
def test_more_pixels_than_a_phone_takes_are_refused_at_once(content: bytes) -> None:
    started = time.process_time()

    for read in (inspect, decode):
        with pytest.raises(PhotoTooLarge) as refused:
            read(content)

    assert time.process_time() - started < 1
    assert refused.value.code == "photo-too-many-pixels"
    assert refused.value.status == 413
    assert refused.value.width * refused.value.height > refused.value.limit


def test_what_phones_take_is_not_too_large() -> None:
    """50 megapixels as JPEG, which is decoded smaller than it is; 25 in formats that are decoded whole."""
    assert inspect(a_jpeg_that_claims(10_000, 5_000)).width == 10_000
    assert inspect(a_png(width=5_000, height=5_000, rows=b"")).width == 5_000
    for larger in (a_jpeg_that_claims(10_000, 5_001), a_png(width=5_000, height=5_001, rows=b"")):
        with pytest.raises(PhotoTooLarge):
            inspect(larger)


def test_compressed_text_and_profiles_are_never_unpacked() -> None:
    bomb = zlib.compress(bytes(100_000_000))
    photo = a_png(
        chunk(b"zTXt", b"Comment\x00\x00" + bomb),
        chunk(b"iCCP", b"profile\x00\x00" + bomb),
        chunk(b"iTXt", b"Comment\x00\x01\x00\x00\x00" + bomb),
    )
    started = time.process_time()

    assert decode(photo).image.shape == (64, 96, 3)

    assert time.process_time() - started < 1


def test_pixels_beyond_the_last_row_are_not_unpacked() -> None:
    rows = b"".join(b"\x00" + row.tobytes() for row in scene()) + bytes(100_000_000)
    started = time.process_time()

    assert decode(a_png(rows=rows)).image.shape == (64, 96, 3)

    assert time.process_time() - started < 2


def test_huge_exif_in_a_png_is_read_in_no_time() -> None:
    big = exif({0x010F: text("Jolla")}) + bytes(15_000_000)
    started = time.process_time()

    assert inspect(a_png(chunk(b"eXIf", big))).camera == ("Jolla", "")

    assert time.process_time() - started < 1


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    progressive = saved(Image.fromarray(scene()), "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    repeated = progressive[:scan] + progressive[scan:-2] * 1000 + b"\xff\xd9"

    with pytest.raises(NotAPhoto, match="scans"):
        inspect(repeated)


MAGICS = [b"\xff\xd8\xff", *(whole[:12] for whole in WHOLE.values()), a_png()[:33], HEIF[:400], WEBP[:30]]


@given(magic=st.sampled_from(MAGICS), noise=st.binary(max_size=300))
def test_random_bytes_behind_any_beginning_are_answered(magic: bytes, noise: bytes) -> None:
    for read in (inspect, decode):
        with suppress(PhotoRefused):
            read(magic + noise)


@given(
    name=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
)
def test_photos_with_bytes_changed_anywhere_are_answered(name: str, changes: list[tuple[float, int]]) -> None:
    photo = bytearray(WHOLE[name])
    for place, value in changes:
        photo[int(place * (len(photo) - 1))] = value

    with suppress(PhotoRefused):
        decode(bytes(photo))


BOUNDED = """
import resource, sys, time
from pathlib import Path
from backend.evidence.photo import decode, inspect
from backend.evidence.refusals import PhotoRefused

pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + int(sys.argv[1]) * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for name in sys.argv[2:]:
    content = Path(name).read_bytes()
    started = time.process_time()
    for read in (inspect, decode):
        try:
            read(content)
        except PhotoRefused as refused:
            print(refused.code)
    assert time.process_time() - started < 10, name
print("answered")
"""


def answers_within(megabytes: int, *paths: str) -> list[str]:
    """What a process says that may take only so much more memory than it has after its imports."""
    command = [sys.executable, "-W", "error", "-c", BOUNDED, str(megabytes), *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="measures the address space through /proc")
def test_a_bomb_is_refused_within_200_megabytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    bomb = tmp_path_factory.mktemp("bombs") / "bomb.png"
    rows = zlib.compressobj()
    packed = b"".join([*(rows.compress(bytes(90_001)) for _ in range(3000)), rows.flush()])
    whole = a_png(width=30_000, height=30_000, rows=b"")
    at = whole.index(b"IDAT") - 4
    bomb.write_bytes(whole[:at] + chunk(b"IDAT", packed) + chunk(b"IEND", b""))

    assert answers_within(200, str(bomb)) == ["photo-too-many-pixels", "photo-too-many-pixels", "answered"]


@needs_samples
@pytest.mark.skipif(sys.platform != "linux", reason="measures the address space through /proc")
def test_files_that_crashed_other_readers_are_answered_within_400_megabytes() -> None:
    paths = [
        str(path) for folder in ("invalid", "odd", "phone") for path in (EXIF_SAMPLES / folder).iterdir()
    ]

    assert answers_within(400, *paths) == ["answered"]
