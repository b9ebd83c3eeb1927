"""How one photo turns, shrinks and shifts into another, as most of the corners that look alike say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.laid import FIRST_NEAR, MOST_ZOOM

Numbers = NDArray[np.complex128]
"""Points as x + iy, or turns and sizes: what a step is multiplied by."""

# Matches of which every pair proposes; more add time, not proposals.
_MOST_PROPOSING = 80
_LEAST_APART = 5.0  # pixels between the two
# What a proposal may differ from the sizes and directions of the corners that it rests on.
_SIZE_FACTOR = 1.8
_TURN = np.deg2rad(30)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A point p of the first photo lies at ``turn * p + shift`` in the second; ``followed`` is by how many corners."""

    turn: complex
    shift: complex
    followed: int


def proposed(at: Numbers, to: Numbers, grown: Numbers) -> Proposal | None:
    """Return the way through two matches that most matches follow; None where no two agree on one.

    Args:
        at: (N,) corners of the first photo, the surest match first, pixels of its small picture.
        to: (N,) what they match in the second.
        grown: (N,) how each corner turned and grew from the first to the second.
    """
    i, j = np.triu_indices(min(len(at), _MOST_PROPOSING), 1)
    apart = np.minimum(np.abs(at[i] - at[j]), np.abs(to[i] - to[j])) > _LEAST_APART
    i, j = i[apart], j[apart]
    turn = (to[j] - to[i]) / (at[j] - at[i])
    size = np.abs(turn)
    usable = (size < MOST_ZOOM) & (size > 1 / MOST_ZOOM)
    usable &= _follows(turn, grown[i]) & _follows(turn, grown[j])
    i, turn = i[usable], turn[usable]
    if not len(i):
        return None
    shift = to[i] - turn * at[i]
    miss = np.abs(turn[:, None] * at + shift[:, None] - to) / np.maximum(1.0, np.abs(turn))[:, None]
    near = (miss < FIRST_NEAR) & _follows(turn[:, None], grown)
    # Of proposals that equally many follow, the one that they follow most nearly.
    best = int((near * (1 - miss / (100 * FIRST_NEAR))).sum(1).argmax())
    return Proposal(complex(turn[best]), complex(shift[best]), int(near[best].sum()))


def _follows(turn: Numbers, grown: Numbers) -> NDArray[np.bool_]:
    """Whether a proposal turns and grows the picture as its corners turned and grew."""
    off = turn / grown
    size = np.abs(off)
    kept = (size < _SIZE_FACTOR) & (size > 1 / _SIZE_FACTOR) & (np.abs(np.angle(off)) < _TURN)
    return np.asarray(kept)
