"""What lies or stands before animals on a farmer's photo: straw, a tarpaulin, people. Boxes follow what is still seen.

A cover that would hide an animal neither mostly nor hardly is laid elsewhere: half an animal without a label would
teach that half an animal is none.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from models.bystanders import person
from models.chance import happens
from models.labelled import Target

Point = tuple[float, float]  # x, y in pixels
Cover = Callable[[Generator, tuple[int, int], Point], Image.Image]  # size, where -> RGBA of that size

# Share of an animal above which it no longer counts as seen, and the share from which nothing of it is left to see.
_HIDDEN, _GONE = 0.6, 0.92
_TARPAULINS = ((40, 86, 150), (44, 98, 66), (150, 152, 156), (46, 46, 48), (196, 198, 196), (190, 104, 48))
_SHADOW = 0.45
# Alpha from which a pixel of a cover hides what lies behind it, 0 to 255.
_OPAQUE = 127


def covered(
    rng: Generator, photo: Image.Image, targets: tuple[Target, ...]
) -> tuple[Image.Image, tuple[Target, ...]]:
    """Return the photo with, now and then, straw, a tarpaulin or a person before it, most often partly on an animal.

    Boxes shrink to what is still seen, taking each animal for the ellipse that fills its box; one that is hidden is
    left out.
    """
    for share, cover in ((0.12, straw), (0.07, tarpaulin), (0.1, person)):
        if happens(rng, share):
            photo, targets = before(rng, photo, targets, cover)
    return photo, targets


def before(
    rng: Generator, photo: Image.Image, targets: tuple[Target, ...], cover: Cover
) -> tuple[Image.Image, tuple[Target, ...]]:
    """Return the photo with *cover* before it and the boxes of what is still seen, or both as they were.

    They stay where no place of three hides every animal either mostly or hardly.
    """
    for _ in range(3):
        layer = cover(rng, photo.size, _somewhere(rng, photo.size, targets))
        hides = np.asarray(layer.getchannel("A")) > _OPAQUE
        seen = [_still_seen(target, hides) for target in targets]
        if all(share <= _HIDDEN or share >= _GONE for share, _ in seen):
            return _over(photo, layer), tuple(left for share, left in seen if share <= _HIDDEN)
    return photo, targets


def _somewhere(rng: Generator, size: tuple[int, int], targets: tuple[Target, ...]) -> Point:
    """A place near an animal's edge in most cases, else anywhere."""
    width, height = size
    if not targets or happens(rng, 0.3):
        return float(rng.uniform(0, width)), float(rng.uniform(0, height))
    near = targets[int(rng.integers(len(targets)))]
    angle = float(rng.uniform(0, 2 * np.pi))
    return (
        (near.x + 0.5 * near.width * float(np.cos(angle))) * width,
        (near.y + 0.5 * near.height * float(np.sin(angle))) * height,
    )


def _still_seen(target: Target, hides: NDArray[np.bool_]) -> tuple[float, Target]:
    """Which share of an animal is hidden, and the box of the rest (the same box when nothing is hidden)."""
    height, width = hides.shape
    left, right = (target.x - target.width / 2) * width, (target.x + target.width / 2) * width
    top, bottom = (target.y - target.height / 2) * height, (target.y + target.height / 2) * height
    first_row, first_column = max(0, round(top)), max(0, round(left))
    window = hides[
        first_row : max(first_row + 1, round(bottom)), first_column : max(first_column + 1, round(right))
    ]
    if not window.any():
        return 0.0, target
    down = (np.arange(window.shape[0])[:, None] + 0.5) / window.shape[0] * 2 - 1
    across = (np.arange(window.shape[1])[None, :] + 0.5) / window.shape[1] * 2 - 1
    body = down**2 + across**2 <= 1
    share = float((body & window).sum() / max(1, body.sum()))
    rows, columns = np.nonzero(body & ~window)
    if not rows.size:
        return 1.0, target
    # An edge moves only where the cover moved it: the ellipse's own rounding must not shrink a box.
    own_rows, own_columns = np.nonzero(body)
    if rows.min() > own_rows.min():
        top = first_row + float(rows.min())
    if rows.max() < own_rows.max():
        bottom = first_row + float(rows.max()) + 1
    if columns.min() > own_columns.min():
        left = first_column + float(columns.min())
    if columns.max() < own_columns.max():
        right = first_column + float(columns.max()) + 1
    rest = replace(
        target,
        x=(left + right) / 2 / width,
        y=(top + bottom) / 2 / height,
        width=(right - left) / width,
        height=(bottom - top) / height,
    )
    return share, rest


