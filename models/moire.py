"""How much a picture looks like a photo of a screen: coloured stripes where two grids of pixels beat.

A screen's red, green and blue stand side by side; a camera's grid over it turns them into fine stripes of changing
colour that no animal, slat or fence has: their stripes are light and dark. So only differences of colour are looked at.
"""

import numpy as np
from numpy.typing import NDArray

# Pixels a side of the squares that are looked at: the stripes bend, within one square they are straight.
_SIDE = 64
_ROWS, _COLUMNS = 4, 5
# Squares that must agree: one may show a striped shirt.
_AGREEING = 3

# Cycles a pixel. Slower waves belong to what is shown; along the axes JPEG's blocks have peaks of their own.
_SLOWEST, _FASTEST, _OFF_AXIS = 0.14, 0.7, 0.04
_RINGS_PER_CYCLE = 48  # waves of about one length, whose usual strength is known from one another

_ACROSS = np.fft.rfftfreq(_SIDE)[None, :]
_DOWN = np.fft.fftfreq(_SIDE)[:, None]
_SPEED = np.hypot(_ACROSS, _DOWN)
_CHOSEN = np.flatnonzero(
    (_SPEED > _SLOWEST) & (_SPEED < _FASTEST) & (_ACROSS > _OFF_AXIS) & (np.abs(_DOWN) > _OFF_AXIS)
)
_CHOSEN = _CHOSEN[np.argsort(_SPEED.ravel()[_CHOSEN], kind="stable")]
_, _RING_STARTS, _RING, _RING_SIZES = np.unique(
    (_SPEED.ravel()[_CHOSEN] * _RINGS_PER_CYCLE).astype(int),
    return_index=True,
    return_inverse=True,
    return_counts=True,
)
_WINDOW = np.outer(np.hanning(_SIDE), np.hanning(_SIDE)).astype(np.float32)


def stripes(seen: NDArray[np.uint8]) -> float:
    """Return how far colour's strongest wave stands above the others of its length, as a natural logarithm.

    Args:
        seen: (height, width, 3) RGB at the size that the network looks at; 0.0 when a side is under 64 pixels.

    Returns:
        The mean over the three most striped of 20 squares: about 3.4 on a photo, 6 on a photo of a screen.
    """
    height, width = seen.shape[:2]
    if min(height, width) < _SIDE:
        return 0.0
    # Square by square: one fits into the processor's cache, all twenty take twice as long.
    above = [
        _above_usual(seen[top : top + _SIDE, left : left + _SIDE])
        for top in np.linspace(0, height - _SIDE, _ROWS).astype(int)
        for left in np.linspace(0, width - _SIDE, _COLUMNS).astype(int)
    ]
    return float(np.sort(above)[-_AGREEING:].mean())


def _above_usual(square: NDArray[np.uint8]) -> float:
    colours = np.stack([np.subtract(square[..., part], square[..., 1], dtype=np.float32) for part in (0, 2)])
    waves = np.fft.rfft2((colours - colours.mean(axis=(1, 2), keepdims=True)) * _WINDOW)
    strength = (waves.real**2 + waves.imag**2).sum(axis=0).ravel()[_CHOSEN]
    levels = np.log(strength.astype(np.float32) + 1)
    usual = np.add.reduceat(levels, _RING_STARTS) / _RING_SIZES
    return float((levels - usual[_RING]).max())
