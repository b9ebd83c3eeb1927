"""Photo to count through our code, against a bare decode and onnxruntime call, and against ultralytics.

Bare is the least that can be done: Pillow decodes at the same reduced scale, onnxruntime runs on a tensor that is
already there. Ours adds what trust costs: checks, orientation, exact letterbox, boxes, doubts. Where the vision extra
is installed, ultralytics' predictor counts the same photo through the same decoder. All in turns in one process on one
core. Run: ``python bench/photo.py [PHOTO...]``; without photos, one at 12 megapixels.
"""

import argparse
import io
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.evidence.photo import decode
from models.counter import Predictor
from models.manifest import SHIPPED
from models.onnx_counter import OnnxCounter
from models.predictors import NetworkCounter, load_counter, usable

SHIPPED_PHOTOS = Path(__file__).resolve().parents[1] / "demo" / "photos"
TWELVE_MEGAPIXELS = (4032, 3024)


def bare(content: bytes, counter: OnnxCounter, tensor: np.ndarray) -> None:
    """Decode and run, nothing else."""
    size = counter.manifest.image_size
    image = Image.open(io.BytesIO(content))
    image.draft(None, (2 * size, 2 * size))
    np.asarray(image.convert("RGB"))
    counter.session.run(None, {"images": tensor})


def counted(content: bytes, counter: NetworkCounter) -> None:
    """What a claim's photo goes through, whoever finds the boxes."""
    counter.count(decode(content, target=counter.manifest.image_size).image)


def seconds(work: Callable[[], None]) -> float:
    """How long one call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def a_phone_photo() -> bytes:
    """A 12 megapixel JPEG of a shipped photo, or of noise clouds where none is shipped."""
    shipped = sorted(SHIPPED_PHOTOS.glob("*.jpg"))
    if shipped:
        picture = Image.open(shipped[0]).convert("RGB")
    else:
        picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8))
    buffer = io.BytesIO()
    picture.resize(TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def main() -> None:
    """Print the times of all and their ratios."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("photos", nargs="*", type=Path)
    given.add_argument("--rounds", type=int, default=15)
    chosen = given.parse_args()
    counter = OnnxCounter.load()
    size = counter.manifest.image_size
    tensor = np.random.default_rng(1).random((1, 3, size, size), np.float32)
    photos = {path.name: path.read_bytes() for path in chosen.photos} or {"12 MP": a_phone_photo()}
    has_vision = Predictor.ULTRALYTICS in usable()
    second = load_counter(SHIPPED, Predictor.ULTRALYTICS) if has_vision else None
    for name, content in photos.items():
        peers = {"bare": partial(bare, content, counter, tensor)}
        if second:
            peers["ultralytics"] = partial(counted, content, second)
        ours = partial(counted, content, counter)
        for work in (ours, *peers.values()):
            work()
        rounds = [
            (seconds(ours), {peer: seconds(work) for peer, work in peers.items()})
            for _ in range(chosen.rounds)
        ]
        print(f"{name}: ours {statistics.median(mine for mine, _ in rounds) * 1000:.1f} ms")
        for peer in peers:
            theirs = statistics.median(times[peer] for _, times in rounds) * 1000
            ratios = [mine / times[peer] for mine, times in rounds]
            print(
                f"  against {peer}: {theirs:.1f} ms, ratio {statistics.median(ratios):.2f}"
                f" (min {min(ratios):.2f}, max {max(ratios):.2f}, {len(rounds)} rounds)"
            )


if __name__ == "__main__":
    main()
