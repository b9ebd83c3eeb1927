"""What phones, barns and chat apps do to a photo, with its boxes where it moves: all decided by the generator given.

About half of the copies stay what a careful owner sends by day. A small network on few photos learns less, not more,
when most of what it sees is spoilt.
"""

from dataclasses import replace
from io import BytesIO
from math import cos, hypot, radians, sin

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageEnhance, ImageFilter

from models.chance import happens
from models.cover import covered
from models.labelled import Target
from models.weather import by_flash, grained, in_low_light, in_rain, under_lamps

Targets = tuple[Target, ...]

_TURNS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
# Degrees up to which a box without a mask is still known well enough after a free turn.
_MOST_TILT = 12.0
# A box of which less than this share stays in the picture is no longer labelled.
_LEAST_INSIDE = 0.3


def taken(rng: Generator, photo: Image.Image, targets: Targets) -> tuple[Image.Image, Targets]:
    """Return the photo as another person would have taken it: something before it, turned, tilted, degraded."""
    photo, targets = covered(rng, photo, targets)
    photo, targets = turned(rng, photo, targets)
    if happens(rng, 0.3):
        photo, targets = tilted(rng, photo, targets)
    return degraded(rng, photo), targets


def turned(rng: Generator, photo: Image.Image, targets: Targets) -> tuple[Image.Image, Targets]:
    """Turn by quarters and mirror, boxes with it: both are exact."""
    quarter = int(rng.choice(4, p=(0.55, 0.2, 0.05, 0.2)))
    if quarter:
        photo = photo.transpose(_TURNS[quarter - 1])
        targets = tuple(_quarter_turned(target, quarter) for target in targets)
    if happens(rng, 0.5):
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        targets = tuple(replace(target, x=1 - target.x) for target in targets)
    return photo, targets


def tilted(rng: Generator, photo: Image.Image, targets: Targets) -> tuple[Image.Image, Targets]:
    """Turn by a few degrees, by any angle where there is no box, and enlarge until no empty corner is left.

    Boxes are approximate: an animal is taken for the ellipse that fills its box, since the turned corners of the box
    would frame more ground than animal.
    """
    most = _MOST_TILT if targets else 180.0
    angle = radians(float(rng.uniform(-most, most)))
    width, height = photo.size
    cosine, sine = cos(angle), sin(angle)
    longer = max(width, height) / min(width, height)
    zoom = abs(cosine) + longer * abs(sine)
    across, down = width / 2, height / 2
    # From a pixel of the result back to the photo: Pillow's order.
    back = (cosine / zoom, sine / zoom, 0.0, -sine / zoom, cosine / zoom, 0.0)
    shift = (
        across - back[0] * across - back[1] * down,
        down - back[3] * across - back[4] * down,
    )
    picture = photo.transform(
        photo.size,
        Image.Transform.AFFINE,
        (back[0], back[1], shift[0], back[3], back[4], shift[1]),
        Image.Resampling.BICUBIC,
    )
    kept = []
    for target in targets:
        x, y = (target.x - 0.5) * width, (target.y - 0.5) * height
        a, b = target.width * width, target.height * height
        whole = replace(
            target,
            x=0.5 + zoom * (cosine * x - sine * y) / width,
            y=0.5 + zoom * (sine * x + cosine * y) / height,
            width=zoom * hypot(a * cosine, b * sine) / width,
            height=zoom * hypot(a * sine, b * cosine) / height,
        )
        kept.append(_inside(whole))
    return picture, tuple(target for target in kept if target)


def degraded(rng: Generator, photo: Image.Image) -> Image.Image:
    """Return the photo, its size kept, as a phone by day, in a barn, at night, in rain or a chat app would give it."""
    if happens(rng, 0.4):
        return _compressed(rng, _adjusted(rng, photo, 0.15), (60, 91))
    photo = _lit(rng, _adjusted(rng, photo, 0.3))
    if happens(rng, 0.1):
        photo = in_rain(rng, photo)
    if happens(rng, 0.2):
        photo = shaken(rng, photo)
    elif happens(rng, 0.2):
        photo = photo.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.5, 1.6))))
    if happens(rng, 0.2):
        photo = grained(rng, photo, float(rng.uniform(2, 7)))
    if happens(rng, 0.55):
        photo = forwarded(rng, photo)
    return photo


