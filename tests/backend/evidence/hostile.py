"""More than two hundred files that are no honest photo, made here: bombs, lies, loops, polyglots and leftovers."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pillow_heif
from PIL import Image

from tests.backend.evidence.samples import a_jpeg, a_png, chunk, exif, saved, scene, text

pillow_heif.register_heif_opener()

_LONG, _ASCII, _SHORT = 4, 2, 3


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file; ``is_costly`` ones are for a bounded process alone."""

    name: str
    content: bytes
    is_costly: bool = False


@cache
def hostile_photos() -> tuple[Hostile, ...]:
    """All of them, each with a name of its own."""
    return (
        *_empty(),
        *_cut(),
        *_lying_jpegs(),
        *_lying_pngs(),
        *_lying_webps(),
        *_lying_heifs(),
        *_odd_colours(),
        *_metadata(),
        *_polyglots(),
        *_animated(),
        *_overwritten(),
        *_bombs(),
    )


@cache
def whole() -> dict[str, bytes]:
    """An honest photo of each format, and of kinds that phones seldom write."""
    picture = Image.fromarray(scene())
    return {
        "jpeg": a_jpeg(exif({0x010F: text("Jolla")})),
        "progressive": saved(picture, "JPEG", progressive=True),
        "png": a_png(),
        "webp": saved(picture, "WEBP"),
        "lossless": saved(picture, "WEBP", lossless=True),
        "heif": saved(picture, "HEIF"),
    }


def _empty() -> Iterator[Hostile]:
    for name, content in {
        "nothing": b"",
        "a zero": b"\0",
        "a megabyte of zeros": bytes(1_000_000),
        "a megabyte of ones": b"\xff" * 1_000_000,
        "spaces": b" " * 10_000,
        "start of a JPEG": b"\xff\xd8\xff",
        "start of a PNG": b"\x89PNG\r\n\x1a\n",
        "start of a WebP": b"RIFF\xff\xff\xff\xffWEBP",
        "start of a HEIF": b"\x00\x00\x00\x18ftypheic",
        "an AVIF": b"\x00\x00\x00\x1cftypavif" + bytes(500),
    }.items():
        yield Hostile(name, content)


