"""Photo to count through our code, against a bare decode and a bare onnxruntime call on the same photo.

Bare is the least that can be done: Pillow decodes at the same reduced scale, onnxruntime runs on a tensor that is
already there. Ours adds what trust costs: checks, orientation, exact letterbox, boxes, doubts. Both in turns in one
process on one core. Run: ``python bench/photo.py [PHOTO...]``; without photos, one at 12 megapixels.
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
from models.onnx_counter import OnnxCounter

SHIPPED_PHOTOS = Path(__file__).resolve().parents[1] / "demo" / "photos"
TWELVE_MEGAPIXELS = (4032, 3024)


def bare(content: bytes, counter: OnnxCounter, tensor: np.ndarray) -> None:
    """Decode and run, nothing else."""
    size = counter.manifest.image_size
    image = Image.open(io.BytesIO(content))
    image.draft(None, (2 * size, 2 * size))
    np.asarray(image.convert("RGB"))
    counter.session.run(None, {"images": tensor})


def ours(content: bytes, counter: OnnxCounter) -> None:
    """What a claim's photo goes through."""
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
    """Print the times of both and their ratio."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("photos", nargs="*", type=Path)
    given.add_argument("--rounds", type=int, default=15)
    chosen = given.parse_args()
    counter = OnnxCounter.load()
    size = counter.manifest.image_size
    tensor = np.random.default_rng(1).random((1, 3, size, size), np.float32)
    photos = {path.name: path.read_bytes() for path in chosen.photos} or {"12 MP": a_phone_photo()}
    for name, content in photos.items():
        ours(content, counter)
        bare(content, counter, tensor)
        pairs = [
            (seconds(partial(ours, content, counter)), seconds(partial(bare, content, counter, tensor)))
            for _ in range(chosen.rounds)
        ]
        ratios = [mine / least for mine, least in pairs]
        mine = statistics.median(pair[0] for pair in pairs) * 1000
        least = statistics.median(pair[1] for pair in pairs) * 1000
        print(
            f"{name}: ours {mine:.1f} ms, bare {least:.1f} ms, ratio {statistics.median(ratios):.2f}"
            f" (min {min(ratios):.2f}, max {max(ratios):.2f}, {len(pairs)} rounds)"
        )


if __name__ == "__main__":
    main()
