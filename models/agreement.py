"""Whether two photos, one laid over the other, look the same where both show ground: block by block."""

import numpy as np
from PIL import Image

from models.corners import Floats
from models.laid import Matrix, inverse, zoom
from models.views import View

# Pixels of a block's side, in the photo that shows the ground smaller.
_BLOCK = 12
_FEWEST_BLOCKS = 6
# Correlation of the grey levels from which a block looks the same.
_ALIKE = 0.5
# Standard deviation in grey levels below which a block shows nothing to compare.
_PLAIN = 4.0
# Below this a picture is shrunk before it is laid, or single pixels would be picked from it.
_SHRUNK = 0.7


def agreement(matrix: Matrix, first: View, second: View) -> float:
    """Return the share of blocks with something to see in which *first*, laid by *matrix*, looks like *second*.

    The photo that shows the ground larger is laid over the other one, so that neither is blown up. 0 where they
    share too few blocks to tell.
    """
    if zoom(matrix) > 1:
        matrix, first, second = inverse(matrix), second, first
    source, back = Image.fromarray(first.grey), inverse(matrix)
    shrink = zoom(matrix)
    if shrink < _SHRUNK:
        size = max(8, round(source.width * shrink)), max(8, round(source.height * shrink))
        back = np.diag([size[0] / source.width, size[1] / source.height, 1.0]) @ back
        source = source.resize(size, Image.Resampling.BOX)
    laid = source.convert("F").transform(
        second.size,
        Image.Transform.PERSPECTIVE,
        (back / back[2, 2]).ravel()[:8].tolist(),
        Image.Resampling.BILINEAR,
        fillcolor=-1.0,
    )
    return _blocks_alike(np.asarray(laid), second.grey.astype(np.float32))


def _blocks_alike(laid: Floats, ground: Floats) -> float:
    one, other = _blocks(laid), _blocks(ground)
    is_common = (one >= 0).all(1)
    one, other = one[is_common], other[is_common]
    one, other = one - one.mean(1, keepdims=True), other - other.mean(1, keepdims=True)
    deviations = np.sqrt((one**2).mean(1)), np.sqrt((other**2).mean(1))
    shows = np.maximum(*deviations) > _PLAIN
    if shows.sum() < _FEWEST_BLOCKS:
        return 0.0
    alike = (one * other).mean(1)[shows] / np.maximum(deviations[0] * deviations[1], 1e-6)[shows]
    return float((alike > _ALIKE).mean())


def _blocks(grey: Floats) -> Floats:
    """(blocks, pixels): the picture cut into squares; what is left over at the right and below is not looked at."""
    down, across = grey.shape[0] // _BLOCK, grey.shape[1] // _BLOCK
    whole = grey[: down * _BLOCK, : across * _BLOCK]
    return whole.reshape(down, _BLOCK, across, _BLOCK).swapaxes(1, 2).reshape(down * across, -1)
