"""Whether a box's score means what it says: of the boxes that score 0.7, are 7 in 10 animals?"""

from collections.abc import Sequence

import numpy as np

from models.bootstrap import share_interval
from models.evaluate import Counted
from models.figures import pair, rounded

_BINS = 10


def calibration(photos: Sequence[Counted]) -> dict[str, object]:
    """Return counted boxes in bins of their scores, with the share of them that are animals.

    ``ece``, the expected calibration error, is how far score and share lie apart on average, over all boxes. Boxes
    below their species' line are not counted and not here. Photos without drawn boxes have no say. Intervals take a
    scene for one box.
    """
    scores, real, scenes = [], [], []
    for photo in photos:
        if photo.animal is not None:
            scores += [box.confidence for box in photo.count.boxes]
            real += [on >= 0 for on in photo.animal]
            scenes += [photo.truth.scene] * len(photo.animal)
    if not scores:
        return {"boxes": 0, "ece": None, "bins": []}
    score, is_real, scene = np.asarray(scores), np.asarray(real, bool), np.asarray(scenes)
    number = np.minimum((score * _BINS).astype(int), _BINS - 1)
    bins, apart = [], 0.0
    for index in range(_BINS):
        inside = number == index
        n = int(inside.sum())
        if not n:
            continue
        hits = int(is_real[inside].sum())
        mean = float(score[inside].mean())
        apart += abs(mean * n - hits)
        bins.append(
            {
                "from": index / _BINS,
                "to": (index + 1) / _BINS,
                "n": n,
                "mean_score": rounded(mean),
                "real": rounded(hits / n),
                "interval": pair(share_interval(scene[inside].tolist(), is_real[inside].tolist())),
            }
        )
    return {"boxes": len(scores), "ece": rounded(apart / len(scores)), "bins": bins}
