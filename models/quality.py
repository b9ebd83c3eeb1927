"""Whether a picture is good enough to count on, judged on the pixels that the network sees."""

import numpy as np
from numpy.typing import NDArray

from models.counter import Reason
from models.moire import stripes

Grey = NDArray[np.float32]  # (height, width), 0 to 255

# The lines below were drawn at 480 pixels on one half of 192 photos (141 labelled ones, 27 others, 24 of gcompris) and
# of pictures spoilt on purpose, and tried on the other half; false alarms are those of all 192. What is measured was
# chosen with all of them in view, so new pictures will do somewhat worse.

# Grey levels of 255. The darkest of 141 labelled photos has a mean of 44: half its light falls below this line.
_DARKEST_MEAN = 30.0
# See `detail`. Found on the other half: 37 of 38 photos out of focus by a Gaussian of 2 to 4 pixels, 38 of 39 shaken
# over 12 or 16 pixels, 17 of 21 over 8, 5 of 18 over 5. False: 2 of 192, of them one that is a single colour.
_LEAST_DETAIL = 12.0
_LEAST_DETAIL_SHAKEN, _SHAKEN = 25.0, 0.4
# See `flatness`. Found on the other half: 72 of 72 cartoons and signs; false: none of 192, the flattest photo has 0.46.
# Not found: photos made to look painted (1 of 26), pencil on paper. One colour all over is no drawing but blurred.
_MOST_FLAT, _BLANK = 0.5, 0.99
# See `moire.stripes`. Found on the other half: 48 of 57 simulated photos of screens, and 31 of 40 by a finer screen,
# a larger camera and a chat app; false: none of 192 at 416 and 480 pixels, 2 of 192 at 640. No real photo of a screen
# was there to try. Not found: prints.
_MOST_STRIPES = 5.0
# Pixels of the shorter side, before scaling.
_SMALLEST_SIDE = 96

# Half circle of directions, rows and columns; each stands at right angles to the one four places on.
_DIRECTIONS = ((0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (2, -1), (2, -2), (1, -2))
# Longer side on which flatness is judged: the same on a photo that was enlarged for the network.
_FLAT_SIZE = 240
# Neighbours that differ by no more than this in every colour are one colour; below this level all is black at night.
_ONE_COLOUR, _BLACK = 1, 16


def doubts(image: NDArray[np.uint8], seen: NDArray[np.uint8]) -> tuple[Reason, ...]:
    """Return why a count on this picture is not to be relied on; empty when nothing speaks against it.

    Args:
        image: The picture, (height, width, 3).
        seen: The same picture at the size that the network looks at, without the grey around it.
    """
    grey = _grey(seen)
    facts = {
        Reason.SMALL: min(image.shape[:2]) < _SMALLEST_SIDE,
        Reason.DARK: float(grey.mean()) < _DARKEST_MEAN,
        Reason.BLURRED: is_blurred(grey),
        Reason.DRAWN: _MOST_FLAT < flatness(seen) < _BLANK,
        Reason.SCREEN: stripes(seen) > _MOST_STRIPES,
    }
    return tuple(reason for reason, holds in facts.items() if holds)


def is_blurred(grey: Grey) -> bool:
    """Return whether nothing is sharp, or nothing along one direction, as after a shake of the hand."""
    least, share = detail(grey)
    return least < _LEAST_DETAIL or (share < _SHAKEN and least < _LEAST_DETAIL_SHAKEN)


def detail(grey: Grey) -> tuple[float, float]:
    """Return how much changes over two pixels in the dullest of eight directions.

    Returns:
        The mean square of the second difference, over the distance squared: low where nothing is sharp. And the least
        share that one direction has of what the direction at right angles to it has: low after a shake, but on
        railings too.
    """
    height, width = grey.shape
    if min(height, width) <= 2 * max(_DIRECTIONS[2]):
        return 0.0, 1.0
    # Every other pixel of every other row: a quarter of the work, the same answer to a few percent.
    twice = 2 * grey[2:-2:2, 2:-2:2]
    energies = []
    for down, across in _DIRECTIONS:
        ahead = grey[2 + down : height - 2 + down : 2, 2 + across : width - 2 + across : 2]
        behind = grey[2 - down : height - 2 - down : 2, 2 - across : width - 2 - across : 2]
        change = ahead + behind - twice
        energies.append(float((change * change).mean()) / (down**2 + across**2))
    opposite = energies[4:] + energies[:4]
    shares = [one / other for one, other in zip(energies, opposite, strict=True) if other > 0]
    return min(energies), min(shares, default=1.0)


def flatness(seen: NDArray[np.uint8]) -> float:
    """Return the share of a picture that is one colour with what lies right of it and below, black left aside."""
    step = max(1, round(max(seen.shape[:2]) / _FLAT_SIZE))
    colours = seen[::step, ::step].transpose(2, 0, 1).astype(np.int16, order="C")
    here = colours[:, :-1, :-1]
    right, below = np.abs(colours[:, :-1, 1:] - here), np.abs(colours[:, 1:, :-1] - here)
    alike = np.maximum(right, below).max(axis=0) <= _ONE_COLOUR
    return float((alike & (here.max(axis=0) >= _BLACK)).mean()) if alike.size else 0.0


def _grey(seen: NDArray[np.uint8]) -> Grey:
    # Added plane by plane: five times as fast as a mean over the last axis.
    total = seen[..., 0].astype(np.uint16) + seen[..., 1] + seen[..., 2]
    return np.asarray(total / np.float32(3), np.float32)
