"""Rendered animals: species, posture and camera in, a cut-out with exact alpha out. No photo is needed for it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from models.blur import softened
from models.bodies import Posture, laid
from models.builds import BUILDS, Build
from models.chance import happens
from models.fowl import laid_bird
from models.hides import Coat, drawn, painted
from models.scenes import Animal
from models.solids import Floats, Sight, Solid, camera, look, resting
from models.species import SPECIES

# Rays per pixel and direction; colours and alpha are their mean. Of large bodies one ray shows enough.
_RAYS: Final = 2
_LARGE: Final = 240  # pixels per trunk length
# What stands this far in front, in trunk lengths, is taken to hang free and to let light through beneath.
_THICKEST: Final = 0.5
_POSTURES: Final = (Posture.FLAT, Posture.BREAST, Posture.BACK, Posture.STANDING)


@dataclass(frozen=True, slots=True)
class Light:
    """One sun or lamp and the light from all around, for every body of a scene."""

    towards: tuple[float, float, float]  # unit vector in the world, from the ground to the light
    direct: float  # share of the light that has a direction, 0 to 1
    strength: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A body as one camera sees it: all arrays (H, W), rows downwards."""

    colours: Floats  # (H, W, 3), 0 to 255
    alpha: Floats  # 0 to 1: the share of the pixel's rays that met the body
    depth: Floats  # towards the camera, trunk lengths from the body's origin
    left: int  # column of the picture's left edge from where the origin is seen
    top: int


@dataclass(frozen=True, slots=True)
class Beast:
    """One individual: its body at rest on the ground, and its coat."""

    species: str
    solid: Solid
    coat: Coat
    length_m: float


def light(rng: Generator, *, outdoors: bool | None = None) -> Light:
    """Draw a light: sun or overcast sky outdoors, lamps from above indoors."""
    sunny = happens(rng, 0.5) if outdoors is None else outdoors and happens(rng, 0.6)
    height = np.radians(rng.uniform(28, 70) if sunny else rng.uniform(60, 88))
    turn = float(rng.uniform(0, 2 * np.pi))
    warm = float(rng.normal(0, 0.05))
    return Light(
        (float(np.cos(height) * np.cos(turn)), float(np.cos(height) * np.sin(turn)), float(np.sin(height))),
        float(rng.uniform(0.5, 0.75) if sunny else rng.uniform(0.2, 0.45)),
        float(rng.uniform(0.72, 1.05)),
        (1 + warm, 1.0, 1 - warm),
    )


def beast(
    rng: Generator,
    species: str,
    *,
    posture: Posture | None = None,
    coat: Coat | None = None,
    young: float = 0.0,
) -> Beast:
    """Draw one individual of *species*.

    Args:
        rng: Decides pose, proportions and marks.
        species: One of models/species.py.
        posture: None draws one, lying mostly on the side.
        coat: None draws one.
        young: 0 for grown, 1 for a newborn: shorter, leaner, with long legs and a large head.
    """
    if posture is None:
        posture = _POSTURES[int(rng.choice(4, p=(0.56, 0.26, 0.04, 0.14)))]
    coat = coat or drawn(rng, species)
    if species == "poultry":
        return Beast(species, laid_bird(rng, posture), coat, 0.3 * (1 - 0.6 * young))
    build = BUILDS[species]
    horned = {"cattle": 0.35, "goat": 0.6, "sheep": 0.15}.get(species, 0.0)
    horns = float(rng.uniform(0.12, 0.3)) if happens(rng, horned * (1 - min(1.0, 3 * young))) else 0.0
    solid = laid(rng, individual(rng, build, young), posture, horns=horns)
    return Beast(species, solid, coat, build.length_m * (1 - 0.62 * young))