def _cut() -> Iterator[Hostile]:
    for kind, content in whole().items():
        for eighth in range(1, 8):
            yield Hostile(f"{kind} cut at {eighth}/8", content[: len(content) * eighth // 8])
        yield Hostile(f"{kind} without its last byte", content[:-1])


def _lying_jpegs() -> Iterator[Hostile]:
    honest = bytearray(a_jpeg())
    frame = honest.index(b"\xff\xc0")
    for width, height in ((0, 0), (0, 64), (65_500, 1), (1, 65_500), (65_535, 65_535), (7_000, 7_000)):
        said = honest.copy()
        struct.pack_into(">HH", said, frame + 5, height, width)
        yield Hostile(f"JPEG that says {width} x {height}", bytes(said))
    for name, at, value in (
        *((f"JPEG of {bits} bits", frame + 4, bits) for bits in (0, 1, 12, 16, 255)),
        *((f"JPEG of {parts} components", frame + 9, parts) for parts in (0, 2, 4, 255)),
        *((f"JPEG with frame {kind:#x}", frame + 1, kind) for kind in (0xC1, 0xC2, 0xC3, 0xC5, 0xC9, 0xCB)),
        *((f"JPEG sampled {factor:#x}", frame + 11, factor) for factor in (0x00, 0x44, 0xFF)),
    ):
        said = honest.copy()
        said[at] = value
        yield Hostile(name, bytes(said))
    scan = whole()["progressive"].rindex(b"\xff\xda")
    body = whole()["progressive"]
    yield Hostile("JPEG of 1000 scans", body[:scan] + body[scan:-2] * 1000 + b"\xff\xd9")
    yield Hostile("JPEG of 32 scans", body[:scan] + body[scan:-2] * 22 + b"\xff\xd9")
    for marker, name in ((b"\xff\xdb", "quantisation"), (b"\xff\xc4", "Huffman")):
        at = honest.index(marker)
        length = int.from_bytes(honest[at + 2 : at + 4], "big")
        yield Hostile(f"JPEG without {name}", bytes(honest[:at] + honest[at + 2 + length :]))
        yield Hostile(
            f"JPEG with {name} of noise",
            bytes(honest[: at + 4] + b"\xfe" * (length - 2) + honest[at + 2 + length :]),
        )
    scan = honest.index(b"\xff\xda")
    yield Hostile("JPEG without a frame", bytes(honest[:frame] + honest[scan:]))
    yield Hostile("JPEG with two frames", bytes(honest[:scan] + honest[frame:]))
    yield Hostile("JPEG of restarts", bytes(honest[:scan] + b"\xff\xdd\x00\x04\x00\x01" + honest[scan:]))
    yield Hostile("JPEG of markers", b"\xff\xd8" + b"\xff\xe5\x00\x02" * 100_000 + bytes(honest[2:]))
    yield Hostile(
        "JPEG of comments", b"\xff\xd8" + (b"\xff\xfe\xff\xff" + b"x" * 65_533) * 200 + bytes(honest[2:])
    )
    yield Hostile("JPEG of padding", b"\xff\xd8" + b"\xff" * 2_000_000 + bytes(honest[2:]))
    yield Hostile("JPEG in a JPEG", bytes(honest[:scan]) + bytes(honest))


def _lying_pngs() -> Iterator[Hostile]:
    for width, height in (
        (0, 0),
        (1, 0),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (2**31 - 1, 2**31 - 1),
        (2**32 - 1, 9),
    ):
        yield Hostile(f"PNG that says {width} x {height}", a_png(width=width, height=height, rows=bytes(99)))
    for depth, colour, interlaced in (
        *((depth, 2, 0) for depth in (0, 1, 2, 4, 7, 16, 32, 255)),
        *((8, colour, 0) for colour in (0, 1, 3, 4, 5, 6, 7, 255)),
        *((8, 2, interlaced) for interlaced in (1, 2, 255)),
        (16, 6, 1),
        (16, 0, 1),
    ):
        header = struct.pack(">IIBBBBB", 96, 64, depth, colour, 0, 0, interlaced)
        rows = b"".join(b"\0" + row.tobytes() for row in scene())
        parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
        yield Hostile(f"PNG {depth} {colour} {interlaced}", b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    for name, extra in {
        "two headers": chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)),
        "a palette of nothing": chunk(b"PLTE", b""),
        "a palette of 10 000": chunk(b"PLTE", bytes(30_000)),
        "transparency of noise": chunk(b"tRNS", bytes(999)),
        "10 000 chunks": chunk(b"teST", b"") * 10_000,
        "a chunk of two gigabytes": struct.pack(">I", 2**31 - 1) + b"teST",
    }.items():
        yield Hostile(f"PNG with {name}", a_png(extra))
    yield Hostile("PNG without pixels", a_png(rows=b""))
    yield Hostile("PNG of noise", a_png(rows=b"\x09" * 20_000))


def _lying_webps() -> Iterator[Hostile]:
    for width, height in ((1, 1), (1 << 24, 1), (1 << 24, 1 << 24), (16_383, 16_383), (4_001, 4_000)):
        yield Hostile(f"WebP that says {width} x {height}", _canvas(width, height))
    for kind in ("webp", "lossless"):
        honest = bytearray(whole()[kind])
        for place in range(12, 30, 3):
            said = honest.copy()
            said[place] ^= 0xFF
            yield Hostile(f"{kind} with another byte {place}", bytes(said))
    yield Hostile("WebP whose frame is larger than its canvas", _canvas(8, 8, whole()["webp"][12:]))
    yield Hostile("WebP that says it is longer", b"RIFF\xff\xff\xff\x7f" + whole()["webp"][8:])


def _canvas(width: int, height: int, *parts: bytes, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + sides + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _lying_heifs() -> Iterator[Hostile]:
    honest = whole()["heif"]
    size = honest.index(b"ispe") + 8
    for width, height in ((0, 0), (1, 1), (30_000, 30_000), (2**32 - 1, 2**32 - 1), (6_000, 4_000)):
        said = bytearray(honest)
        struct.pack_into(">II", said, size, width, height)
        yield Hostile(f"HEIF that says {width} x {height}", bytes(said))
    for name in (b"iloc", b"iinf", b"infe", b"ipma", b"ipco", b"hvcC", b"pitm", b"iprp", b"hdlr"):
        at = honest.find(name)
        if at < 0:
            continue
        yield Hostile(f"HEIF without {name.decode()}", honest[:at] + b"free" + honest[at + 4 :])
        yield Hostile(
            f"HEIF with {name.decode()} of noise", honest[: at + 4] + b"\xff" * 16 + honest[at + 20 :]
        )
        yield Hostile(
            f"HEIF with an endless {name.decode()}", honest[: at - 4] + b"\x7f\xff\xff\xff" + honest[at:]
        )
    deep = b""
    for _ in range(5_000):
        deep = struct.pack(">I", len(deep) + 12) + b"meta" + bytes(4) + deep
    kind = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"
    yield Hostile("HEIF of 5000 boxes in each other", kind + deep + struct.pack(">I", 8) + b"mdat")
    many = (struct.pack(">I", 8) + b"free") * 100_000
    yield Hostile("HEIF of 100 000 boxes", kind + many + honest[honest.index(b"meta") - 4 :])
    long = struct.pack(">I4sQ", 1, b"mdat", 2**63)
    yield Hostile("HEIF with a box of 8 exabytes", honest + long)
    yield Hostile("HEIF with a box of no length", honest[:24] + struct.pack(">I", 3) + honest[28:])


def _odd_colours() -> Iterator[Hostile]:
    picture = Image.fromarray(scene())
    for mode in ("1", "L", "P", "CMYK", "YCbCr"):
        yield Hostile(f"JPEG {mode}", saved(picture.convert("L" if mode in {"1", "P"} else mode), "JPEG"))
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        source = (
            Image.fromarray(scene()[:, :, 0].astype("uint16") * 200)
            if mode == "I;16"
            else picture.convert(mode)
        )
        yield Hostile(f"PNG {mode}", saved(source, "PNG"))
    yield Hostile("one pixel", saved(Image.new("RGB", (1, 1)), "PNG"))
    yield Hostile("a line of 60 000", saved(Image.new("L", (60_000, 1)), "JPEG"))


def _metadata() -> Iterator[Hostile]:
    carriers: dict[str, Any] = {
        "JPEG": a_jpeg,
        "PNG": lambda tiff: a_png(chunk(b"eXIf", tiff)),
        "WebP": lambda tiff: saved(Image.fromarray(scene()), "WEBP", exif=tiff),
    }
    for carrier, carry in carriers.items():
        for name, tiff in _directories():
            yield Hostile(f"{carrier} with {name}", carry(tiff))
    bomb = zlib.compress(bytes(50_000_000))
    yield Hostile("PNG with a profile of 50 MB", a_png(chunk(b"iCCP", b"p\0\0" + bomb)))
    yield Hostile("PNG with texts of 50 MB", a_png(*[chunk(b"zTXt", b"c\0\0" + bomb)] * 20))
    yield Hostile("PNG with XMP of 50 MB", a_png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)))
    segments = {
        "profiles": b"\xff\xe2\xff\xffICC_PROFILE\0" + b"\1\xff" + bytes(65_519),
        "XMP": b"\xff\xe1\xff\xffhttp://ns.adobe.com/xap/1.0/\0" + b"<x>" * 21_834 + b"\0\0",
        "pictures of its own": b"\xff\xe2\xff\xffMPF\0" + bytes(65_529),
        "Photoshop": b"\xff\xed\xff\xffPhotoshop 3.0\x008BIM" + bytes(65_515),
    }
    for name, segment in segments.items():
        yield Hostile(f"JPEG of {name}", b"\xff\xd8" + segment * 250 + a_jpeg()[2:])
    yield Hostile(
        "WebP with a profile of 15 MB", _canvas(96, 64, _riff(b"ICCP", bytes(15_000_000)), flags=0x20)
    )


