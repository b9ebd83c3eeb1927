"""Made-up grounds without animals: what floors, yards, fields and truck beds are made of, under uneven light."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

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


def tinted(
    rng: Generator, colour: tuple[int, int, int], shade: NDArray[np.float32], depth: float
) -> NDArray[np.float32]:
    """A colour, varied a little, that *shade* (-1 to 1) darkens and lightens by up to *depth*."""
    tint = (
        np.asarray(colour, np.float32)
        + np.float32(rng.uniform(-24, 24))
        + rng.uniform(-8, 8, 3).astype(np.float32)
    )
    return tint * (1 + depth * shade[..., None])


def soil(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Bare soil."""
    clods = noise(rng, width, height) + 0.6 * noise(rng, width, height, coarsest=8)
    return tinted(rng, (112, 94, 74), clods, 0.45)


def concrete(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Slabs with joints."""
    pixels = tinted(rng, (150, 148, 142), noise(rng, width, height, coarsest=192), 0.3)
    for _ in range(int(rng.integers(0, 3))):  # joints between slabs
        at = int(rng.integers(0, width))
        pixels[:, at : at + 3] *= 0.6
    return pixels


def grass(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Short grass, thick and thin."""
    blades = noise(rng, width, height, coarsest=12) + 0.5 * noise(rng, width, height, coarsest=192)
    return _stalks(rng, tinted(rng, (100, 116, 66), blades, 0.4), 9, width * height // 60)


def straw(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Stalks that lie mostly one way."""
    stretched = noise(rng, max(width // 10, 2), height, coarsest=6)
    stalks = np.asarray(Image.fromarray(stretched).resize((width, height), Image.Resampling.BILINEAR))
    turned = Image.fromarray(stalks).rotate(float(rng.uniform(0, 180)), Image.Resampling.BILINEAR)
    bed = tinted(rng, (176, 150, 100), np.asarray(turned) + 0.6 * noise(rng, width, height), 0.35)
    return _stalks(rng, bed, 30, width * height // 250)


def _stalks(rng: Generator, bed: NDArray[np.float32], length: int, count: int) -> NDArray[np.float32]:
    """Draw *count* straight stalks or blades of about *length* pixels, lighter or darker than the bed."""
    height, width = bed.shape[:2]
    shade = Image.new("L", (width, height), 128)
    draw = ImageDraw.Draw(shade)
    starts = rng.uniform(0, 1, (count, 2)) * (width, height)
    ends = starts + rng.normal(0, length / 2, (count, 2))
    for line, tone in zip(
        np.hstack((starts, ends)).tolist(), rng.integers(92, 176, count).tolist(), strict=True
    ):
        draw.line(line, fill=tone)
    return np.asarray(bed * (np.asarray(shade, np.float32) / 128)[..., None], np.float32)


def slats(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """A slatted floor of plastic, concrete or wood."""
    colour = ((70, 130, 115), (120, 120, 118), (150, 120, 90))[int(rng.integers(3))]
    pixels = tinted(rng, colour, noise(rng, width, height), 0.2)
    pitch = int(rng.integers(14, 48))
    gap = max(2, pitch // 5)
    along = (np.arange(height if happens(rng, 0.5) else width) % pitch) < gap
    if along.size == height:
        pixels[along] *= 0.4
    else:
        pixels[:, along] *= 0.4
    return pixels


def grid(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Plastic or cast floor of many small slots, in plates with bright joints, fouled here and there."""
    colour = ((78, 150, 130), (126, 126, 122), (96, 100, 98), (70, 120, 140))[int(rng.integers(4))]
    pixels = tinted(rng, colour, noise(rng, width, height), 0.15)
    pitch = int(rng.integers(6, 14))
    slots = (np.arange(height) % pitch < pitch // 2)[:, None] & (np.arange(width) % (pitch * 3) > pitch // 2)
    pixels[slots] *= float(rng.uniform(0.45, 0.75))
    plate = pitch * int(rng.integers(6, 12))
    pixels[:: plate + 1] *= 1.3
    pixels[:, :: plate + 1] *= 1.3
    foul = np.clip((noise(rng, width, height, coarsest=128) - 0.15) * 3, 0, 0.8)[..., None]
    return np.asarray(pixels * (1 - foul) + np.asarray((92, 80, 58), np.float32) * foul, np.float32)


def mud(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Trodden soil with puddles that mirror the sky."""
    clods = noise(rng, width, height, coarsest=48) + 0.6 * noise(rng, width, height, coarsest=8)
    pixels = tinted(rng, (94, 80, 64), clods, 0.45)
    wet = np.clip((noise(rng, width, height, finest=8, coarsest=128) - 0.3) * 5, 0, 1)[..., None]
    return np.asarray(pixels * (1 - wet * 0.5) + np.asarray((86, 88, 88), np.float32) * wet * 0.5, np.float32)


def gravel(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Small stones, light and dark."""
    fine = rng.uniform(-1, 1, (height // 3 + 2, width // 3 + 2)).astype(np.float32)
    stones = np.asarray(Image.fromarray(fine).resize((width, height), Image.Resampling.BICUBIC))
    return tinted(rng, (146, 140, 130), stones * 0.8 + 0.3 * noise(rng, width, height, coarsest=128), 0.45)


def ribs(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """A sheet of metal with raised ribs, scratched and rusty."""
    colour = ((112, 118, 122), (92, 98, 96), (72, 94, 116), (116, 74, 58))[int(rng.integers(4))]
    pixels = tinted(rng, colour, noise(rng, width, height, coarsest=128), 0.25)
    pitch = int(rng.integers(28, 70))
    for offset, factor in ((0, 1.35), (1, 1.35), (2, 1.1), (3, 0.7), (4, 0.6)):  # a rib's light and its shade
        pixels[offset::pitch] *= factor
    rust = np.clip((noise(rng, width, height) - 0.25) * 4, 0, 1)[..., None] * 0.7
    return np.asarray(pixels * (1 - rust) + np.asarray((104, 66, 44), np.float32) * rust, np.float32)


def planks(rng: Generator, width: int, height: int) -> NDArray[np.float32]:
    """Boards side by side, each of its own shade."""
    pitch = int(rng.integers(30, 80))
    stretched = noise(rng, max(width // 12, 2), height, coarsest=4)
    fibre = np.asarray(Image.fromarray(stretched).resize((width, height), Image.Resampling.BILINEAR))
    pixels = tinted(rng, (134, 112, 88), fibre, 0.3)
    rows = np.arange(height)
    pixels *= rng.uniform(0.75, 1.15, height // pitch + 1).astype(np.float32)[rows // pitch][:, None, None]
    pixels[rows % pitch < pitch // 14] *= 0.4
    return pixels


_TEXTURES: tuple[Texture, ...] = (soil, concrete, grass, straw, slats, grid, mud, gravel, ribs, planks)
