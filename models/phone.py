"""What phones and chat apps do to a photo: turns, mirror, night, blur, noise and strong JPEG."""

from io import BytesIO

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageEnhance, ImageFilter

from models.chance import happens
from models.labelled import Target

_TURNS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)


def turned(
    rng: Generator, photo: Image.Image, targets: tuple[Target, ...]
) -> tuple[Image.Image, tuple[Target, ...]]:
    """Turn by quarters and mirror, boxes with it: both are exact."""
    quarter = int(rng.choice(4, p=(0.55, 0.2, 0.05, 0.2)))
    if quarter:
        photo = photo.transpose(_TURNS[quarter - 1])
        targets = tuple(_quarter_turned(target, quarter) for target in targets)
    if happens(rng, 0.5):
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        targets = tuple(Target(t.species, 1 - t.x, t.y, t.width, t.height) for t in targets)
    return photo, targets


def _quarter_turned(target: Target, quarter: int) -> Target:
    x, y, width, height = target.x, target.y, target.width, target.height
    for _ in range(quarter):  # counter-clockwise, as Pillow's ROTATE_90
        x, y, width, height = y, 1 - x, height, width
    return Target(target.species, x, y, width, height)


def degraded(rng: Generator, photo: Image.Image) -> Image.Image:
    """Return the photo as a phone in a barn, at night or through a chat app would give it."""
    if happens(rng, 0.35):
        photo = ImageEnhance.Brightness(photo).enhance(float(rng.uniform(0.3, 1.4)))
    if happens(rng, 0.3):
        photo = ImageEnhance.Contrast(photo).enhance(float(rng.uniform(0.6, 1.3)))
    if happens(rng, 0.25):
        photo = ImageEnhance.Color(photo).enhance(float(rng.uniform(0.0, 1.3)))
    if happens(rng, 0.2):
        photo = photo.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.5, 1.6))))
    if happens(rng, 0.25):
        grain = rng.normal(0, rng.uniform(3, 12), (photo.height, photo.width, 1))
        photo = Image.fromarray(np.clip(np.asarray(photo) + grain, 0, 255).astype(np.uint8))
    if happens(rng, 0.4):
        buffer = BytesIO()
        photo.save(buffer, "JPEG", quality=int(rng.integers(30, 61)))
        photo = Image.open(buffer).convert("RGB")
    return photo
