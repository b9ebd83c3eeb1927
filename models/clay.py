"""What bodies are moulded from: balls and tapering bones, put on one by one."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.builds import Paint
from models.solids import Floats, Solid

Array = NDArray[np.floating]

# Under this length of its level part a way counts as upright.
_UPRIGHT = 1e-3


@dataclass(slots=True)
class Clay:
    """Ellipsoids as they are put on."""

    centres: list[Array] = field(default_factory=list)
    axes: list[Array] = field(default_factory=list)
    paints: list[int] = field(default_factory=list)
    firm: list[bool] = field(default_factory=list)

    def ball(self, at: Array, axes: Array, paint: Paint, *, firm: bool = False) -> None:
        """Put an ellipsoid with these half axes as columns; *firm* ones carry the body."""
        self.centres.append(at)
        self.axes.append(axes)
        self.paints.append(paint)
        self.firm.append(firm)

    def fired(self, rest: "Clay") -> Solid:
        """The solid, its hide painted where *rest* has the same pieces."""
        return Solid(
            np.asarray(self.centres, np.float32), np.asarray(self.axes, np.float32),
            np.asarray(rest.centres, np.float32), np.asarray(rest.axes, np.float32),
            np.asarray(self.paints, np.int16), np.asarray(self.firm, np.bool_),
        )  # fmt: skip

    def bone(
        self,
        start: Floats,
        way: Floats,
        length: float,
        radii: tuple[float, float],
        paint: Paint,
        pieces: int = 5,
    ) -> Floats:
        """Put a tapering round bone and return its end."""
        side = across(way)
        step = length / (pieces - 1)
        for share in np.linspace(0, 1, pieces):
            radius = radii[0] + (radii[1] - radii[0]) * share
            along = max(radius, 1.9 * step)
            axes = np.stack((way * along, side * radius, crossed(way, side) * radius), axis=1)
            self.ball(start + way * (length * share), axes, paint)
        return start + way * length


def towards(rise: float, turn: float) -> Floats:
    """The unit vector that rises by and turns left by so many degrees from straight ahead."""
    a, b = np.radians(rise), np.radians(turn)
    return np.asarray((np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)), np.float32)


def across(way: Array) -> Floats:
    """The left of *way*, level where that can be told."""
    x, y, _ = way.tolist()
    size = math.hypot(x, y)
    if size < _UPRIGHT:
        return np.asarray((0.0, 1.0, 0.0), np.float32)
    return np.asarray((-y / size, x / size, 0.0), np.float32)


def crossed(one: Array, other: Array) -> Floats:
    """The cross product of two vectors; of numpy's, most of the time goes into shapes."""
    (a, b, c), (d, e, f) = one.tolist(), other.tolist()
    return np.asarray((b * f - c * e, c * d - a * f, a * e - b * d), np.float32)


def rolled(angle: float) -> Floats:
    """Rotation about x."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(((1, 0, 0), (0, c, -s), (0, s, c)), np.float64)
