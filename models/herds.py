"""Rendered scenes: a herd lies in one place, under one light, seen by one camera; boxes are exact for what is seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.random import Generator
from PIL import Image

from models.bodies import Posture
from models.builds import BUILDS
from models.canvas import GROUND, OPAQUE, Canvas, grain, lamp
from models.chance import happens
from models.hides import Coat, drawn
from models.labelled import Target
from models.render import beast
from models.scenes import LEAST_VISIBLE, SHARES, visible
from models.setting import heading, placed
from models.solids import Floats
from models.species import SPECIES
from models.stages import INDOORS, Place, Stage, stage

_HEN_M: Final = 0.3
_TOP: Final = 2
_LEAST_PIXELS: Final = 60  # of a body; smaller ones are specks that nobody would count
_PLACES: Final[dict[str, tuple[Place, ...]]] = {
    "cattle": (Place.BARN, Place.YARD, Place.TRUCK, Place.GRASS, Place.PIT),
    "pig": (Place.PEN, Place.BARN, Place.YARD, Place.TRUCK, Place.PIT),
    "sheep": (Place.BARN, Place.YARD, Place.TRUCK, Place.GRASS, Place.GRASS, Place.PIT),
    "goat": (Place.BARN, Place.YARD, Place.TRUCK, Place.GRASS, Place.GRASS, Place.PIT),
    "poultry": (Place.BARN, Place.YARD, Place.GRASS, Place.PEN),
    "horse": (Place.YARD, Place.GRASS, Place.GRASS, Place.PIT),
}

Scene = tuple[Image.Image, tuple[Target, ...]]


@dataclass(frozen=True, slots=True)
class Herd:
    """What the animals of one scene have in common."""

    species: str
    young: float
    length_m: float
    coat: Coat | None  # None: every animal draws its own
    postures: tuple[float, float, float, float]  # chances of flat, breast, back, standing


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one animal lies: metres from the origin, its heading, and how high it lies on others."""

    x: float
    y: float
    turn: float
    up: float = 0.0


def scene(
    rng: Generator,
    size: tuple[int, int],
    *,
    species: str | None = None,
    heads: int | None = None,
    place: Place | None = None,
    elevation: float | None = None,
    cleared: bool = False,
) -> Scene:
    """Render one scene.

    Args:
        rng: The same state gives the same bytes.
        size: Width and height, pixels.
        species: None draws one, as often as composed scenes have it.
        heads: How many animals to lay, fewer where there is no room.
        place: None draws one where the species is kept.
        elevation: Degrees by which the camera looks down; None draws it, often 90 in pens.
        cleared: Show the very place that the same state gives, without its animals; nothing is labelled.

    Returns:
        The picture and the boxes of what is seen of each animal.
    """
    if species is None:
        names = list(SHARES)
        species = names[int(rng.choice(len(names), p=list(SHARES.values())))]
    if heads is None:
        heads = 1 + int(rng.geometric(0.2)) % 15
    if place is None:
        place = _PLACES[species][int(rng.integers(len(_PLACES[species])))]
    if elevation is None:
        above = happens(rng, 0.75 if place is Place.PEN else 0.15)
        elevation = (
            90 - float(abs(rng.normal(0, 6)))
            if above
            else float(rng.uniform(32 if place is Place.PIT else 15, 70))
        )
    herd = _herd(rng, species)
    span_m = herd.length_m * (1.5 + 0.85 * max(1, heads) ** 0.5) * float(rng.uniform(0.6, 1.35))
    ground = stage(rng, size, place, span_m=span_m, elevation=elevation)
    noisy = np.random.default_rng(int(rng.integers(2**62)))  # its own draws: cleared or not, the same noise
    laid = lay(rng, ground, herd, [] if cleared else _spots(rng, ground, herd, heads))
    towards = np.asarray(ground.lit.towards, np.float32)
    colours = laid.canvas.shadowed(towards, ground.lit.direct, herd.length_m * 0.5)
    if ground.place in INDOORS and happens(noisy, 0.6):
        colours = lamp(noisy, colours)
    colours = grain(noisy, colours, float(noisy.uniform(0.5, 4)))
    return Image.fromarray(np.rint(colours).astype(np.uint8)), laid.targets


def pen_from_above(
    rng: Generator,
    size: tuple[int, int],
    *,
    heads: int | None = None,
    species: str = "pig",
    cleared: bool = False,
) -> Scene:
    """Render a pen as a camera on the ceiling sees it: 6 to 15 animals of one size, in rows, heaps and alone.

    Args: as for ``scene``.
    """
    if heads is None:
        heads = int(rng.integers(6, 16))
    elevation = 90 - float(abs(rng.normal(0, 5)))
    return scene(
        rng, size, species=species, heads=heads, place=Place.PEN, elevation=elevation, cleared=cleared
    )