def _over(photo: Image.Image, layer: Image.Image) -> Image.Image:
    """Lay *layer* on the photo in the photo's own light, with a soft shadow beside it."""
    alpha = layer.getchannel("A")
    reach = max(2, max(photo.size) // 90)
    shadow = ImageChops.offset(alpha, reach // 2, reach).filter(ImageFilter.BoxBlur(reach))
    darker = shadow.point(lambda level: 255 - int(level * _SHADOW))
    under = ImageChops.multiply(photo, Image.merge("RGB", [darker] * 3))
    light = float(np.asarray(photo.convert("L").resize((16, 16))).mean()) / 120
    gain = min(1.25, max(0.45, 0.4 + 0.6 * light))
    colours = layer.convert("RGB").point(lambda level: min(255, int(level * gain)))
    # Whatever lies in a scene takes a little of its colour.
    colours = Image.blend(colours, photo.resize((1, 1), Image.Resampling.BOX).resize(photo.size), 0.12)
    return Image.composite(colours, under, alpha)


def straw(rng: Generator, size: tuple[int, int], at: Point) -> Image.Image:
    """A loose bundle of stalks lying across *at*."""
    width, height = size
    layer = Image.new("RGBA", size, (150, 126, 76, 0))
    pen = ImageDraw.Draw(layer)
    main = float(rng.uniform(0, np.pi))
    spread = float(rng.uniform(0.04, 0.14)) * max(width, height)
    length = float(rng.uniform(0.12, 0.35)) * max(width, height)
    thick = max(1, round(max(width, height) / 420))
    for _ in range(int(rng.integers(25, 110))):
        x, y = at[0] + float(rng.normal(0, spread)), at[1] + float(rng.normal(0, spread))
        way = main + float(rng.normal(0, 0.35))
        half = length * float(rng.uniform(0.3, 1.0)) / 2
        across, down = half * float(np.cos(way)), half * float(np.sin(way))
        knee = float(rng.normal(0, 0.06)) * half
        shade = float(rng.uniform(0.55, 1.15))
        colour = (int(205 * shade), int(176 * shade), int(112 * shade), 255)
        pen.line(
            ((x - across, y - down), (x + knee, y - knee), (x + across, y + down)),
            fill=colour,
            width=thick + int(rng.integers(0, 2)),
        )
    return layer


def tarpaulin(rng: Generator, size: tuple[int, int], at: Point) -> Image.Image:
    """A sheet with folds whose edge runs through *at*: plastic or canvas in one colour, some with stripes."""
    width, height = size
    side = float(rng.uniform(0.2, 0.5)) * max(size)
    away, turn = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0, np.pi))
    centre = at[0] + 0.5 * side * float(np.cos(away)), at[1] + 0.5 * side * float(np.sin(away))
    corners = []
    for index in range(16):
        angle = 2 * np.pi * index / 16
        # Between a circle and a square, with edges that hang unevenly.
        reach = side / 2 / max(abs(np.cos(angle)), abs(np.sin(angle))) ** 0.85 * float(rng.uniform(0.9, 1.06))
        corners.append(
            (
                centre[0] + reach * float(np.cos(angle + turn)),
                centre[1] + 0.75 * reach * float(np.sin(angle + turn)),
            )
        )
    shape = Image.new("L", size)
    ImageDraw.Draw(shape).polygon(corners, fill=255)
    colour = np.asarray(_TARPAULINS[int(rng.integers(len(_TARPAULINS)))], np.float32)
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    sheet = np.broadcast_to(colour, (height, width, 3)) * _folds(rng, columns, rows, side)[..., None]
    if happens(rng, 0.2):
        along = columns * np.float32(np.cos(turn)) + rows * np.float32(np.sin(turn))
        sheet = np.where(((along / (side / 9)) % 2 < 1)[..., None], sheet, sheet * 0.4 + 120)
    layer = Image.fromarray(np.clip(sheet, 0, 255).astype(np.uint8)).convert("RGBA")
    layer.putalpha(shape.filter(ImageFilter.GaussianBlur(0.8)))
    return layer


def _folds(
    rng: Generator, columns: NDArray[np.float32], rows: NDArray[np.float32], side: float
) -> NDArray[np.float32]:
    """Light on a crumpled sheet, about 0.5 to 1.4: a few bent ridges, bright on one flank and dark on the other."""
    light = np.ones(columns.shape, np.float32)
    for scale in (0.5, 0.24, 0.11):
        way, phase = rng.uniform(0, 2 * np.pi, 2).astype(np.float32)
        wave = np.float32(2 * np.pi / (scale * side))
        along = wave * (np.cos(way) * columns + np.sin(way) * rows)
        bent = along + np.float32(1.3) * np.sin(np.float32(0.37) * wave * (rows - columns) + phase)
        ridge = np.sin(bent)
        swell = np.sin(np.float32(0.21) * wave * (columns + rows) - phase)  # no fold runs on for ever
        light += np.float32(rng.uniform(0.06, 0.14)) * ridge * np.abs(ridge) * (np.float32(0.5) + swell / 2)
    return light
