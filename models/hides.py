"""Hides: which colour a point of the resting body has. Drawn once for an animal, then a function of place and paint."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.builds import Paint
from models.chance import happens
from models.solids import Floats

Colour = tuple[int, int, int]  # sRGB, 0 to 255


@dataclass(frozen=True, slots=True)
class Coat:
    """A breed's colours. *marks* is where the second colour goes; *cover* how much of the body it takes."""

    name: str
    hide: Colour
    second: Colour | None = None
    marks: str = "patches"  # patches, spots, flecks, belt, ends, front, belly, back
    cover: float = 0.5
    face: Colour | None = None
    leg: Colour | None = None
    ear: Colour | None = None
    nose: Colour = (60, 45, 45)
    hoof: Colour = (60, 52, 45)
    hair: Colour | None = None
    variation: float = 0.12


COATS: Final[dict[str, tuple[Coat, ...]]] = {
    "cattle": (
        Coat(
            "holstein",
            (236, 230, 220),
            (28, 26, 27),
            "patches",
            0.55,
            face=(36, 32, 32),
            leg=(226, 220, 210),
            ear=(30, 28, 28),
            hair=(220, 214, 205),
        ),
        Coat(
            "holstein-dark",
            (28, 26, 27),
            (232, 226, 216),
            "patches",
            0.3,
            face=(30, 28, 28),
            leg=(215, 208, 198),
            hair=(210, 205, 195),
        ),
        Coat(
            "red-holstein",
            (236, 226, 212),
            (128, 70, 46),
            "patches",
            0.55,
            face=(128, 70, 46),
            leg=(226, 216, 202),
        ),
        Coat(
            "yellow", (178, 128, 82), (222, 186, 140), "belly", 0.35, nose=(150, 110, 95), hair=(120, 76, 44)
        ),
        Coat("brown", (112, 78, 56), (160, 124, 94), "belly", 0.3, hair=(40, 30, 26)),
        Coat(
            "simmental",
            (182, 130, 86),
            (240, 228, 208),
            "patches",
            0.3,
            face=(240, 230, 214),
            leg=(232, 218, 198),
            nose=(190, 140, 120),
        ),
        Coat("black", (32, 29, 29), variation=0.2),
        Coat("red", (116, 64, 42), nose=(140, 100, 85)),
        Coat("grey", (150, 144, 136), (104, 100, 96), "belly", 0.3, face=(120, 114, 108)),
    ),
    "pig": (
        Coat(
            "white",
            (232, 182, 164),
            nose=(214, 140, 130),
            ear=(222, 158, 142),
            hoof=(150, 120, 100),
            variation=0.07,
        ),
        Coat(
            "pale",
            (238, 208, 184),
            nose=(222, 160, 145),
            ear=(228, 182, 160),
            hoof=(160, 130, 110),
            variation=0.07,
        ),
        Coat(
            "pink",
            (226, 160, 146),
            nose=(208, 126, 120),
            ear=(218, 142, 130),
            hoof=(150, 118, 100),
            variation=0.08,
        ),
        Coat("duroc", (132, 84, 60), nose=(120, 76, 62), hoof=(60, 46, 40)),
        Coat("black", (48, 44, 46), nose=(70, 56, 56), variation=0.25),
        Coat("berkshire", (42, 38, 40), leg=(222, 196, 180), nose=(205, 150, 138), variation=0.2),
        Coat("spotted", (228, 184, 166), (48, 42, 42), "spots", 0.3, nose=(205, 140, 130)),
        Coat("two-coloured", (228, 186, 168), (42, 38, 40), "ends", 0.5, face=(44, 40, 42), ear=(44, 40, 42)),
        Coat("belted", (44, 40, 42), (228, 186, 170), "belt", 0.3, nose=(90, 70, 68)),
    ),
    "sheep": (
        Coat(
            "white",
            (222, 212, 190),
            face=(226, 216, 200),
            leg=(214, 204, 186),
            ear=(224, 206, 188),
            nose=(150, 116, 108),
        ),
        Coat(
            "dirty",
            (182, 166, 138),
            face=(206, 194, 174),
            leg=(190, 178, 158),
            ear=(196, 180, 160),
            nose=(120, 96, 88),
        ),
        Coat("dark-faced", (214, 202, 178), face=(44, 40, 38), leg=(50, 45, 42), ear=(44, 40, 38)),
        Coat("brown", (104, 74, 54), face=(74, 54, 42), leg=(70, 52, 42), ear=(74, 54, 42)),
        Coat("black", (52, 46, 44), face=(40, 36, 36), leg=(40, 36, 36), ear=(40, 36, 36)),
        Coat("fat-tailed", (216, 206, 184), face=(130, 84, 54), leg=(196, 180, 156), ear=(120, 80, 52)),
    ),
    "goat": (
        Coat("white", (236, 230, 218), nose=(200, 160, 148), hair=(228, 222, 208)),
        Coat(
            "boer",
            (234, 224, 208),
            (146, 78, 46),
            "front",
            0.5,
            face=(146, 78, 46),
            ear=(140, 74, 44),
            hair=(140, 80, 50),
        ),
        Coat("black", (40, 36, 36), variation=0.25),
        Coat("brown", (132, 88, 56), (44, 36, 32), "back", 0.3, leg=(52, 42, 36), hair=(50, 40, 34)),
        Coat("pied", (228, 220, 206), (60, 48, 42), "patches", 0.5),
        Coat("grey", (140, 132, 124), (84, 78, 74), "back", 0.4, face=(96, 90, 86), leg=(80, 74, 70)),
    ),
    "horse": (
        Coat("bay", (122, 70, 40), leg=(40, 32, 30), hair=(28, 24, 24)),
        Coat("chestnut", (152, 84, 46), hair=(140, 84, 50)),
        Coat("black", (40, 35, 35), hair=(24, 22, 22), variation=0.22),
        Coat("grey", (186, 182, 176), (130, 128, 126), "spots", 0.35, hair=(160, 156, 150)),
        Coat("pinto", (232, 226, 216), (112, 64, 38), "patches", 0.5, face=(112, 64, 38), hair=(60, 44, 36)),
    ),
    "poultry": (
        Coat("white", (232, 226, 212), hair=(226, 220, 206), variation=0.07),
        Coat("brown", (146, 92, 58), hair=(106, 66, 44), second=(168, 116, 80), marks="flecks", cover=0.4),
        Coat("black", (42, 42, 48), hair=(32, 40, 44), variation=0.25),
        Coat("speckled", (200, 196, 188), (70, 68, 68), "flecks", 0.5, hair=(70, 68, 66)),
        Coat("yellow", (200, 164, 112), hair=(104, 74, 50)),
    ),
}

