"""People as they get into photos of animals: the boots of whoever takes it, somebody who stands beside it.

Plain silhouettes in plausible colours: enough to say that what is upright, clothed and in boots is no animal.
"""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter

from models.chance import happens

Colour = tuple[int, int, int]
Point = tuple[float, float]

_TROUSERS: tuple[Colour, ...] = ((52, 62, 88), (74, 72, 64), (38, 40, 44), (98, 92, 76), (66, 82, 70))
_COATS: tuple[Colour, ...] = (
    (60, 84, 128),
    (150, 50, 48),
    (90, 98, 92),
    (206, 204, 198),
    (120, 110, 84),
    (44, 52, 60),
)
_BOOTS: tuple[Colour, ...] = ((34, 34, 36), (48, 66, 50), (86, 66, 48), (188, 186, 178))
_SKINS: tuple[Colour, ...] = ((214, 172, 142), (188, 140, 108), (140, 98, 72))


def person(rng: Generator, size: tuple[int, int], at: Point) -> Image.Image:
    """Return an RGBA layer of *size*: boots at the lower edge, or somebody standing with the feet near *at*."""
    layer = Image.new("RGBA", size, (60, 60, 60, 0))
    if happens(rng, 0.35):
        _own_boots(rng, layer, at[0])
    else:
        _standing(rng, layer, at)
    return _shaded(rng, layer)


def _own_boots(rng: Generator, layer: Image.Image, x: float) -> None:
    """Two boots seen from above, toes up, cut off by the lower edge."""
    pen = ImageDraw.Draw(layer)
    boot, cloth = _one_of(rng, _BOOTS), _one_of(rng, _TROUSERS)
    wide = float(rng.uniform(0.06, 0.1)) * layer.width
    long = wide * float(rng.uniform(1.7, 2.3))
    for side in (-1, 1):
        middle = x + side * wide * float(rng.uniform(0.65, 0.95))
        toe = layer.height - long * float(rng.uniform(0.75, 1.1))
        lean = side * wide * 0.15
        pen.ellipse((middle + lean - wide / 2, toe, middle + lean + wide / 2, toe + wide * 1.3), fill=boot)
        pen.polygon(
            (
                (middle + lean - wide / 2, toe + wide * 0.6),
                (middle + lean + wide / 2, toe + wide * 0.6),
                (middle + wide * 0.42, layer.height),
                (middle - wide * 0.42, layer.height),
            ),
            fill=boot,
        )
        cuff = layer.height - long * 0.3
        pen.rounded_rectangle(
            (middle - wide * 0.55, cuff, middle + wide * 0.55, layer.height + wide), wide * 0.3, fill=cloth
        )


def _standing(rng: Generator, layer: Image.Image, at: Point) -> None:
    """Somebody upright, often cut off by the upper edge; feet near *at*."""
    pen = ImageDraw.Draw(layer)
    tall = float(rng.uniform(0.5, 1.5)) * layer.height
    x, ground = at[0], min(at[1] + 0.05 * tall, layer.height * 1.05)
    wide = 0.075 * tall
    boot, cloth = _one_of(rng, _BOOTS), _one_of(rng, _TROUSERS)
    coat, skin = _one_of(rng, _COATS), _one_of(rng, _SKINS)
    hip, shoulder = ground - 0.47 * tall, ground - 0.82 * tall
    stride = float(rng.uniform(0.5, 1.1)) * wide
    for side in (-1, 1):
        foot = x + side * stride
        lift = float(rng.uniform(0, 0.02)) * tall
        pen.polygon(
            (
                (x + side * wide * 0.45 - wide * 0.5, hip),
                (x + side * wide * 0.45 + wide * 0.5, hip),
                (foot + wide * 0.34, ground - lift - 0.04 * tall),
                (foot - wide * 0.34, ground - lift - 0.04 * tall),
            ),
            fill=cloth,
        )
        top = ground - lift - float(rng.uniform(0.1, 0.2)) * tall
        pen.rounded_rectangle(
            (foot - wide * 0.38, top, foot + wide * 0.38, ground - lift), wide * 0.15, fill=boot
        )
        toe = foot + float(rng.uniform(-0.5, 0.7)) * wide
        pen.ellipse(
            (toe - wide * 0.5, ground - lift - wide * 0.45, toe + wide * 0.5, ground - lift), fill=boot
        )
        arm = x + side * wide * float(rng.uniform(1.1, 1.7))
        hand = hip + float(rng.uniform(-0.12, 0.06)) * tall
        pen.line(
            ((x + side * wide * 0.9, shoulder + wide * 0.4), (arm, (hand + shoulder) / 2), (arm, hand)),
            fill=tuple(int(level * 0.85) for level in coat),
            width=max(1, int(wide * 0.5)),
            joint="curve",
        )
        pen.ellipse((arm - wide * 0.22, hand - wide * 0.2, arm + wide * 0.22, hand + wide * 0.4), fill=skin)
    pen.rounded_rectangle((x - wide, shoulder, x + wide, hip + wide * 0.6), wide * 0.45, fill=coat)
    pen.ellipse((x - wide * 0.5, shoulder - wide * 1.5, x + wide * 0.5, shoulder - wide * 0.1), fill=skin)
    pen.chord(
        (x - wide * 0.56, shoulder - wide * 1.65, x + wide * 0.56, shoulder - wide * 0.4), 180, 360, fill=boot
    )


def _shaded(rng: Generator, layer: Image.Image) -> Image.Image:
    """Give cloth its creases and a lit side, and the edges a camera's softness."""
    width, height = layer.size
    cells = rng.integers(108, 150, (height // 9 + 2, width // 14 + 2), dtype=np.uint8)
    creases = np.asarray(Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC), np.float32)
    fall = np.linspace(rng.uniform(0.8, 1.2), rng.uniform(0.8, 1.2), width, dtype=np.float32)[None, :]
    pixels = np.asarray(layer.convert("RGB"), np.float32) * (creases / 128 * fall)[..., None]
    shaded = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).convert("RGBA")
    shaded.putalpha(layer.getchannel("A").filter(ImageFilter.GaussianBlur(0.8)))
    return shaded


def _one_of(rng: Generator, colours: tuple[Colour, ...]) -> Colour:
    red, green, blue = colours[int(rng.integers(len(colours)))]
    shade = float(rng.uniform(0.75, 1.2))
    return min(255, int(red * shade)), min(255, int(green * shade)), min(255, int(blue * shade))
