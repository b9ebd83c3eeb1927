"""Bodies as blended ellipsoids, and what a distant camera sees of them: depth, normals, and which part.

The camera is parallel over one body: rays through all pixels have one direction. Where a ray enters an ellipsoid is
then a closed formula, and only the ellipsoid's own pixels are touched. Depths are blended by log-sum-exp, so that
parts flow into each other as flesh does.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# How far apart, as a share of the unit length, two surfaces still flow into each other.
_BLEND = 0.02


@dataclass(frozen=True, slots=True)
class Solid:
    """N ellipsoids: points ``centre + axes @ s`` with |s| = 1; axes are columns as long as the half axis.

    ``rest_centres`` and ``rest_axes`` are the same ellipsoids in the resting pose: a hide is painted there, so that it
    goes along with the limb. ``paints`` says which kind of surface (models/hides.py), ``firm`` which ellipsoids carry
    the body on the ground.
    """

    centres: Floats  # (N, 3)
    axes: Floats  # (N, 3, 3)
    rest_centres: Floats
    rest_axes: Floats
    paints: NDArray[np.int16]  # (N,)
    firm: NDArray[np.bool_]  # (N,)

    def lowest(self) -> float:
        """Height of the lowest point of the firm ellipsoids."""
        reach = np.sqrt((self.axes[:, 2, :] ** 2).sum(axis=1))
        return float((self.centres[:, 2] - reach)[self.firm].min())

    def moved(self, turn: Floats, by: Floats, scale: float = 1.0) -> "Solid":
        """Return the solid turned by the (3, 3) rotation, scaled, then shifted."""
        return replace(
            self,
            centres=(self.centres @ turn.T * scale + by).astype(np.float32),
            axes=(turn @ self.axes * scale).astype(np.float32),
        )


@dataclass(frozen=True, slots=True)
class Sight:
    """What the camera sees on (H, W) pixels; normals in camera axes: right, up, towards the camera."""

    inside: NDArray[np.bool_]
    depth: Floats  # towards the camera, in units of the solid, 0 at its origin
    normals: Floats  # (H, W, 3)
    owner: NDArray[np.int16]  # index of the ellipsoid in front
    left: float  # camera coordinate of the first column's left edge, in pixels from the origin
    top: float  # the same for rows, downwards


def camera(elevation: float, azimuth: float) -> Floats:
    """Rows right, up, towards the camera, for one that stands at *azimuth* and looks down by *elevation* (radians)."""
    ce, se, ca, sa = np.cos(elevation), np.sin(elevation), np.cos(azimuth), np.sin(azimuth)
    towards = (ce * ca, ce * sa, se)
    right = (-sa, ca, 0.0)
    up = (-se * ca, -se * sa, ce)
    return np.asarray((right, up, towards), np.float32)


def look(solid: Solid, view: Floats, pixels_per_unit: float, *, floor: float | None = None) -> Sight | None:
    """Cast parallel rays at *solid*.

    Args:
        solid: In units of its own; the blend is relative to one unit.
        view: Rows right, up, towards the camera.
        pixels_per_unit: Scale of the picture.
        floor: What lies under this height is buried and not seen.

    Returns:
        The sight, or None when nothing is seen.
    """
    centres, axes = solid.centres @ view.T, view @ solid.axes
    spread = axes @ axes.transpose(0, 2, 1)  # (N, 3, 3)
    reach = np.sqrt(spread[:, (0, 1), (0, 1)])
    low, high = (centres[:, :2] - reach).min(axis=0), (centres[:, :2] + reach).max(axis=0)
    left, bottom = np.floor(low * pixels_per_unit) - 1
    right, top = np.ceil(high * pixels_per_unit) + 1
    width, height = int(right - left), int(top - bottom)
    xs = ((np.arange(width) + 0.5 + left) / pixels_per_unit).astype(np.float32)
    ys = ((top - np.arange(height) - 0.5) / pixels_per_unit).astype(np.float32)
    weights = np.zeros((height, width), np.float32)
    slopes = np.zeros((3, height, width), np.float32)
    front = np.full((height, width), -np.inf, np.float32)
    owner = np.full((height, width), -1, np.int16)
    middle = float(centres[:, 2].min() + centres[:, 2].max()) / 2  # keeps the exponents small
    inverse = np.linalg.inv(spread).astype(np.float32)
    for index in range(len(centres)):
        cx, cy, cz = centres[index].tolist()
        rx, ry = reach[index].tolist()
        a, b = np.searchsorted(xs, (cx - rx, cx + rx))
        c, d = np.searchsorted(-ys, (-cy - ry, -cy + ry))
        if a >= b or c >= d:
            continue
        dx, dy = xs[None, a:b] - cx, ys[c:d, None] - cy
        (p, q, r), (_, s, t), (_, _, u) = inverse[index].tolist()
        # Solve u z^2 + 2 z (r x + t y) + (p x^2 + 2 q x y + s y^2 - 1) = 0 for the larger z.
        linear = r * dx + t * dy
        root = linear * linear - u * (p * dx * dx + (2 * q) * dx * dy + s * (dy * dy) - 1)
        hit = root > 0
        root = np.sqrt(np.maximum(root, 0))
        dz = (root - linear) / u
        weight = np.exp(np.clip((dz + (cz - middle)) / _BLEND, -75, 75)) * hit
        weights[c:d, a:b] += weight
        nx, ny = p * dx + q * dy + r * dz, q * dx + s * dy + t * dz
        weight /= np.sqrt(nx * nx + ny * ny + root * root) + 1e-9
        slopes[0, c:d, a:b] += weight * nx
        slopes[1, c:d, a:b] += weight * ny
        slopes[2, c:d, a:b] += weight * root
        depth = np.where(hit, dz + cz, -np.inf)
        nearer = depth > front[c:d, a:b]
        front[c:d, a:b][nearer] = depth[nearer]
        owner[c:d, a:b][nearer] = index
    inside = owner >= 0
    if floor is not None:
        world_height = xs[None, :] * view[0, 2] + ys[:, None] * view[1, 2] + front * view[2, 2]
        inside &= world_height >= floor
    if not inside.any():
        return None
    depth = np.where(inside, middle + _BLEND * np.log(np.maximum(weights, 1e-38)), 0)
    slopes /= np.maximum(weights, 1e-35)
    normals = slopes / (np.sqrt((slopes**2).sum(axis=0)) + 1e-6)
    return Sight(
        inside, depth.astype(np.float32), np.moveaxis(normals, 0, 2), owner, float(left), float(-top)
    )


def resting(solid: Solid, sight: Sight, view: Floats, pixels_per_unit: float) -> Floats:
    """Where on the resting body each seen pixel lies: (K, 3) for the K pixels inside, row by row."""
    rows, columns = np.nonzero(sight.inside)
    seen = np.stack(
        (
            (columns + 0.5 + sight.left) / pixels_per_unit,
            -(rows + 0.5 + sight.top) / pixels_per_unit,
            sight.depth[rows, columns],
        ),
        axis=1,
    ).astype(np.float32)
    owner = sight.owner[rows, columns]
    inverse = np.linalg.inv(solid.axes)
    back = (solid.rest_axes @ inverse).astype(np.float32)  # world to rest, each ellipsoid
    world = np.einsum("ki,ij->kj", seen, view)  # not @: threads of BLAS fight over busy cores
    away = world - solid.centres[owner]
    rest = solid.rest_centres[owner] + np.einsum("kij,kj->ki", back[owner], away)
    return np.asarray(rest, np.float32)
