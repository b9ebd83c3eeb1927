"""Compose scenes of lying and standing animals on grounds: boxes exact, all decided by the generator given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageStat

from models.chance import happens
from models.labelled import Target
from models.species import SPECIES

# How often a scene is of a species. Pigs are what the start network cannot see; of horses and poultry there are so few
# cut-outs that many scenes would teach those few animals and no others.
SHARES = {"cattle": 0.24, "pig": 0.36, "sheep": 0.14, "goat": 0.14, "poultry": 0.08, "horse": 0.04}

# An animal of which less than this is seen is not labelled, and is not left in the scene.
LEAST_VISIBLE = 0.35
# How many herds are seen from afar, over the ground of a whole meadow.
FAR = 0.4
# Alpha from which a pixel belongs to the animal, 0 to 255.
_OPAQUE = 127
# Of the places tried for an animal, how many lie against another one.
_TOUCHING_TRIES = 8


@dataclass(frozen=True, slots=True)
class Animal:
    """A cut-out in memory: RGBA, and the index of its species."""

    picture: Image.Image
    species: int


def compose(
    rng: Generator, ground: Image.Image, animals: Sequence[Animal], *, heads: int
) -> tuple[Image.Image, tuple[Target, ...]]:
    """Lay up to *heads* animals on *ground*, most of one species, alone or touching, in rows or at any angle.

    In some scenes the camera looks from the side: animals further up are smaller then, and are laid first.

    Returns:
        The scene (RGB, the ground's size) and the boxes of what is seen of each animal.
    """
    scene = ground.convert("RGB")
    owner = np.zeros((scene.height, scene.width), np.int16)  # which animal each pixel shows; 0 is ground
    areas, species = [0], [0]
    kinds = sorted({animal.species for animal in animals})
    shares = np.asarray([SHARES[SPECIES[kind]] for kind in kinds])
    kind = int(rng.choice(kinds, p=shares / shares.sum()))
    herd = [animal for animal in animals if animal.species == kind]
    length = max(scene.size) * float(rng.uniform(0.3, 0.75)) / max(1.0, heads**0.5)
    if happens(rng, FAR):
        length *= float(rng.uniform(0.25, 0.7))
    shadow = _shadow(rng)
    slant = float(rng.uniform(0.2, 0.7)) if happens(rng, 0.4) else 0.0
    way = float(rng.uniform(0, 360)) if happens(rng, 0.3) else None  # of animals that lie in rows
    rows = np.sort(rng.uniform(0, 1, heads)).tolist()
    for row in rows:
        pool = herd if happens(rng, 0.9) else animals
        animal = pool[int(rng.integers(len(pool)))]
        size = length * (1 + slant * (row - 0.5)) * float(rng.uniform(0.75, 1.3))
        body = _posed(rng, animal.picture, size, around=scene, way=way)
        height = row if slant else None
        placed = _free_place(rng, body, owner, areas, row=height, touching=happens(rng, 0.4))
        if placed is None:
            continue
        scene = _lay(scene, body, placed, shadow)
        mask = _solid(body, placed, scene.size)
        owner[mask] = len(areas)
        areas.append(int(mask.sum()))
        species.append(animal.species)
    return scene, visible(owner, species)


def strewn(rng: Generator, scene: Image.Image, rubble: Image.Image, *, pieces: int) -> Image.Image:
    """Paste shapeless pieces of *rubble* (a picture without animals), so that a pasted edge alone says nothing."""
    shadow = _shadow(rng)
    for _ in range(pieces):
        side = int(rng.uniform(0.06, 0.3) * max(scene.size))
        left = int(rng.integers(0, max(1, rubble.width - side)))
        top = int(rng.integers(0, max(1, rubble.height - side)))
        piece = rubble.crop((left, top, left + side, top + side)).convert("RGBA")
        piece.putalpha(_blob(rng, side))
        body = _posed(rng, piece, float(side), around=scene)
        at = int(rng.integers(-side // 3, scene.width)), int(rng.integers(-side // 3, scene.height))
        scene = _lay(scene, body, at, shadow)
    return scene


def pasted(
    rng: Generator, scene: Image.Image, bodies: Sequence[Animal]
) -> tuple[Image.Image, tuple[Target, ...]]:
    """Paste *bodies* near and upright as a rule, each with its shadow, the later ones before the earlier.

    Returns:
        The scene and the boxes of what is seen of each body; one that is hardly seen has none.
    """
    shadow = _shadow(rng)
    owner = np.zeros((scene.height, scene.width), np.int16)
    areas = [0]
    for cutout in (body.picture for body in bodies):
        length = max(scene.size) * float(rng.uniform(0.22, 0.85))
        way = float(rng.normal(0, 6)) if happens(rng, 0.8) else float(rng.uniform(0, 360))
        body = _posed(rng, cutout, length, around=scene, way=way)
        left = int(rng.integers(-body.width // 4, max(1, scene.width - body.width * 3 // 4)))
        top = int(rng.integers(-body.height // 4, max(1, scene.height - body.height * 3 // 4)))
        scene = _lay(scene, body, (left, top), shadow)
        owner[_solid(body, (left, top), scene.size)] = len(areas)
        areas.append(int((np.asarray(body.getchannel("A")) > _OPAQUE).sum()))
    left_over = np.bincount(owner.ravel(), minlength=len(areas))
    seen = [index for index in range(1, len(areas)) if left_over[index] >= LEAST_VISIBLE * areas[index]]
    return scene, tuple(_boxed(owner, index, bodies[index - 1].species) for index in seen)


def _posed(
    rng: Generator, cutout: Image.Image, length: float, *, around: Image.Image, way: float | None = None
) -> Image.Image:
    """Size, mirror, foreshorten, turn (to about *way* degrees), recolour and soften a cut-out of about *length*."""
    scale = length / max(cutout.size)
    squash = float(rng.uniform(0.65, 1.0)) if happens(rng, 0.5) else 1.0
    size = max(8, round(cutout.width * scale)), max(8, round(cutout.height * scale * squash))
    body = cutout.resize(size, Image.Resampling.LANCZOS)
    if happens(rng, 0.5):
        body = body.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    upright = happens(rng, 0.35)
    angle = float(rng.uniform(-12, 12) if upright else rng.uniform(0, 360))
    if way is not None:
        angle = way + float(rng.normal(0, 9)) + 180 * happens(rng, 0.3)
    body = body.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    alpha = body.getchannel("A").filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.2))))
    light = ImageStat.Stat(around.convert("L").resize((16, 16))).mean[0] / 128
    colours = ImageEnhance.Brightness(body.convert("RGB")).enhance(
        float(rng.uniform(0.6, 1.1) * (0.6 + 0.4 * light))
    )
    colours = ImageEnhance.Contrast(colours).enhance(float(rng.uniform(0.75, 1.2)))
    colours.putalpha(alpha)
    return colours.crop(alpha.point(lambda value: 255 * (value > _OPAQUE)).getbbox() or (0, 0, 8, 8))


Shadow = tuple[float, float, float]  # to the right and down in shares of the longest shadow, and how dark


def _shadow(rng: Generator) -> Shadow:
    """Draw the shadow that all bodies of one scene throw."""
    return float(rng.uniform(-1, 1)), float(rng.uniform(0, 1)), float(rng.uniform(0.15, 0.65))


def _lay(scene: Image.Image, body: Image.Image, at: tuple[int, int], shadow: Shadow) -> Image.Image:
    """Return the scene with *body* at *at*, its shadow under it."""
    alpha = body.getchannel("A")
    cast = max(2, max(body.size) // 14)
    across, down, depth = shadow
    fallen = Image.new("L", scene.size)
    fallen.paste(alpha, (at[0] + round(cast * across), at[1] + round(cast * down)))
    fallen = fallen.filter(ImageFilter.GaussianBlur(cast / 2))
    light = fallen.point(lambda value: 255 - int(value * depth))
    dark = ImageChops.multiply(scene, Image.merge("RGB", [light] * 3))
    dark.paste(body, at, alpha)
    return dark


def _free_place(
    rng: Generator,
    body: Image.Image,
    owner: NDArray[np.int16],
    areas: list[int],
    *,
    row: float | None,
    touching: bool,
) -> tuple[int, int] | None:
    """Find where *body* hides no earlier animal too much and is itself mostly inside; None when there is no room.

    Args:
        rng: Decides among the places that are free.
        body: Cut to its opaque part.
        owner: (H, W) whose each pixel is, 0 for the ground.
        areas: Pixels that each owner had when laid.
        row: How far down it is to lie, 0 to 1; None for anywhere.
        touching: Whether to lie against an earlier animal where there is one.
    """
    height, width = owner.shape
    for attempt in range(12):
        left = int(rng.integers(-body.width // 5, max(1, width - body.width * 4 // 5)))
        top = int(rng.integers(-body.height // 5, max(1, height - body.height * 4 // 5)))
        if row is not None:
            top = round(
                (height - body.height * 0.6) * row - body.height * 0.2 + float(rng.normal(0, 0.03)) * height
            )
        if touching and attempt < _TOUCHING_TRIES and len(areas) > 1:
            left, top = _beside(rng, body, owner == int(rng.integers(1, len(areas))))
        mask = _solid(body, (left, top), (width, height))
        if mask.sum() < LEAST_VISIBLE * (np.asarray(body.getchannel("A")) > _OPAQUE).sum():
            continue
        left_over = np.bincount(owner[~mask], minlength=len(areas))
        if all(seen >= LEAST_VISIBLE * area for seen, area in zip(left_over[1:], areas[1:], strict=True)):
            return left, top
    return None


def _beside(rng: Generator, body: Image.Image, other: NDArray[np.bool_]) -> tuple[int, int]:
    """Where *body* touches or overlaps the pixels of another."""
    rows, columns = np.nonzero(other)
    way = float(rng.uniform(0, 2 * np.pi))
    apart = float(rng.uniform(0.3, 0.6))
    across = np.cos(way) * apart * (body.width + np.ptp(columns)) / 2
    down = np.sin(way) * apart * (body.height + np.ptp(rows)) / 2
    return (
        round(float(columns.mean() + across * 1.4 - body.width / 2)),
        round(float(rows.mean() + down * 1.4 - body.height / 2)),
    )


def _solid(body: Image.Image, at: tuple[int, int], size: tuple[int, int]) -> NDArray[np.bool_]:
    canvas = Image.new("L", size)
    canvas.paste(body.getchannel("A"), at)
    return np.asarray(canvas) > _OPAQUE


def visible(owner: NDArray[np.int16], species: list[int]) -> tuple[Target, ...]:
    """Boxes of what is seen of each animal: *owner* says whose a pixel is, from 1; 0 is nobody's."""
    return tuple(_boxed(owner, index, species[index]) for index in range(1, len(species)))


def _boxed(owner: NDArray[np.int16], index: int, species: int) -> Target:
    """Box of what is seen of one animal: of the pixels of *owner* that are *index*, of which there is one at least."""
    height, width = owner.shape
    rows, columns = np.nonzero(owner == index)
    left, right = int(columns.min()), int(columns.max()) + 1
    top, bottom = int(rows.min()), int(rows.max()) + 1
    return Target(
        species,
        (left + right) / 2 / width,
        (top + bottom) / 2 / height,
        (right - left) / width,
        (bottom - top) / height,
    )


def _blob(rng: Generator, side: int) -> Image.Image:
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    radii = side / 2 * rng.uniform(0.45, 0.98, angles.size)
    corners = [
        (side / 2 + r * np.cos(a), side / 2 + r * np.sin(a)) for a, r in zip(angles, radii, strict=True)
    ]
    blob = Image.new("L", (side, side))
    ImageDraw.Draw(blob).polygon(corners, fill=255)
    return blob.filter(ImageFilter.GaussianBlur(side / 24))
