"""What a claim's photos look like, for telling which of them show the same ground.

A view is made when the photo is checked, and kept in memory until the claim is triaged, usually moments later. It is
not recorded: 400 kB a photo would swell the event log by a hundred times, a picture in it could never be erased, and
the original is there to make the view from again.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backend.adapters.blobs import BlobCorrupt, BlobMissing, Blobs
from backend.domain.ids import PhotoId
from backend.domain.problems import PhotoStoreUnavailable, Problem
from backend.evidence.reading.reader import HERE, PhotoReader
from models.laid import Laid
from models.overlap import lay_over
from models.views import View

_K = TypeVar("_K")
_V = TypeVar("_V")

_MOST_KEPT = 64
"""Views: the photos of the largest claim, 27 MB at the most. A usual claim has three photos."""
_MOST_LAID = 4096
"""Answers, a kilobyte each: verification runs again whenever a photo arrives, and asks about the same pairs."""


@dataclass(frozen=True, slots=True)
class PhotoViews:
    """Views by photo, the latest kept; worker threads share them."""

    blobs: Blobs
    decoded_side: int
    """Pixels that decoding aims for, the same as when the photo is counted."""
    reader: PhotoReader = HERE
    _kept: OrderedDict[PhotoId, View] = field(default_factory=OrderedDict)
    _laid: OrderedDict[tuple[str, str], Laid | None] = field(default_factory=OrderedDict)
    _guard: Lock = field(default_factory=Lock)

    def keep(self, photo_id: PhotoId, image: NDArray[np.uint8]) -> View:
        """Look at a decoded photo, and keep its view."""
        view = View.of(image)
        with self._guard:
            _put(self._kept, photo_id, view, most=_MOST_KEPT)
        return view

    def of(self, photo_id: PhotoId) -> View | None:
        """The photo's view; None where the stored photo cannot be read any more.

        Raises:
            PhotoStoreUnavailable: The photo store is away, which says nothing about the photo.
        """
        with self._guard:
            kept = self._kept.get(photo_id)
        if kept is not None:
            return kept
        try:
            return self.keep(
                photo_id, self.reader.decode(self.blobs.get(photo_id), target=self.decoded_side).image
            )
        except PhotoStoreUnavailable:
            raise
        except (Problem, BlobMissing, BlobCorrupt):
            return None

    def lay_over(self, first: View, second: View) -> Laid | None:
        """As ``models.overlap`` answers, which is asked once."""
        pair = (first.key, second.key)
        with self._guard:
            if pair in self._laid:
                return self._laid[pair]
        laid = lay_over(first, second)
        with self._guard:
            _put(self._laid, pair, laid, most=_MOST_LAID)
        return laid


def _put(kept: OrderedDict[_K, _V], key: _K, value: _V, *, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
