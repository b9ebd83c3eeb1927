"""Photos that are copies, and photos that only look alike: how many are told apart, and what it costs.

Every photo of the folders is changed in each way of ``tests/backend/evidence/copies.py`` and held against its original
(recall); and every photo against every other one (false matches, of which those named are to be looked at). Costs are
processor seconds of this process. Run: ``python bench/copies.py FOLDER...``; ``--every N`` takes each Nth photo for
recall, ``--apart`` only the pairs.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from statistics import median, quantiles
from time import process_time

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.evidence.duplicates import COMPARED_SIDE, judge_pair
from backend.evidence.fingerprint import Fingerprint, likenesses
from backend.evidence.photo import Decoded, decode
from backend.evidence.refusals import PhotoRefused
from models.views import View
from tests.backend.evidence.copies import CHANGES, sent

_DECODED_SIDE = 640
_KINDS = {".jpg", ".jpeg", ".png", ".heic", ".webp"}


def photos_in(folders: list[str]) -> Iterator[tuple[str, bytes]]:
    """Every photo that can be read, by name."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix.lower() in _KINDS:
                yield path.name, path.read_bytes()


class Costs:
    """Processor milliseconds by what was done."""

    def __init__(self) -> None:
        self._spent: dict[str, list[float]] = {}

    def of(self, name: str, began: float) -> None:
        """What *name* took since *began*."""
        self._spent.setdefault(name, []).append((process_time() - began) * 1000)

    def as_json(self) -> dict[str, object]:
        """Median, 95th percentile and how many."""
        return {
            name: {
                "median": round(median(spent), 1),
                "p95": round(quantiles(spent, n=20)[-1], 1) if len(spent) > 1 else None,
                "n": len(spent),
            }
            for name, spent in self._spent.items()
        }


def looked_at(content: bytes, costs: Costs) -> tuple[Decoded, Fingerprint]:
    """A photo as verification sees it."""
    picture = decode(content, target=_DECODED_SIDE).image
    began = process_time()
    view = View.of(picture)
    costs.of("view", began)
    began = process_time()
    print_ = Fingerprint.of(view)
    costs.of("fingerprint of a view", began)
    began = process_time()
    small = decode(content, target=COMPARED_SIDE)
    costs.of("decode for a pair", began)
    return small, print_


def recall(photos: list[tuple[str, bytes]], costs: Costs) -> dict[str, object]:
    """By change how many copies were found, and which were not."""
    told: dict[str, object] = {}
    originals = [(name, content, *looked_at(content, costs)) for name, content in photos]
    for change, do in CHANGES.items():
        missed = []
        for name, content, small, print_ in originals:
            picture = Image.fromarray(decode(content, target=_DECODED_SIDE).image)
            picture.thumbnail((1280, 1280))
            copy, of_copy = looked_at(sent(do(picture)), costs)
            likeness = likenesses(print_, [of_copy])[0]
            began = process_time()
            judged = judge_pair(small, copy, likeness)
            costs.of("judging a pair", began)
            if not judged.changed:
                missed.append(f"{name} {judged.distance:.3f}")
        told[change] = {"found": len(originals) - len(missed), "of": len(originals), "missed": missed}
        print(change, json.dumps(told[change]), file=sys.stderr, flush=True)
    return told


def apart(photos: list[tuple[str, bytes]], costs: Costs) -> dict[str, object]:
    """How many pairs of different photos there are, were candidates, and were taken for copies."""
    seen = [(name, *looked_at(content, costs)) for name, content in photos]
    candidates, taken = 0, []
    for place, (name, small, print_) in enumerate(seen[:-1]):
        others = seen[place + 1 :]
        began = process_time()
        alike = likenesses(print_, [other for _, _, other in others])
        costs.of("looking among the others", began)
        for (other, other_small, _), likeness in zip(others, alike, strict=True):
            if likeness is None:
                continue
            candidates += 1
            judged = judge_pair(small, other_small, likeness)
            if judged.changed or judged.distance < 0.25:
                verdict = "copy" if judged.changed else "none"
                taken.append(f"{name} {other} {verdict} {judged.distance:.3f} {judged.changed or ''}")
                print(taken[-1], file=sys.stderr, flush=True)
    pairs = sum(1 for _ in combinations(seen, 2))
    return {"photos": len(seen), "pairs": pairs, "candidates": candidates, "nearest": sorted(taken)}


def main() -> None:
    """Measure and print one JSON document."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("folders", nargs="+")
    reading.add_argument("--every", type=int, default=1)
    reading.add_argument("--apart", action="store_true")
    asked = reading.parse_args()
    costs = Costs()
    photos = []
    for name, content in photos_in(asked.folders):
        try:
            decode(content, target=COMPARED_SIDE)
        except PhotoRefused:
            continue
        photos.append((name, content))
    told: dict[str, object] = {"apart": apart(photos, costs)}
    if not asked.apart:
        told["recall"] = recall(photos[:: asked.every], costs)
    print(json.dumps(told | {"ms": costs.as_json(), "numpy": np.__version__}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
