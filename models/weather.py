"""Light and weather on a photo of a barn: flash at night, low light, lamps and rain.

Each takes an RGB picture and returns one of the same size; the generator given decides everything.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels = NDArray[np.float32]  # (height, width, 3), 0 to 255

# What a grey card looks like under each lamp, red green blue, when the phone does not correct for it.
_LAMPS = {
    "bulb": (1.18, 1.0, 0.72),
    "sodium": (1.22, 0.96, 0.55),
    "tube": (0.92, 1.06, 0.93),
    "heat lamp": (1.35, 0.82, 0.66),
    "dusk": (0.84, 0.96, 1.16),
}
# Grey levels of 255, as a mean over the photo.
_DARKEST_MEAN = 36.0


def by_flash(rng: Generator, photo: Image.Image) -> Image.Image:
    """Night with a flash: what is near and central is bright and burnt out, what is far sinks into the dark.

    The upper part of a photo of a floor is farther away, so the light falls off faster there. Some light is left
    everywhere: an animal that is labelled must still be seen.
    """
    pixels = _pixels(photo)
    across, down = _from(rng.uniform(0.35, 0.65), rng.uniform(0.45, 0.75), photo.size)
    distance = across**2 + np.where(down < 0, 1.5, 0.8) * down**2
    reach = float(rng.uniform(0.45, 0.8))
    left_over = float(rng.uniform(0.1, 0.25))
    light = left_over + float(rng.uniform(0.95, 1.25)) / (1 + distance / reach**2) ** 1.5
    pixels = _still_visible(pixels * light.astype(np.float32)[..., None])
    # What shines back: already bright surfaces near the flash turn white, with no colour left.
    pixels += np.clip(pixels.mean(axis=2, keepdims=True) - 190, 0, None) * float(rng.uniform(0.5, 1.2))
    return _picture(_grainy(rng, pixels, float(rng.uniform(2, 7))))


def in_low_light(rng: Generator, photo: Image.Image) -> Image.Image:
    """Dusk or a barn without lamps: dark, paler in colour, with the grain of a small sensor."""
    pixels = _pixels(photo)
    grey = pixels.mean(axis=2, keepdims=True)
    pixels = grey + (pixels - grey) * float(rng.uniform(0.5, 0.9))
    pixels = 255 * (pixels / 255) ** float(rng.uniform(1.0, 1.4)) * float(rng.uniform(0.35, 0.75))
    return _picture(_grainy(rng, _still_visible(pixels), float(rng.uniform(3, 10))))


def under_lamps(rng: Generator, photo: Image.Image) -> Image.Image:
    """The colour cast of a barn's lamps, corrected by the phone in part."""
    casts = tuple(_LAMPS.values())
    cast = np.asarray(casts[int(rng.integers(len(casts)))], np.float32)
    return _picture(_pixels(photo) * (1 + (cast - 1) * np.float32(rng.uniform(0.3, 0.9))))


def in_rain(rng: Generator, photo: Image.Image) -> Image.Image:
    """Slanting streaks before a paler picture; most times a few drops on the lens, too."""
    width, height = photo.size
    streaks = Image.new("L", photo.size)
    pen = ImageDraw.Draw(streaks)
    slant = float(rng.uniform(-0.35, 0.35))
    for _ in range(int(rng.integers(60, 220))):
        length = float(rng.uniform(0.02, 0.07) * height)
        x, y = float(rng.uniform(0, width)), float(rng.uniform(-length, height))
        pen.line((x, y, x + slant * length, y + length), fill=int(rng.integers(50, 120)))
    veil = float(rng.uniform(0.08, 0.22))  # drops between camera and animal scatter the sky's grey
    pixels = _pixels(photo) * (1 - veil) + 165 * veil
    seen = np.asarray(streaks.filter(ImageFilter.GaussianBlur(0.7)), np.float32)[..., None] / 255
    rained = _picture(pixels + seen * (225 - pixels))
    for _ in range(int(rng.integers(0, 6))):
        rained = _dropped(rng, rained)
    return rained


def _dropped(rng: Generator, photo: Image.Image) -> Image.Image:
    """One drop on the lens: a small blurred picture of what is around it, upside down, with a bright rim."""
    radius = int(rng.uniform(0.02, 0.05) * min(photo.size)) + 2
    x, y = int(rng.integers(0, photo.width)), int(rng.integers(0, photo.height))
    around = photo.crop((x - 3 * radius, y - 3 * radius, x + 3 * radius, y + 3 * radius))
    side = 2 * radius + 1
    within = around.resize((side, side)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    within = within.filter(ImageFilter.GaussianBlur(radius / 5)).point(lambda level: min(255, level + 18))
    shape = Image.new("L", (side, side))
    wobble = int(rng.integers(0, radius // 3 + 1))
    ImageDraw.Draw(shape).ellipse((wobble, 0, side - 1, side - 1), fill=215)
    wet = photo.copy()
    wet.paste(within, (x - radius, y - radius), shape.filter(ImageFilter.GaussianBlur(radius / 7)))
    return wet


def _still_visible(pixels: Pixels) -> Pixels:
    """Keep a photo that was dark before from turning black: on those a count is not relied on anyway."""
    return pixels * max(1.0, _DARKEST_MEAN / max(1.0, float(pixels.mean())))


def grained(rng: Generator, photo: Image.Image, strength: float) -> Image.Image:
    """Add the grain of a small sensor, *strength* grey levels deep."""
    return _picture(_grainy(rng, _pixels(photo), strength))


def _grainy(rng: Generator, pixels: Pixels, strength: float) -> Pixels:
    """Fine grey grain, and coarser blotches of colour where the phone has smoothed it."""
    height, width = pixels.shape[:2]
    grain = rng.standard_normal((height, width, 1), np.float32) * np.float32(strength)
    coarse = rng.normal(0, strength * 12, (height // 6 + 1, width // 6 + 1, 3)) + 128
    blotches = Image.fromarray(np.clip(coarse, 0, 255).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BILINEAR
    )
    return np.asarray(pixels + grain + (np.asarray(blotches, np.float32) - 128) / 24, np.float32)


def _from(x: float, y: float, size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """Distances of all columns and rows from a point, both in halves of the longer side."""
    width, height = size
    half = max(size) / 2
    across = (np.arange(width, dtype=np.float32) - x * width) / half
    down = (np.arange(height, dtype=np.float32) - y * height) / half
    return across[None, :].astype(np.float32), down[:, None].astype(np.float32)


def _pixels(photo: Image.Image) -> Pixels:
    return np.asarray(photo, np.float32).copy()


def _picture(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