def individual(rng: Generator, build: Build, young: float) -> Build:
    """Vary girth, legs and head as individuals and ages differ."""
    girth = float(rng.normal(1, 0.07)) * (1 - 0.12 * young)
    legs = float(rng.normal(1, 0.05)) * (1 + 0.25 * young)
    return Build(
        length_m=build.length_m,
        trunk=tuple((share, width * girth, top, bottom * girth) for share, width, top, bottom in build.trunk),
        fore=_times(build.fore, legs),
        hind=_times(build.hind, legs),
        thickness=build.thickness,
        haunch=build.haunch * girth,
        neck=build.neck,
        carriage=build.carriage,
        nod=build.nod,
        head=build.head * (1 + 0.22 * young) * float(rng.normal(1, 0.04)),
        face=build.face,
        tail=build.tail,
        tuft=build.tuft,
        mane=build.mane,
        wool=build.wool * (1 - 0.6 * young) * float(rng.choice((0.4, 1.0, 1.3))),
        udder=float(rng.uniform(0.8, 1.3)) if build.tuft and not build.mane and happens(rng, 0.35) else 0.0,
    )


def _times(lengths: tuple[float, float, float], factor: float) -> tuple[float, float, float]:
    return lengths[0] * factor, lengths[1] * factor, lengths[2] * factor


def portrait(
    rng: Generator,
    subject: Solid,
    coat: Coat | None,
    view: Floats,
    lit: Light,
    scale: float,
    *,
    buried: bool = True,
) -> Portrait | None:
    """Render a solid that stands on height 0.

    Args:
        rng: Decides the individual's marks and the grain of its coat.
        subject: In trunk lengths, turned as it lies.
        coat: Colours of the hide; None shows bare grey.
        view: Rows right, up, towards the camera (models.solids.camera).
        lit: Where the light comes from.
        scale: Pixels per trunk length.
        buried: Whether what lies under height 0 is hidden.
    """
    rays = _RAYS if scale < _LARGE else 1
    sight = look(subject, view, scale * rays, floor=0.0 if buried else None)
    if sight is None:
        return None
    points = resting(subject, sight, view, scale * rays)
    paints = subject.paints[sight.owner[sight.inside]]
    albedo = painted(rng, coat, points, paints) if coat else np.full((len(points), 3), 128, np.float32)
    shade = _shade(rng, sight, view, lit, scale * rays)[sight.inside]
    glow = (np.clip(albedo, 4, 250) / 255) ** 2.2 * shade[:, None] * np.asarray(lit.tint, np.float32)
    colours = np.zeros((*sight.inside.shape, 3), np.float32)
    colours[sight.inside] = 255 * np.clip(glow * lit.strength, 0, 1) ** (1 / 2.2)
    return _gathered(sight, colours, rays)


def _shade(rng: Generator, sight: Sight, view: Floats, lit: Light, scale: float) -> Floats:
    """Light that each pixel sends back, 1 for a white surface that faces the light."""
    to_light = view @ np.asarray(lit.towards, np.float32)
    up = view @ np.asarray((0, 0, 1), np.float32)
    normals = sight.normals + rng.normal(0, 0.06, (*sight.inside.shape, 1)).astype(np.float32)
    facing = np.clip((normals @ to_light + 0.15) / 1.15, 0, 1)
    sky = 0.62 + 0.38 * (normals @ up)
    # Half as fine: what is averaged over the rays of a pixel anyway.
    fall = np.where(sight.inside, sight.depth, sight.depth[sight.inside].min())[::_RAYS, ::_RAYS]
    open_ = np.ones_like(fall)
    for reach in (0.05, 0.14):
        deeper = softened(fall, max(1, round(reach * scale / _RAYS))) - fall
        open_ -= 0.5 * np.clip(deeper / (reach * 1.6), 0, 0.8)
    lit_up = 1 - 0.8 * _shadow(fall, to_light, scale / _RAYS)
    height, width = sight.inside.shape
    around, straight = (
        np.repeat(np.repeat(field, _RAYS, axis=0), _RAYS, axis=1)[:height, :width]
        for field in (np.clip(open_, 0.25, 1), lit_up)
    )
    return np.asarray(
        (1 - lit.direct) * sky * around * 1.05 + lit.direct * facing * straight * 1.25, np.float32
    )