def _directories() -> Iterator[tuple[str, bytes]]:
    """TIFF structures that lead nowhere, or round and round."""

    def one(kind: int, count: int, value: int, *, tag: int = 0x8769, following: int = 0) -> bytes:
        return b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, tag, kind, count, value, following)

    yield "a directory that contains itself", one(_LONG, 1, 8)
    yield "a directory that follows itself", one(_SHORT, 1, 1, tag=0x0112, following=8)
    yield "a directory beyond the end", one(_LONG, 1, 2**32 - 1)
    yield "a text of four gigabytes", one(_ASCII, 2**32 - 1, 8, tag=0x010F)
    yield "a value of no kind", one(255, 1, 1, tag=0x0112)
    yield "an orientation of 65 535", one(_SHORT, 1, 65_535, tag=0x0112)
    yield "65 535 entries", b"II*\0\x08\0\0\0\xff\xff" + bytes(60)
    yield "half a header", b"II*\0\x08"


def _riff(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _polyglots() -> Iterator[Hostile]:
    for kind, content in whole().items():
        for name, other in {
            "a ZIP": b"PK\x03\x04" + bytes(60) + b"PK\x05\x06" + bytes(18),
            "a page": b"<html><script>alert(1)</script></html>",
            "a program": b"#!/bin/sh\nrm -rf /\n",
        }.items():
            yield Hostile(f"{kind} that goes on as {name}", content + other)
    yield Hostile("a GIF that goes on as a JPEG", b"GIF89a" + a_jpeg())
    yield Hostile("a PDF around a JPEG", b"%PDF-1.7\nstream\n" + a_jpeg() + b"\nendstream")
    yield Hostile("a sound", b"RIFF\x24\0\0\0WAVE" + bytes(99))
    yield Hostile(
        "a drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    )
    yield Hostile("a PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n")


def _animated() -> Iterator[Hostile]:
    frames = [Image.new("RGB", (16, 16), (shade, 0, 0)) for shade in range(200)]
    for name in ("PNG", "WEBP", "GIF"):
        written = io.BytesIO()
        frames[0].save(written, name, save_all=True, append_images=frames[1:], duration=1)
        yield Hostile(f"a film as {name}", written.getvalue())
    yield Hostile("PNG of a thousand million frames", a_png(chunk(b"acTL", struct.pack(">II", 10**9, 0))))


def _overwritten() -> Iterator[Hostile]:
    for kind, content in whole().items():
        for part in range(4):
            said, begins = bytearray(content), 12 + part * (len(content) - 12) // 4
            said[begins : begins + 40] = b"\xff" * len(said[begins : begins + 40])
            yield Hostile(f"{kind} overwritten in quarter {part + 1}", bytes(said))


def _bombs() -> Iterator[Hostile]:
    """Files that are small and ask for as much as may be asked for, or for more."""

    def costly(name: str, content: bytes) -> Hostile:
        return Hostile(name, content, is_costly=True)

    rows = bytes(3 * 5_000 + 1) * 5_000
    yield costly("PNG of 25 megapixels", a_png(width=5_000, height=5_000, rows=rows))
    yield costly(
        "PNG of 25 megapixels and 100 MB behind them",
        a_png(width=5_000, height=5_000, rows=rows + bytes(10**8)),
    )
    yield Hostile("PNG of 900 megapixels", a_png(width=30_000, height=30_000, rows=bytes(10**7)))
    flat = Image.new("RGB", (4_000, 4_000), (9, 99, 9))
    yield costly("WebP of 16 megapixels", saved(flat, "WEBP", lossless=True, method=0))
    yield costly(
        "WebP of 16 clear megapixels",
        saved(flat.convert("RGBA"), "WEBP", lossless=True, method=0, exact=True),
    )
    large = Image.new("RGB", (8_100, 6_100), (9, 99, 9))
    progressive = saved(large, "JPEG", progressive=True, subsampling=0)
    yield costly("JPEG of 50 megapixels", saved(large, "JPEG"))
    yield costly("JPEG of 50 megapixels in scans", progressive)
    scan = progressive.rindex(b"\xff\xda")
    yield costly(
        "JPEG of 50 megapixels in 32 scans", progressive[:scan] + progressive[scan:-2] * 22 + b"\xff\xd9"
    )
    yield costly("JPEG of 16 megapixels for print", saved(flat.convert("CMYK"), "JPEG", progressive=True))
    yield costly("HEIF of 12 megapixels", saved(Image.new("RGB", (4_000, 3_000)), "HEIF", quality=1))