_FIXED: Final[dict[Paint, Colour]] = {
    Paint.EYE: (26, 22, 22), Paint.HORN: (190, 176, 148), Paint.UDDER: (222, 168, 156),
    Paint.COMB: (188, 34, 34), Paint.BEAK: (214, 164, 72), Paint.FOOT: (206, 160, 78), Paint.TAG: (222, 188, 40),
}  # fmt: skip
_PALE: Final = 130  # mean from which a skin shows what is under it
_DIRT: Final = np.asarray((96, 74, 54), np.float32)


def drawn(rng: Generator, species: str) -> Coat:
    """Draw a breed's coat. Pigs of most farms are white, so half of all pigs are."""
    coats = COATS[species]
    if species == "pig" and happens(rng, 0.6):
        return coats[int(rng.integers(3))]
    return coats[int(rng.integers(len(coats)))]


def cloud(rng: Generator, points: Floats, wavelength: float, waves: int = 6) -> NDArray[np.float32]:
    """Smooth noise over (K, 3) points, about -1 to 1, made of plane waves around *wavelength*."""
    ways = rng.normal(0, 1, (3, waves))
    ways *= 2 * np.pi / wavelength / np.linalg.norm(ways, axis=0) * rng.uniform(0.6, 1.5, waves)
    phases = rng.uniform(0, 2 * np.pi, waves)
    total = np.zeros(len(points), np.float32)
    x, y, z = np.ascontiguousarray(points.T)
    for (a, b, c), phase in zip(ways.T.tolist(), phases.tolist(), strict=True):
        total += np.cos(x * a + y * b + z * c + phase)
    return total / np.float32(np.sqrt(2 * waves))