def _shadow(depth: Floats, to_light: Floats, scale: float) -> Floats:
    """1 where the body itself stands between a pixel and the light, found by walking over the depth map."""
    dark = np.zeros_like(depth)
    for step in (0.04, 0.08, 0.13, 0.19, 0.27, 0.37, 0.5):
        along = round(float(to_light[0]) * step * scale), round(float(-to_light[1]) * step * scale)
        over = _shifted(depth, along) - (depth + float(to_light[2]) * step)
        np.maximum(dark, np.clip(over * 14 - 0.25, 0, 1) * (over < _THICKEST), out=dark)
    return softened(dark, max(1, round(0.012 * scale)))


def _shifted(field: Floats, by: tuple[int, int]) -> Floats:
    """The field as seen *by* columns and rows further on; the lowest value where that is outside."""
    out = np.full_like(field, field.min())
    (dx, dy), (height, width) = by, field.shape
    if abs(dx) < width and abs(dy) < height:
        out[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)] = field[
            max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)
        ]
    return out


def _gathered(sight: Sight, colours: Floats, rays: int) -> Portrait:
    """Average the rays of each pixel of the picture."""
    left, top = int(np.floor(sight.left / rays)), int(np.floor(sight.top / rays))
    before = int(sight.top - top * rays), int(sight.left - left * rays)
    height, width = sight.inside.shape
    pad = (before[0], -(height + before[0]) % rays), (before[1], -(width + before[1]) % rays)

    def mean(field: Floats | NDArray[np.bool_]) -> Floats:
        padded = np.pad(field.astype(np.float32), (*pad, *((0, 0),) * (field.ndim - 2)))
        rows, columns = padded.shape[0] // rays, padded.shape[1] // rays
        return np.asarray(
            padded.reshape(rows, rays, columns, rays, *padded.shape[2:]).mean(axis=(1, 3)), np.float32
        )

    alpha = mean(sight.inside)
    share = np.maximum(alpha, 1e-6)
    if rays == 1:  # one ray knows no half pixels: soften the edge inwards
        alpha = alpha * np.minimum(1, 1.25 * softened(alpha, 1))
    met = mean(colours) / share[..., None], mean(sight.depth * sight.inside) / share
    return Portrait(np.asarray(met[0], np.float32), alpha, np.asarray(met[1], np.float32), left, top)


def animal(
    rng: Generator,
    species: str,
    *,
    elevation: float | None = None,
    posture: Posture | None = None,
    side: int = 190,
    lit: Light | None = None,
) -> Animal:
    """Render one animal as a cut-out for ``scenes.compose``.

    Args:
        rng: The same state gives the same bytes.
        species: One of models/species.py.
        elevation: Degrees by which the camera looks down, 90 from straight above; None draws one.
        posture: None draws one.
        side: About how long the longer side becomes, pixels.
        lit: None draws a light.
    """
    if elevation is None:
        elevation = 90 - float(abs(rng.normal(0, 10))) if happens(rng, 0.4) else float(rng.uniform(8, 75))
    made = beast(rng, species, posture=posture, young=float(rng.choice((0.0, 0.3, 0.8), p=(0.6, 0.25, 0.15))))
    view = camera(np.radians(elevation), float(rng.uniform(0, 2 * np.pi)))
    lit = lit or light(rng)
    spread = made.solid.centres @ view[:2].T
    long = float((spread.max(axis=0) - spread.min(axis=0)).max()) + 0.25
    seen = portrait(rng, made.solid, made.coat, view, lit, side / long)
    if seen is None:  # cannot be: the trunk lies on the ground, not under it
        raise ValueError(f"nothing is seen of the {species}")
    return Animal(picture(seen), SPECIES.index(species))


def picture(seen: Portrait) -> Image.Image:
    """The portrait as an RGBA image, cropped to its opaque part."""
    layers = np.concatenate((seen.colours, seen.alpha[..., None] * 255), axis=2)
    whole = Image.fromarray(np.clip(np.rint(layers), 0, 255).astype(np.uint8), "RGBA")
    return whole.crop(whole.getchannel("A").getbbox())
