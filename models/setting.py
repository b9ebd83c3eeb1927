"""A body set into a scene: seen along the ray to its place, cut by what stands in front of it."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from models.canvas import OPAQUE, Canvas
from models.hides import Coat
from models.render import Light, portrait
from models.solids import Floats, Solid

# A body whose place is nearer to the eye than this is left out.
_TOO_NEAR_M = 0.3


def heading(turn: float) -> Floats:
    """Rotation about the upright axis, radians to the left."""
    c, s = np.cos(turn), np.sin(turn)
    return np.asarray(((c, -s, 0), (s, c, 0), (0, 0, 1)), np.float32)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a canvas would show of one body: where, its colours, its alpha where it is in front, its distance."""

    place: tuple[slice, slice]
    colours: Floats
    front: Floats
    away: Floats
    area: int  # pixels of the whole body, hidden and outside ones too


def placed(
    rng: Generator,
    canvas: Canvas,
    solid: Solid,
    coat: Coat,
    lit: Light,
    at: Floats,
    length_m: float,
    *,
    buried: bool = True,
) -> Setting | None:
    """Look at a solid that is to lie at *at*; None when it is outside the picture.

    The body is seen along the ray to its own place, so that a wide lens sees the flanks of animals near its edge.
    """
    glass = canvas.lens
    pixels, away = glass.project(at[None])
    if away[0] < _TOO_NEAR_M:
        return None
    towards = glass.eye - at
    towards = towards / np.linalg.norm(towards)
    right = glass.view[0] - towards * float(glass.view[0] @ towards)
    right = right / np.linalg.norm(right)
    view = np.stack((right, np.cross(towards, right), towards)).astype(np.float32)
    seen = portrait(rng, solid, coat, view, lit, glass.focal / float(away[0]) * length_m, buried=buried)
    if seen is None:
        return None
    column, row = round(float(pixels[0, 0])), round(float(pixels[0, 1]))
    distance = float(away[0]) - seen.depth * length_m
    window = canvas.window(seen.colours, seen.alpha, distance, column + seen.left, row + seen.top)
    return None if window is None else Setting(*window, int((seen.alpha > OPAQUE).sum()))