def _lit(rng: Generator, photo: Image.Image) -> Image.Image:
    light = _LIGHTS[int(rng.choice(len(_LIGHTS), p=_LIGHT_SHARES))]
    return light(rng, photo)


def _by_day(rng: Generator, photo: Image.Image) -> Image.Image:  # noqa: ARG001 - one of the lights
    return photo


_LIGHTS = (_by_day, by_flash, in_low_light, under_lamps)
_LIGHT_SHARES = (0.55, 0.1, 0.15, 0.2)


def shaken(rng: Generator, photo: Image.Image) -> Image.Image:
    """Blur along the short, slightly bent way that an unsteady hand took, in any direction."""
    longest = 0.014 * max(photo.size)
    length = float(rng.uniform(2.0, max(3.0, longest)))
    angle, bend = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(-0.5, 0.5))
    along = np.linspace(-0.5, 0.5, int(length) + 2)
    ways = angle + bend * along
    steps = {
        (round(length * t * cos(way)), round(length * t * sin(way)))
        for t, way in zip(along, ways, strict=True)
    }
    pixels = np.asarray(photo)
    reach = int(length) + 1
    wide = np.pad(pixels, ((reach, reach), (reach, reach), (0, 0)), "edge")
    total = np.zeros(pixels.shape, np.uint16)
    height, width = pixels.shape[:2]
    for right, down in sorted(steps):
        total += wide[reach + down : reach + down + height, reach + right : reach + right + width]
    return Image.fromarray((total // np.uint16(len(steps))).astype(np.uint8))


def forwarded(rng: Generator, photo: Image.Image) -> Image.Image:
    """Send through a chat app: often smaller, always JPEG of quality 30 to 60; then shown at the old size again."""
    if happens(rng, 0.5):
        scale = float(rng.uniform(0.5, 0.85))
        small = photo.resize(
            (max(1, round(photo.width * scale)), max(1, round(photo.height * scale))),
            Image.Resampling.BILINEAR,
        )
        return _compressed(rng, small, (30, 61)).resize(photo.size, Image.Resampling.BICUBIC)
    return _compressed(rng, photo, (30, 61))


def _adjusted(rng: Generator, photo: Image.Image, most: float) -> Image.Image:
    """Exposure, contrast and colour as phones differ: each by up to *most*, as a share."""
    for kind in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        if happens(rng, 0.5):
            photo = kind(photo).enhance(1 + float(rng.uniform(-most, most)))
    return photo


def _compressed(rng: Generator, photo: Image.Image, quality: tuple[int, int]) -> Image.Image:
    buffer = BytesIO()
    photo.save(buffer, "JPEG", quality=int(rng.integers(*quality)))
    return Image.open(buffer).convert("RGB")


def _quarter_turned(target: Target, quarter: int) -> Target:
    x, y, width, height = target.x, target.y, target.width, target.height
    for _ in range(quarter):  # counter-clockwise, as Pillow's ROTATE_90
        x, y, width, height = y, 1 - x, height, width
    return Target(target.species, x, y, width, height)


def _inside(target: Target) -> Target | None:
    """The part of a box that lies in the picture; None when little of it does."""
    left, right = max(0.0, target.x - target.width / 2), min(1.0, target.x + target.width / 2)
    top, bottom = max(0.0, target.y - target.height / 2), min(1.0, target.y + target.height / 2)
    if right <= left or bottom <= top:
        return None
    if (right - left) * (bottom - top) < _LEAST_INSIDE * target.width * target.height:
        return None
    return replace(
        target, x=(left + right) / 2, y=(top + bottom) / 2, width=right - left, height=bottom - top
    )