def painted(rng: Generator, coat: Coat, points: Floats, paints: NDArray[np.int16]) -> Floats:
    """Colours (K, 3), 0 to 255, of K points of the resting body, a new individual each time."""
    colours = np.empty((len(points), 3), np.float32)
    tint = 1 + rng.normal(0, 0.05, 3).astype(np.float32) * 0.5 + np.float32(rng.normal(0, 0.06))
    colours[:] = coat.hide
    hide = np.isin(paints, (Paint.HIDE, Paint.WING))
    marked = _marks(rng, coat, points)
    if coat.second is not None:
        legs = (paints == Paint.LEG) & (coat.leg is None)
        face = (paints == Paint.FACE) & (coat.face is None)
        colours[(hide | legs | face) & marked] = coat.second
    for paint, colour in (
        (Paint.FACE, coat.face), (Paint.LEG, coat.leg), (Paint.EAR, coat.ear or coat.face), (Paint.NOSE, coat.nose),
        (Paint.HOOF, coat.hoof), (Paint.HAIR, coat.hair),
    ):  # fmt: skip
        if colour is not None:
            colours[paints == paint] = colour
    shade = 1 + coat.variation * (cloud(rng, points, 0.5) * 0.7 + cloud(rng, points, 0.06, 8) * 0.4)
    colours *= shade[:, None] * tint
    colours += (colours.mean(axis=1, keepdims=True) - colours) * 0.25  # hair is greyer than a dyed surface
    for paint, colour in _FIXED.items():
        colours[paints == paint] = colour
    return _dirtied(rng, points, colours, sprayed=coat in COATS["pig"])


def _marks(rng: Generator, coat: Coat, points: Floats) -> NDArray[np.bool_]:
    x, z = points[:, 0], points[:, 2]
    ragged = cloud(rng, points, 0.16) * 0.05
    match coat.marks:
        case "belt":
            at = float(rng.normal(0.72, 0.08))
            return np.abs(x - at + ragged) < coat.cover * 0.5
        case "ends":
            near, far = float(rng.normal(0.16, 0.06)), float(rng.normal(0.86, 0.08))
            return (x + ragged < near) | (x + ragged > far)
        case "front":
            return x + ragged > float(rng.normal(1.02, 0.08))
        case "belly":
            return z + ragged < -0.3 + coat.cover * 0.35
        case "back":
            return z + ragged > 0.25 - coat.cover * 0.3
        case "spots":
            return cloud(rng, points, 0.22, 10) > 0.75 - 1.2 * coat.cover
        case "flecks":
            return cloud(rng, points, 0.07, 10) > 0.75 - 1.2 * coat.cover
        case _:
            return cloud(rng, points, 0.6, 8) > 0.62 - 1.24 * coat.cover + float(rng.normal(0, 0.12))


def _dirtied(rng: Generator, points: Floats, colours: Floats, *, sprayed: bool) -> Floats:
    """Mud on belly and legs, sometimes all over; and, now and then, the sprayed mark of a farm."""
    much = float(rng.choice((0.0, 0.25, 0.5, 0.85), p=(0.2, 0.35, 0.3, 0.15)))
    low = np.clip((0.05 - points[:, 2]) * 1.6, 0, 1)
    mud = (
        np.clip(cloud(rng, points, 0.35) * 0.7 + cloud(rng, points, 0.09, 8) * 0.4 + low - 0.55, 0, 1) * much
    )
    colours = colours * (1 - mud[:, None]) + _DIRT * mud[:, None]
    if sprayed and colours.mean() > _PALE and happens(rng, 0.2):  # blood settles in the skin of the dead
        livid = np.clip(cloud(rng, points, 0.3) * 0.5 - 0.12, 0, 0.35)[:, None]
        colours = colours * (1 - livid) + np.asarray((150, 92, 110), np.float32) * livid
    if sprayed and happens(rng, 0.15):
        spray = np.asarray(
            ((196, 60, 120), (60, 110, 190), (60, 170, 110), (200, 50, 40))[int(rng.integers(4))]
        )
        at = np.asarray((float(rng.uniform(0.2, 0.85)), float(rng.normal(0, 0.12)), 0.25))
        near = ((points - at) ** 2 * (1, 2, 1)).sum(axis=1) + cloud(rng, points, 0.1) * 0.004
        share = np.clip(1 - near / float(rng.uniform(0.006, 0.03)), 0, 0.75)[:, None]
        colours = colours * (1 - share) + spray * share
    return np.asarray(colours, np.float32)
