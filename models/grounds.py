"""Made-up grounds without animals: soil, concrete, straw, slats and grass under uneven light."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from models.chance import happens

Size = tuple[int, int]  # width, height in pixels
Texture = Callable[[Generator, int, int], NDArray[np.float32]]  # (height, width, 3), 0 to 255


def ground(rng: Generator, size: Size) -> Image.Image:
    """Draw one ground of *size*, lit from one side."""
    width, height = size
    texture = _TEXTURES[int(rng.integers(len(_TEXTURES)))]
    pixels = texture(rng, width, height)
    west, east, north, south = rng.uniform(0.65, 1.15, 4).tolist()
    across = np.linspace(west, east, width, dtype=np.float32)
    down = np.linspace(north, south, height, dtype=np.float32)
    pixels *= (down[:, None] * across[None, :])[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def noise(
    rng: Generator, width: int, height: int, *, finest: int = 2, coarsest: int = 96
) -> NDArray[np.float32]:
    """Return (height, width) cloud noise from -1 to 1: octaves of *coarsest* down to *finest* pixels."""
    total = np.zeros((height, width), np.float32)
    cell, weight = coarsest, 1.0
    while cell >= finest:
        small = rng.uniform(-1, 1, (height // cell + 2, width // cell + 2)).astype(np.float32)
        total += weight * np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
        cell //= 2
        weight *= 0.7
    return total / max(float(np.abs(total).max()), 1e-6)


def _tinted(
    rng: Generator, colour: tuple[int, int, int], shade: NDArray[np.float32], depth: float
) -> NDArray[np.float32]:
    tint = np.asarray(colour, np.float32) + rng.uniform(-18, 18, 3).astype(np.float32)
    return tint * (1 + depth * shade[..., None])


def _soil(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    return _tinted(rng, (112, 92, 70), noise(rng, width, height), 0.55)


def _concrete(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    pixels = _tinted(rng, (150, 148, 142), noise(rng, width, height, coarsest=192), 0.3)
    for _ in range(int(rng.integers(0, 3))):  # joints between slabs
        at = int(rng.integers(0, width))
        pixels[:, at : at + 3] *= 0.6
    return pixels


def _grass(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    blades = noise(rng, width, height, coarsest=12) + 0.5 * noise(rng, width, height, coarsest=192)
    return _tinted(rng, (96, 122, 58), blades, 0.4)


def _straw(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    stretched = noise(rng, max(width // 10, 2), height, coarsest=6)
    stalks = np.asarray(Image.fromarray(stretched).resize((width, height), Image.Resampling.BILINEAR))
    turned = Image.fromarray(stalks).rotate(float(rng.uniform(0, 180)), Image.Resampling.BILINEAR)
    return _tinted(rng, (188, 160, 98), np.asarray(turned) + 0.4 * noise(rng, width, height), 0.35)


def _slats(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    colour = ((70, 130, 115), (120, 120, 118), (150, 120, 90))[int(rng.integers(3))]
    pixels = _tinted(rng, colour, noise(rng, width, height), 0.2)
    pitch = int(rng.integers(14, 48))
    gap = max(2, pitch // 5)
    along = (np.arange(height if happens(rng, 0.5) else width) % pitch) < gap
    if along.size == height:
        pixels[along] *= 0.4
    else:
        pixels[:, along] *= 0.4
    return pixels


_TEXTURES: tuple[Texture, ...] = (_soil, _concrete, _grass, _straw, _slats)
