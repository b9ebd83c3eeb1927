"""A scene being painted: what every pixel shows, how far it is, and whose it is; shadows come last, from the depths."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.blur import softened
from models.solids import Floats, camera

GROUND, PROP = 0, -1  # owners of pixels that show no animal
_SHOULDER = 190  # of 255: from here on the sensor saturates
_TOO_NEAR = 0.05  # metres before the eye
_UP = 2  # index of the upright axis
# Boards of a wall: joints a metre, and the share of a board that is joint.
_BOARDS, _JOINT = 6.3, 0.12
OPAQUE = 0.5  # alpha from which a pixel belongs to the body


@dataclass(frozen=True, slots=True)
class Lens:
    """A pinhole camera that looks at the world's origin, the ground being height 0; metres and pixels."""

    view: Floats  # rows right, up, towards the camera
    eye: Floats
    focal: float
    width: int
    height: int
    rays: Floats  # directions (H, W, 3) of all pixels, as far as 1 along the axis

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Pixels (K, 2) and distances along the axis (K,) of (K, 3) points; a distance below 0 is behind the eye."""
        seen = np.asarray((points - self.eye) @ self.view.T, np.float32)
        away = -seen[:, 2]
        scale = self.focal / np.maximum(away, 1e-3)
        pixels = self.width / 2 + seen[:, 0] * scale, self.height / 2 - seen[:, 1] * scale
        return np.asarray(np.stack(pixels, axis=1), np.float32), away


def lens(size: tuple[int, int], *, elevation: float, span_m: float, field: float) -> Lens:
    """Stand so that *span_m* at the origin fills the picture's shorter side.

    Args:
        size: Width and height, pixels.
        elevation: Degrees by which the camera looks down, 90 from straight above.
        span_m: Metres.
        field: Focal length as a share of the shorter side: 0.6 is wide, 1.5 narrow.
    """
    width, height = size
    view = camera(np.radians(elevation), -np.pi / 2)
    focal = field * min(size)
    xs = (np.arange(width) + 0.5 - width / 2) / focal
    ys = (height / 2 - np.arange(height) - 0.5) / focal
    rays = xs[None, :, None] * view[0] + ys[:, None, None] * view[1] - view[2]
    return Lens(view, view[2] * np.float32(span_m * field), focal, width, height, rays.astype(np.float32))


@dataclass(slots=True)
class Canvas:
    """Pictures as arrays (H, W): colours 0 to 255, distance along the axis in metres, owner of each pixel."""

    lens: Lens
    colours: Floats
    away: Floats
    owner: NDArray[np.int16]

    def copy(self) -> "Canvas":
        """The same scene, to be painted further."""
        return Canvas(self.lens, self.colours.copy(), self.away.copy(), self.owner.copy())

    def window(
        self, colours: Floats, alpha: Floats, away: Floats, left: int, top: int
    ) -> tuple[tuple[slice, slice], Floats, Floats, Floats] | None:
        """The part of a layer that is inside the picture and in front of what is there; alpha 0 where it is hidden."""
        rows = slice(max(0, top), min(self.lens.height, top + alpha.shape[0]))
        columns = slice(max(0, left), min(self.lens.width, left + alpha.shape[1]))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        part = (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
        front = np.where(away[part] < self.away[rows, columns], alpha[part], 0)
        return (rows, columns), colours[part], front, away[part]

    def lay(
        self, place: tuple[slice, slice], colours: Floats, alpha: Floats, away: Floats, owner: int
    ) -> None:
        """Paint a layer that ``window`` has cut."""
        share = alpha[..., None]
        self.colours[place] = self.colours[place] * (1 - share) + colours * share
        solid = alpha > OPAQUE
        self.away[place][solid] = away[solid]
        self.owner[place][solid] = owner

    def block(
        self,
        low: tuple[float, float, float],
        high: tuple[float, float, float],
        colour: Floats,
        to_light: Floats,
    ) -> None:
        """Paint a cuboid with level and upright sides: a wall, a rail, a trough."""
        corners = (
            np.stack(np.meshgrid(*zip(low, high, strict=True)), axis=-1).reshape(-1, 3).astype(np.float32)
        )
        pixels, away = self.lens.project(corners)
        if away.min() < _TOO_NEAR:
            rows, columns = slice(0, self.lens.height), slice(0, self.lens.width)
        else:
            (left, top), (right, bottom) = np.floor(pixels.min(axis=0)), np.ceil(pixels.max(axis=0))
            rows = slice(max(0, int(top)), min(self.lens.height, max(0, int(bottom))))
            columns = slice(max(0, int(left)), min(self.lens.width, max(0, int(right))))
        ways = self.lens.rays[rows, columns]
        if ways.size == 0:
            return
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = (np.asarray(low) - self.lens.eye) / ways, (np.asarray(high) - self.lens.eye) / ways
        enters, leaves = np.minimum(one, other), np.maximum(one, other)
        near, far = np.nanmax(enters, axis=2), np.nanmin(leaves, axis=2)
        hit = (near < far) & (near > _TOO_NEAR)
        side = np.argmax(enters, axis=2)
        sign = -np.sign(np.take_along_axis(ways, side[..., None], axis=2)[..., 0])
        facing = np.clip(sign * to_light[side], 0, 1)
        shade = 0.55 + 0.15 * (side == _UP) * sign + 0.45 * facing
        at = self.lens.eye + ways * near[..., None]
        boards = 1 - 0.12 * (np.modf(np.abs(at[..., 2] + at[..., 1] * (side == _UP)) * _BOARDS)[0] < _JOINT)
        place = rows, columns
        found = self.window(
            colour * (shade * boards)[..., None],
            hit.astype(np.float32),
            near.astype(np.float32),
            columns.start,
            rows.start,
        )
        if found is not None:
            self.lay(place, *found[1:], PROP)

    def shadowed(self, to_light: Floats, direct: float, reach_m: float) -> Floats:
        """The colours with the shadows that things throw on the ground and on each other.

        Args:
            to_light: Unit vector in the world.
            direct: Share of the light that has a direction.
            reach_m: Height of what stands about.
        """
        way = self.lens.view @ to_light
        rows, columns = np.mgrid[0 : self.lens.height : 2, 0 : self.lens.width : 2]
        away, owner = self.away[::2, ::2], self.owner[::2, ::2]
        scale = self.lens.focal / away / 2
        dark = np.zeros_like(away)
        contact = np.zeros_like(away)
        up = self.lens.view[:, 2]
        for share in (0.03, 0.07, 0.12, 0.18, 0.26, 0.36, 0.5, 0.7, 0.95):
            for out, (x, y, z) in ((dark, way.tolist()), (contact, up.tolist())):
                step = share * reach_m * 1.6
                r = np.clip((rows // 2 - y * step * scale).astype(np.intp), 0, away.shape[0] - 1)
                c = np.clip((columns // 2 + x * step * scale).astype(np.intp), 0, away.shape[1] - 1)
                over = (away - z * step) - away[r, c]
                hides = np.clip(over / (0.05 * reach_m), 0, 1) * (over < reach_m) * (owner[r, c] != owner)
                np.maximum(out, hides * (1 if out is dark else 1 - share), out=out)
        near = softened(away, max(2, round(0.07 * reach_m * float(np.median(scale)))))
        crease = np.clip((away - near) / (0.25 * reach_m), 0, 1) * (away - near < 0.6 * reach_m)
        dark = softened(dark, max(1, round(0.03 * reach_m * float(np.median(scale)))))
        crease = softened(crease.astype(np.float32), 1) * float(np.clip(up[2], 0.25, 1))
        light = (1 - direct * 0.85 * dark) * (1 - 0.3 * crease) * (1 - 0.35 * softened(contact, 2))
        full = np.repeat(np.repeat(light, 2, axis=0), 2, axis=1)[: self.lens.height, : self.lens.width]
        return np.asarray(self.colours * softened(full.astype(np.float32), 1)[..., None], np.float32)


def lamp(rng: Generator, colours: Floats) -> Floats:
    """Light that falls off from under a lamp, so strong there that white washes out, and dim in the corners."""
    height, width = colours.shape[:2]
    x, y = rng.uniform(0.2, 0.8, 2) * (width, height)
    reach = float(rng.uniform(0.3, 0.9)) * max(width, height)
    away = ((np.arange(width) - x) / reach)[None, :] ** 2 + ((np.arange(height) - y) / reach)[:, None] ** 2
    low, high = float(rng.uniform(0.4, 0.95)), float(rng.uniform(1.0, 1.4))
    return np.asarray(colours * (low + (high - low) * np.exp(-away))[..., None], np.float32)


def grain(rng: Generator, colours: Floats, strength: float) -> Floats:
    """What the sensor does: bright light saturates softly, and noise is added."""
    over = np.maximum(colours - _SHOULDER, 0)
    colours = np.minimum(colours, _SHOULDER) + (255 - _SHOULDER) * (1 - np.exp(-over / (255 - _SHOULDER)))
    noise = rng.normal(0, strength, (*colours.shape[:2], 1)).astype(np.float32)
    return np.asarray(np.clip(colours + noise, 0, 255), np.float32)
