"""Photos of one ground for tests: windows of a real photo, with animals said to lie at places of it."""

from io import BytesIO

import numpy as np
from PIL import Image

from models.counter import Box, Count
from models.scene import Shown
from models.views import View
from tests.models.photos import ROOT

Place = tuple[int, int]
Window = tuple[int, int, int, int]

SIDE = 60
"""Pixels of every animal's side."""


def a_ground(name: str = "cattle-3.jpg") -> Image.Image:
    """A real photo of 1 024 x 768 pixels or near it; what it really shows does not matter here."""
    return Image.open(ROOT / "demo" / "photos" / name).convert("RGB")


def compressed(picture: Image.Image, quality: int = 60) -> Image.Image:
    """The picture as a chat app sends it on."""
    sent = BytesIO()
    picture.save(sent, "JPEG", quality=quality)
    return Image.open(BytesIO(sent.getvalue())).convert("RGB")


def a_count(heads: int, *reasons: str, less: int = 0, more: int = 0) -> Count:
    """A count whose boxes all lie in one place: for photos of which nobody knows the ground."""
    boxes = tuple(Box((0.0, 0.0, 9.0, 9.0), "pig", 0.9) for _ in range(heads))
    return Count(heads, bool(reasons), reasons, boxes, 40.0, low=max(0, heads - less), high=heads + more)


def shown(
    picture: Image.Image, *boxes: tuple[float, float, float, float], reasons: tuple[str, ...] = ()
) -> Shown:
    """The photo with an animal in each box."""
    found = tuple(Box(box, "pig", 0.9) for box in boxes)
    count = Count(len(found), bool(reasons), reasons, found, 40.0, low=len(found), high=len(found))
    return Shown(count, picture.size, View.of(np.asarray(picture)))


def window(
    ground: Image.Image, at: Window, *animals: Place, zoom: float = 1.0, reasons: tuple[str, ...] = ()
) -> Shown:
    """A photo of a part of *ground*: of the *animals* (middles, in the ground's pixels) those that are mostly on it."""
    left, top, right, bottom = at
    picture = ground.crop(at).resize((round((right - left) * zoom), round((bottom - top) * zoom)))
    boxes = []
    for x, y in animals:
        if left <= x <= right and top <= y <= bottom:
            edges = (
                max(x - SIDE / 2, left),
                max(y - SIDE / 2, top),
                min(x + SIDE / 2, right),
                min(y + SIDE / 2, bottom),
            )
            boxes.append(
                (
                    (edges[0] - left) * zoom,
                    (edges[1] - top) * zoom,
                    (edges[2] - left) * zoom,
                    (edges[3] - top) * zoom,
                )
            )
    return shown(compressed(picture), *boxes, reasons=reasons)
