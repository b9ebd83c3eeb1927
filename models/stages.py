"""Places where animals lie, seen by one camera under one light: pen, barn, yard, truck bed, grass, pit. No animals."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models import walls
from models.canvas import GROUND, PROP, Canvas, Lens, lens
from models.chance import happens
from models.clutter import thing
from models.grounds import concrete, grass, gravel, grid, mud, noise, planks, ribs, slats, soil, straw
from models.render import Light, light
from models.setting import heading, placed
from models.solids import Floats

# Sine of the elevation from which a camera sees into a pen over its near wall.
_FROM_ABOVE: Final = 0.93
_SKY: Final = 60.0  # metres: farther ground fades into haze
_Texture = Callable[[Generator, int, int], NDArray[np.float32]]


class Place(StrEnum):
    """Kinds of places."""

    PEN = "pen"
    BARN = "barn"
    YARD = "yard"
    TRUCK = "truck"
    GRASS = "grass"
    PIT = "pit"


_GROUNDS: Final[dict[Place, tuple[_Texture, ...]]] = {
    Place.PEN: (slats, grid, grid, concrete, mud, straw),
    Place.BARN: (straw, concrete, mud, slats, grid),
    Place.YARD: (concrete, soil, gravel, mud),
    Place.TRUCK: (ribs, planks),
    Place.GRASS: (grass,),
    Place.PIT: (soil, mud),
}
_PERSON_M: Final = 1.1  # longer things are people, who do not shrink to the scene
_SKIES: Final = ((200, 206, 212), (150, 152, 150), (90, 92, 92))
INDOORS: Final = (Place.PEN, Place.BARN)


@dataclass(frozen=True, slots=True)
class Stage:
    """A painted place: animals may lie within *half* metres of the origin, to the sides and away."""

    place: Place
    canvas: Canvas
    lit: Light
    half: tuple[float, float]


def stage(rng: Generator, size: tuple[int, int], place: Place, *, span_m: float, elevation: float) -> Stage:
    """Paint a place, with clutter and without animals.

    Args:
        rng: Decides textures, walls, light and clutter.
        size: Width and height, pixels.
        place: Which kind.
        span_m: Metres that the picture's shorter side shows.
        elevation: Degrees by which the camera looks down, 90 from straight above.
    """
    glass = lens(size, elevation=elevation, span_m=span_m, field=float(rng.uniform(0.75, 1.5)))
    lit = light(rng, outdoors=place not in INDOORS)
    half = span_m * size[0] / min(size) * 0.46, span_m * size[1] / min(size) * 0.46
    if place in (Place.PEN, Place.TRUCK):
        half = half[0] * float(rng.uniform(0.75, 1)), half[1] * float(rng.uniform(0.75, 1))
    canvas = _floor(rng, glass, place, span_m, half)
    _walls(rng, canvas, place, lit, half)
    for _ in range(int(rng.choice((0, 1, 2, 4), p=(0.4, 0.25, 0.2, 0.15)))):
        _clutter(rng, canvas, lit, half, span_m * 0.28)
    return Stage(place, canvas, lit, half)


def _floor(rng: Generator, glass: Lens, place: Place, span_m: float, half: tuple[float, float]) -> Canvas:
    """The ground in perspective, and a back wall or sky where a ray meets none."""
    ways = glass.rays
    with np.errstate(divide="ignore"):
        far = np.where(ways[..., 2] < 0, -glass.eye[2] / ways[..., 2], np.inf)
    away = np.minimum(far, _SKY).astype(np.float32)
    x = glass.eye[0] + ways[..., 0] * away
    y = glass.eye[1] + ways[..., 1] * away
    colours = _sampled(rng, place, x, y, span_m, min(glass.width, glass.height))
    if place is Place.PIT:
        colours = _dug(rng, colours, x, y, half)
    if place in (Place.PEN, Place.TRUCK):
        outside = (np.abs(x) > half[0]) | (np.abs(y) > half[1])
        colours[outside] = colours[outside] * 0.3 + np.asarray(rng.uniform(15, 60, 3), np.float32) * 0.5
    haze = np.clip((away - 6 * span_m) / 30, 0, 1)[..., None]
    sky = np.asarray(_SKIES[int(rng.integers(len(_SKIES)))], np.float32)
    colours = np.asarray(colours * (1 - haze) + sky * haze, np.float32)
    colours *= (0.85 + 0.3 * noise(rng, glass.width, glass.height, finest=64, coarsest=256))[..., None]
    return Canvas(glass, colours.astype(np.float32), away, np.full(away.shape, GROUND, np.int16))


def _sampled(rng: Generator, place: Place, x: Floats, y: Floats, span_m: float, pixels: int) -> Floats:
    """Colours of the ground at world coordinates: one square of texture, repeated by mirrors."""
    side = 640
    textures = _GROUNDS[place]
    square = textures[int(rng.integers(len(textures)))](rng, side, side)
    if place in (Place.YARD, Place.GRASS, Place.PIT) and happens(rng, 0.6):  # one ground gives way to another
        other = (soil, grass, mud)[int(rng.integers(3))](rng, side, side)
        share = np.clip(noise(rng, side, side, coarsest=256) * 4 + float(rng.uniform(-0.5, 1)), 0, 1)[
            ..., None
        ]
        square = square * share + other * (1 - share)
    turn = float(rng.uniform(0, 2 * np.pi)) if place not in (Place.PEN, Place.TRUCK, Place.BARN) else 0.0
    per_m = pixels / span_m * float(rng.uniform(0.7, 1.1))
    u = ((x * np.cos(turn) - y * np.sin(turn)) * per_m).astype(np.int64) + 16 * side + side // 2
    v = ((x * np.sin(turn) + y * np.cos(turn)) * per_m).astype(np.int64) + 16 * side + side // 2
    u, v = (
        np.minimum(u % (2 * side), -u % (2 * side)) % side,
        np.minimum(v % (2 * side), -v % (2 * side)) % side,
    )
    return np.asarray(square[v, u], np.float32)


def _dug(rng: Generator, colours: Floats, x: Floats, y: Floats, half: tuple[float, float]) -> Floats:
    """A floor, the wall of earth around it, a rim, and what grows beyond.

    A level picture is painted to look dug: the far wall is broad and faces the camera, the near one is hardly seen.
    """
    height, width = x.shape
    radius = np.hypot(x / (half[0] * 1.05), y / (half[1] * 1.05)) + noise(rng, width, height) * 0.06
    end = 1.1 + 0.4 * np.clip(y / (half[1] * radius + 1e-3), 0, 1)
    climb = np.clip((radius - 1) / (end - 1), 0, 1)  # 0 on the floor, 1 at the rim
    wall = np.clip((radius - 1) / 0.03, 0, 1)
    colours = colours * (1 - wall * (0.6 - 0.45 * climb))[..., None]
    rim = np.exp(-(((radius - end) / 0.03) ** 2))[..., None]
    beyond = np.clip((radius - end) / 0.03, 0, 1)[..., None]
    green = np.asarray((98, 106, 68), np.float32) * (
        1 + 0.3 * noise(rng, width, height, coarsest=12)[..., None]
    )
    return np.asarray(colours * (1 + 0.3 * rim) * (1 - beyond) + green * beyond, np.float32)


def _walls(rng: Generator, canvas: Canvas, place: Place, lit: Light, half: tuple[float, float]) -> None:
    to_light = np.asarray(lit.towards, np.float32)
    above = float(canvas.lens.view[2, 2]) > _FROM_ABOVE
    match place:
        case Place.PEN | Place.TRUCK:
            blocks = walls.pen(rng, half, near_side=above, trough=place is Place.PEN)
        case Place.BARN if happens(rng, 0.8):
            blocks = walls.behind(rng, half)
        case Place.YARD if happens(rng, 0.6):
            blocks = walls.behind(rng, half) if happens(rng, 0.6) else walls.fence(rng, half)
        case Place.GRASS if happens(rng, 0.3):
            blocks = walls.fence(rng, half)
        case _:
            blocks = []
    for block in blocks:
        canvas.block(block.low, block.high, block.colour, to_light)


def _clutter(rng: Generator, canvas: Canvas, lit: Light, half: tuple[float, float], longest_m: float) -> None:
    solid, coat, length_m = thing(rng)
    turn = float(rng.uniform(0, 2 * np.pi))
    at = np.asarray((rng.uniform(-1.1, 1.1) * half[0], rng.uniform(-1.1, 1.1) * half[1], 0), np.float32)
    setting = placed(
        rng,
        canvas,
        solid.moved(heading(turn), np.zeros(3, np.float32)),
        coat,
        lit,
        at,
        length_m if length_m > _PERSON_M else min(length_m, longest_m),
    )
    if setting is not None:
        canvas.lay(setting.place, setting.colours, setting.front, setting.away, PROP)
