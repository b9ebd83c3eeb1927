"""What stands around a place: pen walls with rails and trough, the side boards of a truck, a back wall, a fence."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from models.chance import happens
from models.solids import Floats

Corner = tuple[float, float, float]  # metres
_PAINTS: Final = ((120, 118, 112), (150, 140, 128), (70, 76, 84), (52, 56, 66), (128, 98, 82), (40, 62, 120))
_METALS: Final = ((150, 152, 154), (96, 98, 100), (118, 92, 76))


@dataclass(frozen=True, slots=True)
class Block:
    """A cuboid with level and upright sides."""

    low: Corner
    high: Corner
    colour: Floats


def _shades(rng: Generator, colours: tuple[tuple[int, int, int], ...]) -> Floats:
    return np.asarray(colours[int(rng.integers(len(colours)))], np.float32) + np.float32(rng.normal(0, 8))


def pen(rng: Generator, half: tuple[float, float], *, near_side: bool, trough: bool) -> list[Block]:
    """Walls around the floor, the near one where the camera sees over it; feeder and rails at the far one."""
    wide, deep = half
    tall = float(rng.uniform(0.3, 0.7)) * min(half)
    paint, metal = _shades(rng, _PAINTS), _shades(rng, _METALS)
    blocks = [
        Block((-wide - 0.08, -deep, 0), (-wide, deep, tall), paint),
        Block((wide, -deep, 0), (wide + 0.08, deep, tall), paint),
        Block((-wide, deep, 0), (wide, deep + 0.08, tall), paint),
    ]
    if near_side:
        blocks.append(Block((-wide, -deep - 0.08, 0), (wide, -deep, tall), paint))
    elif happens(rng, 0.4):  # rails before the camera, through which the animals are seen
        blocks += [
            Block((-wide, -deep - 0.04, up * tall), (wide, -deep, up * tall + 0.04), metal)
            for up in (0.35, 0.8)
        ]
    if not trough:
        return blocks
    for _ in range(int(rng.integers(0, 3))):
        left, long = float(rng.uniform(-wide, wide * 0.6)), float(rng.uniform(0.15, 0.4)) * wide
        blocks.append(
            Block((left, deep * 0.86, 0), (left + long, deep, float(rng.uniform(0.1, 0.4)) * deep), metal)
        )
    for rail in range(int(rng.integers(0, 4))):
        up = tall + 0.12 + 0.12 * rail
        blocks.append(Block((-wide, deep, up), (wide, deep + 0.04, up + 0.04), metal))
    return blocks


def behind(rng: Generator, half: tuple[float, float]) -> list[Block]:
    """A long wall behind the animals, half the time with posts."""
    wide, back = half[0], half[1] * float(rng.uniform(1.0, 1.5))
    tall = float(rng.uniform(0.8, 3.0))
    blocks = [Block((-9 * wide, back, 0), (9 * wide, back + 0.2, tall), _shades(rng, _PAINTS))]
    if happens(rng, 0.5):
        metal = _shades(rng, _METALS)
        blocks += [
            Block((x, back - 0.15, 0), (x + 0.1, back, tall * 0.9), metal)
            for x in np.arange(-3 * wide, 3 * wide, max(1.0, wide * 0.6)).tolist()
        ]
    return blocks


def fence(rng: Generator, half: tuple[float, float]) -> list[Block]:
    """Two rails on posts."""
    wide, back = half[0], half[1] * float(rng.uniform(1.1, 1.8))
    wood = _shades(rng, _PAINTS)
    rails = [Block((-9 * wide, back, up), (9 * wide, back + 0.05, up + 0.08), wood) for up in (0.4, 0.8)]
    posts = np.arange(-4 * wide, 4 * wide, max(1.2, wide * 0.5)).tolist()
    return rails + [Block((x, back - 0.06, 0), (x + 0.1, back, 1.1), wood) for x in posts]
