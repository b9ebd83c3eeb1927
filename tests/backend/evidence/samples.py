"""Photos for tests: real ones where the shared data is there, and made ones, honest and hostile."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

EXIF_SAMPLES = (Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "exif").resolve()
needs_samples = pytest.mark.skipif(not EXIF_SAMPLES.is_dir(), reason="the shared EXIF samples are not here")

ASCII, SHORT, LONG, RATIONAL, SRATIONAL = 2, 3, 4, 5, 10
Value = tuple[int, int, bytes]
"""Type, count and bytes of a TIFF value, little-endian."""


def sample(name: str) -> bytes:
    return (EXIF_SAMPLES / name).read_bytes()


def all_samples() -> list[Path]:
    return sorted(path for path in EXIF_SAMPLES.glob("*/*") if path.is_file())


def scene(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    """A picture whose corners and sides differ, so that every turn and mirroring shows."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, (x + 2 * y) % 256], axis=-1).astype(np.uint8)


def saved(image: Image.Image, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def a_jpeg(exif: bytes | None = None, *, width: int = 96, height: int = 64) -> bytes:
    options = {} if exif is None else {"exif": b"Exif\x00\x00" + exif}
    return saved(Image.fromarray(scene(width, height)), "JPEG", quality=95, subsampling=0, **options)


def a_png(*chunks: bytes, width: int = 96, height: int = 64, rows: bytes | None = None) -> bytes:
    """A PNG by hand: *chunks* stand between header and pixels, *rows* are the unpacked pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    if rows is None:
        rows = b"".join(b"\x00" + row.tobytes() for row in scene(width, height))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            *chunks,
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def text(value: str) -> Value:
    content = value.encode() + b"\x00"
    return ASCII, len(content), content


def short(value: int) -> Value:
    return SHORT, 1, struct.pack("<H", value)


def rationals(*pairs: tuple[int, int], kind: int = RATIONAL) -> Value:
    sign = "i" if kind == SRATIONAL else "I"
    return kind, len(pairs), b"".join(struct.pack(f"<2{sign}", *pair) for pair in pairs)


def exif(
    root: dict[int, Value] | None = None,
    *,
    photo: dict[int, Value] | None = None,
    gps: dict[int, Value] | None = None,
) -> bytes:
    """A little-endian TIFF structure with up to three directories."""
    out = bytearray(b"II*\x00\x08\x00\x00\x00")
    entries = dict(root or {})
    if photo is not None:
        entries[0x8769] = (LONG, 1, bytes(4))
    if gps is not None:
        entries[0x8825] = (LONG, 1, bytes(4))
    places = _append(out, entries)
    for tag, directory in ((0x8769, photo), (0x8825, gps)):
        if directory is not None:
            struct.pack_into("<I", out, places[tag], len(out))
            _append(out, directory)
    return bytes(out)


def _append(out: bytearray, entries: dict[int, Value]) -> dict[int, int]:
    """Write a directory at the end; returns where each tag's inline bytes lie."""
    start = len(out)
    out += struct.pack("<H", len(entries)) + bytes(12 * len(entries) + 4)
    places = {}
    for index, (tag, (kind, count, value)) in enumerate(entries.items()):
        at = start + 2 + 12 * index
        struct.pack_into("<HHI", out, at, tag, kind, count)
        places[tag] = at + 8
        if len(value) <= 4:
            out[at + 8 : at + 8 + len(value)] = value
        else:
            struct.pack_into("<I", out, at + 8, len(out))
            out += value
    return places
