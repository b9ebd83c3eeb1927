"""A photo's pixels through a bounded child process, against the same decoder in this process; and on to the count.

In turns in one run, so that a busy machine slows both alike. Run: ``python bench/photo_readers.py [PHOTO...]``
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.evidence.reading.pool import ReaderPool
from backend.evidence.reading.reader import HERE, PhotoReader
from bench.photo import a_phone_photo
from models.onnx_counter import OnnxCounter

ROUNDS = 40


def counted(content: bytes, reader: PhotoReader, counter: OnnxCounter) -> None:
    """What a claim's photo goes through."""
    reader.inspect(content)
    counter.count(reader.decode(content, target=counter.manifest.image_size).image)


def decoded(content: bytes, reader: PhotoReader, counter: OnnxCounter) -> None:
    """Its pixels alone."""
    reader.decode(content, target=counter.manifest.image_size)


def milliseconds(work: Callable[[], None]) -> float:
    """How long one call takes."""
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def main() -> None:
    """Print both, and their ratio."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("photos", nargs="*", type=Path)
    given.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = given.parse_args()
    photos = {path.name: path.read_bytes() for path in chosen.photos} or {"12 MP": a_phone_photo()}
    counter, pool = OnnxCounter.load(), ReaderPool(1)
    for name, content in photos.items():
        for what, work in {"photo to pixels": decoded, "photo to count": counted}.items():
            through_child = partial(work, content, pool, counter)
            in_process = partial(work, content, HERE, counter)
            through_child(), in_process()
            times = [(milliseconds(through_child), milliseconds(in_process)) for _ in range(chosen.rounds)]
            child, here = ([one[side] for one in times] for side in (0, 1))
            print(
                f"{name}, {what}: child {statistics.median(child):.1f} ms (p95 {_p95(child):.1f}), "
                f"in process {statistics.median(here):.1f} ms (p95 {_p95(here):.1f}), "
                f"ratio {statistics.median(one / other for one, other in times):.2f}"
            )
    pool.close()


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
