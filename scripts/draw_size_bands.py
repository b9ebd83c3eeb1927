"""Draws the pictures of the size bands: ``python scripts/draw_size_bands.py [--check]``.

Each is the silhouette of an animal of the band's weight beside a person and a fence, all to one scale, so that a farmer
compares with what stands in the own yard. ``--check`` writes nothing and ends with 1 where a committed one differs.
The shapes are our own: ellipses, boxes and a few curves.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from backend.domain.words import Species
from backend.size_bands.load import SizePicture, size_pictures

FOLDER = Path(__file__).resolve().parents[1] / "backend" / "web" / "static" / "bands"
HEIGHT_CM, FENCE_CM = 190, 110
OPEN_ABOVE = 1.2
"""The heaviest animals are drawn so much heavier than the least of their band."""

# Weight in kg and length from nose to rump in cm of a grown animal; others grow by the cube root of their weight.
GROWN: Mapping[Species, tuple[float, float]] = {
    Species.PIG: (100.0, 135.0),
    Species.CATTLE: (500.0, 235.0),
    Species.GOAT: (35.0, 108.0),
    Species.SHEEP: (35.0, 106.0),
}
PERSON = (
    '<g fill="#5b6470"><circle cx="30" cy="37" r="12"/>'
    '<path d="M18 53q12-6 24 0l5 46-8 2-2-14v22h-14v-22l-2 14-8-2z"/>'
    '<path d="M21 104h18l2 78h-9l-2-58-2 58h-9z"/></g>'
)


def pig() -> str:
    """A pig of length 100 on the ground line 0, nose to the left."""
    legs = "".join(f'<rect x="{x}" y="-24" width="7" height="24" rx="2"/>' for x in (27, 37, 70, 80))
    return (
        '<ellipse cx="57" cy="-33" rx="35" ry="18"/><ellipse cx="20" cy="-33" rx="14" ry="11"/>'
        '<rect x="1" y="-34" width="11" height="9" rx="3"/><path d="M22-42l3-11 8 13z"/>'
        f'{legs}<path d="M91-40q8-4 5 3t-5 1" fill="none" stroke="#c9788a" stroke-width="2"/>'
    )


def cattle() -> str:
    """Cattle of length 100 on the ground line 0."""
    legs = "".join(f'<rect x="{x}" y="-30" width="6" height="30" rx="2"/>' for x in (34, 43, 80, 88))
    return (
        '<path d="M30-54q34-6 64-3 5 2 5 12 0 16-7 20-28 6-58 1-8-6-8-16 0-10 4-14z"/>'
        '<path d="M34-54l-13-6-17 10-3 9 6 5 12-4 12 8z"/><path d="M18-58q-6-1-6-8 3 4 9 4z"/>'
        f'<path d="M22-58l8-3-3 6z"/>{legs}<path d="M98-50q4 10 0 26l-2-1q2-12 0-24z"/>'
    )


def goat() -> str:
    """A goat of length 100 on the ground line 0."""
    legs = "".join(f'<rect x="{x}" y="-34" width="5" height="34" rx="2"/>' for x in (34, 42, 80, 87))
    return (
        '<path d="M30-60q32 4 62-1 6 4 5 14-1 14-8 17-26 6-52 0-8-6-10-14-1-12 3-16z"/>'
        '<path d="M32-56l-6-14-17 6-5 9 4 4 12-2 8 10z"/><path d="M22-70q4-14 14-14-8 5-8 14z"/>'
        f'<path d="M10-52l2 9 4-8z"/><path d="M94-60l6-6-1 9z"/>{legs}'
    )


def sheep() -> str:
    """A sheep of length 100 on the ground line 0: a goat's legs under wool."""
    legs = "".join(f'<rect x="{x}" y="-24" width="5" height="24" rx="2"/>' for x in (36, 44, 78, 86))
    wool = "".join(
        f'<circle cx="{x}" cy="{y}" r="12"/>'
        for x, y in ((36, -50), (50, -56), (66, -57), (80, -54), (88, -42), (80, -32), (62, -29), (44, -32))
    )
    return (
        f'<ellipse cx="62" cy="-43" rx="30" ry="17"/>{wool}{legs}'
        '<path d="M34-58l-16-6-12 12 2 8 9 1 14-4z" fill="#6d6258"/><path d="M26-60l-2 12 8-4z" fill="#6d6258"/>'
    )


SHAPES: Mapping[Species, tuple[Callable[[], str], str]] = {
    Species.PIG: (pig, "#d98c9c"),
    Species.CATTLE: (cattle, "#8a5a3b"),
    Species.GOAT: (goat, "#9a8f80"),
    Species.SHEEP: (sheep, "#b9ad9c"),
}


def drawn(picture: SizePicture) -> str:
    """The SVG of one band; one unit is a centimetre."""
    shape, colour = SHAPES[picture.species]
    grown_kg, grown_cm = GROWN[picture.species]
    kg = float(picture.weight_kg) * (1.0 if picture.band.to_kg else OPEN_ABOVE)
    scale = grown_cm * (kg / grown_kg) ** (1 / 3) / 100
    width = 360 if picture.species is Species.CATTLE else 240
    rails = "".join(f'<path d="M0 {HEIGHT_CM - y - 8}h{width}"/>' for y in (40, 75, FENCE_CM - 8))
    posts = "".join(f'<path d="M{x} {HEIGHT_CM - FENCE_CM - 8}v{FENCE_CM}"/>' for x in range(8, width, 75))
    ground = HEIGHT_CM - 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT_CM}">'
        f'<g stroke="#c8bfae" stroke-width="4">{rails}{posts}</g>'
        f'<path d="M0 {ground}h{width}v8h-{width}z" fill="#a9b38a"/>{PERSON}'
        f'<g fill="{colour}" transform="translate(68 {ground}) scale({scale:.3f})">{shape()}</g></svg>\n'
    )


def main() -> int:
    """Draw or check every picture."""
    parser = argparse.ArgumentParser(description="Draws the pictures of the size bands.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where one differs")
    is_check = parser.parse_args().check
    wanted = {FOLDER / f"{one.band.code}.svg": drawn(one) for one in size_pictures()}
    stale = [path for path, svg in wanted.items() if not path.exists() or path.read_text("utf-8") != svg]
    for path in stale:
        print(f"{path.name} {'differs from the code' if is_check else 'drawn'}")
        if not is_check:
            path.write_text(wanted[path], encoding="utf-8")
    return int(bool(stale) and is_check)


if __name__ == "__main__":
    sys.exit(main())
