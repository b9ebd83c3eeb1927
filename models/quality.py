"""Whether a picture is good enough to count on, judged on the pixels that the network sees."""

import numpy as np
from numpy.typing import NDArray

from models.counter import Reason

# Grey levels of 255. The darkest of 141 labelled photos has a mean of 44: half its light falls below this line.
_DARKEST_MEAN = 30.0
# Variance of the Laplacian at the network's size. The softest labelled photo has 35; a photo blurred over 3 of 1024
# pixels, on which far animals are no longer found, has less than this.
_LEAST_EDGES = 20.0
# Pixels of the shorter side, before scaling.
_SMALLEST_SIDE = 96


def doubts(image: NDArray[np.uint8], seen: NDArray[np.uint8]) -> tuple[Reason, ...]:
    """Return why a count on this picture is not to be relied on; empty when nothing speaks against it.

    Args:
        image: The picture, (height, width, 3).
        seen: The same picture at the size that the network looks at, without the grey around it.
    """
    grey = seen.mean(axis=2, dtype=np.float32)
    reasons = []
    if min(image.shape[:2]) < _SMALLEST_SIDE:
        reasons.append(Reason.SMALL)
    if float(grey.mean()) < _DARKEST_MEAN:
        reasons.append(Reason.DARK)
    if edges(grey) < _LEAST_EDGES:
        reasons.append(Reason.BLURRED)
    return tuple(reasons)


def edges(grey: NDArray[np.float32]) -> float:
    """Return the variance of the Laplacian of (height, width) grey levels: low where nothing is sharp."""
    if not grey[1:-1, 1:-1].size:
        return 0.0
    inner = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * inner).var())