@dataclass(frozen=True, slots=True)
class Laid:
    """A canvas with its animals: its owner n has the nth of *areas* (pixels, hidden ones too) and of *species*."""

    canvas: Canvas
    areas: list[int]
    species: list[int]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Boxes of what is seen of each animal."""
        return visible(np.maximum(self.canvas.owner, GROUND), self.species)


def lay(rng: Generator, ground: Stage, herd: Herd, spots: Sequence[Spot]) -> Laid:
    """Lay the herd on its spots; one that would be mostly hidden, or would hide another, is left out."""
    laid = Laid(ground.canvas.copy(), [0], [0])
    eye = laid.canvas.lens.eye
    for spot in sorted(spots, key=lambda s: (s.up, -float(np.hypot(s.x - eye[0], s.y - eye[1])))):
        _lay(rng, laid, ground, herd, spot)
    return laid


def _lay(rng: Generator, laid: Laid, ground: Stage, herd: Herd, spot: Spot) -> None:
    posture = list(Posture)[int(rng.choice(4, p=herd.postures))]
    young = float(np.clip(herd.young + rng.normal(0, 0.06), 0, 1))
    made = beast(rng, herd.species, posture=posture, coat=herd.coat, young=young)
    solid = made.solid.moved(heading(spot.turn), np.zeros(3, np.float32))
    at: Floats = np.asarray((spot.x, spot.y, spot.up), np.float32)
    setting = placed(rng, laid.canvas, solid, made.coat, ground.lit, at, made.length_m, buried=spot.up == 0)
    if setting is None or setting.area < _LEAST_PIXELS:
        return
    covered = setting.front > OPAQUE
    if covered.sum() < LEAST_VISIBLE * setting.area:
        return
    owner = np.maximum(laid.canvas.owner, GROUND)
    lost = np.bincount(owner[setting.place][covered], minlength=len(laid.areas))
    seen = np.bincount(owner.ravel(), minlength=len(laid.areas)) - lost
    if any(left < LEAST_VISIBLE * area for left, area in zip(seen[1:], laid.areas[1:], strict=True)):
        return
    laid.canvas.lay(setting.place, setting.colours, setting.front, setting.away, len(laid.areas))
    laid.areas.append(setting.area)
    laid.species.append(SPECIES.index(herd.species))


def _herd(rng: Generator, species: str) -> Herd:
    young = float(rng.choice((0.0, 0.25, 0.6, 0.95), p=(0.5, 0.25, 0.15, 0.1)))
    grown = _HEN_M if species == "poultry" else BUILDS[species].length_m
    coat = drawn(rng, species) if happens(rng, 0.75) else None
    alive = happens(rng, 0.2)  # a herd that rests: counted like one that died
    postures = (0.3, 0.4, 0.0, 0.3) if alive else (0.7, 0.2, 0.06, 0.04)
    return Herd(species, young, grown * (1 - 0.62 * young), coat, postures)


def _spots(rng: Generator, ground: Stage, herd: Herd, heads: int) -> list[Spot]:
    """Where they lie: alone, side by side in rows, or heaped."""
    spots: list[Spot] = []
    wide, deep = (max(0.1, side - 0.42 * herd.length_m) for side in ground.half)
    missing = heads
    while missing > 0:
        group = min(missing, int(rng.choice((1, 2, 3, 4, 6), p=(0.4, 0.2, 0.2, 0.1, 0.1))))
        missing -= group
        members: list[Spot] = []
        for _ in range(8):
            x, y = float(rng.uniform(-wide, wide)), float(rng.uniform(-deep, deep))
            members = _group(rng, herd, x, y, group)
            if all(_apart(one, other, 0.62 * herd.length_m) for one in members for other in spots):
                break
        for spot in members:
            kept = replace(spot, x=float(np.clip(spot.x, -wide, wide)), y=float(np.clip(spot.y, -deep, deep)))
            # Two bodies in one place would grow through each other.
            if all(_apart(kept, other, 0.32 * herd.length_m) for other in spots):
                spots.append(kept)
    return spots


def _group(rng: Generator, herd: Herd, x: float, y: float, heads: int) -> list[Spot]:
    turn = float(rng.uniform(0, 2 * np.pi))
    heaped = heads > 1 and happens(rng, 0.25)
    spots = []
    for index in range(heads):
        if heaped:
            away, way = herd.length_m * float(rng.uniform(0.25, 0.55)), float(rng.uniform(0, 2 * np.pi))
            up = herd.length_m * 0.26 if index % 3 == _TOP else 0.0  # every third lies on the others
            spots.append(
                Spot(x + away * np.cos(way), y + away * np.sin(way), float(rng.uniform(0, 2 * np.pi)), up)
            )
            continue
        step = (index - (heads - 1) / 2) * herd.length_m * float(rng.normal(0.46, 0.05))
        shift = float(rng.normal(0, 0.12)) * herd.length_m
        facing = turn + float(rng.normal(0, 0.15)) + (np.pi if happens(rng, 0.35) else 0.0)
        spots.append(
            Spot(
                x - step * np.sin(turn) + shift * np.cos(turn),
                y + step * np.cos(turn) + shift * np.sin(turn),
                facing,
            )
        )
    return spots


def _apart(one: Spot, other: Spot, metres: float) -> bool:
    return float(np.hypot(one.x - other.x, one.y - other.y)) > metres
