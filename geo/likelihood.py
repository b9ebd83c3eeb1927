"""How likely a fix with a given uncertainty lies inside a shape.

A phone's accuracy radius is taken to hold the true place with 68 %, as Android's ``Location`` promises, and the
error to spread like a round normal distribution. The radius that holds 68 % of that is r = sigma · sqrt(-2 ln
0.32), so that sigma = 0.662 r.

The probability is the integral of that bell over the shape. By the divergence theorem it is the flow of
F(p) = p · (1 - exp(-|p|²/2)) / (2π |p|²), whose divergence is the bell, out through the boundary: a sum over
edges, the same for straight fences, corners, holes and islands, and the same number every time. For one
endless straight edge it is Φ(d / sigma).
"""

from math import pi

import numpy as np
from numpy.typing import NDArray

SIGMA_PER_RADIUS = 0.662
"""Standard deviation of each coordinate, as a share of the radius that holds 68 %."""

SURE_BEYOND_SIGMAS = 7.0
"""A boundary further off than this leaves less than 1e-10 of the bell on its other side."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def share_inside(edges: NDArray[np.float64], sigma: float) -> float:
    """Return the share of a round bell around the origin that lies inside a closed boundary.

    Args:
        edges: (N, 2, 2) start and end of each edge, in metres; the interior lies left of each edge.
        sigma: Standard deviation of each coordinate in metres, > 0.

    Returns:
        0.0 to 1.0, good to 1e-6.
    """
    start, end = edges[:, 0] / sigma, edges[:, 1] / sigma
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    real = length > 0.0
    start, end, along = start[real], end[real], along[real] / length[real, None]
    # Each edge lies on a line: `off` is how far the line passes on the right hand, from..to the stretch upon
    # it.
    off = start[:, 0] * along[:, 1] - start[:, 1] * along[:, 0]
    from_ = np.einsum("ij,ij->i", start, along)
    to = np.einsum("ij,ij->i", end, along)

    # Only the stretch near the origin needs the bell; beyond it, F is the field of a point source, whose flow
    # through an edge is the angle under which the edge is seen.
    near = np.abs(off) < SURE_BEYOND_SIGMAS
    low = np.where(near, np.clip(from_, -SURE_BEYOND_SIGMAS, SURE_BEYOND_SIGMAS), 0.0)
    high = np.where(near, np.clip(to, -SURE_BEYOND_SIGMAS, SURE_BEYOND_SIGMAS), 0.0)
    aside = np.abs(off)
    angles = (
        np.arctan2(to, aside) - np.arctan2(high, aside) + np.arctan2(low, aside) - np.arctan2(from_, aside)
    )
    flow = float(np.sum(np.sign(off) * angles))

    near &= high > low
    half = (high[near] - low[near])[:, None] / 2.0
    stretch = (high[near] + low[near])[:, None] / 2.0 + half * _NODES
    squared = np.maximum(off[near][:, None] ** 2 + stretch**2, np.finfo(float).tiny)
    flow += float(np.sum(off[near][:, None] * half * _WEIGHTS * -np.expm1(-squared / 2.0) / squared))
    return min(1.0, max(0.0, flow / (2.0 * pi)))
