"""A process that has just begun: how long until the counter is there, how long a photo takes then, how much memory.

A phone's photo of 12 megapixels is written first; a fresh process then loads the counter and counts it again and again,
on one core. Run: ``python bench/first_count.py [--counts N]``.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

_FRESH = """
import resource, sys
from pathlib import Path
from time import perf_counter
began = perf_counter()
from backend.evidence.photo import decode
from models.onnx_counter import OnnxCounter
counter = OnnxCounter.load()
ready = perf_counter() - began
content = Path(sys.argv[1]).read_bytes()
took = []
for _ in range(int(sys.argv[2])):
    began = perf_counter()
    counter.count(decode(content, target=counter.manifest.image_size).image)
    took.append(perf_counter() - began)
took.sort()
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"ready after {ready:.2f} s; photo to count p50 {took[len(took) // 2] * 1000:.0f} ms, "
      f"p95 {took[int(len(took) * 0.95)] * 1000:.0f} ms; {most:.0f} MB at the most")
"""


def main() -> None:
    """Write the photo, run the fresh process, let it print."""
    from bench.photo import a_phone_photo

    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--counts", type=int, default=40)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "phone.jpg"
        photo.write_bytes(a_phone_photo())
        subprocess.run(
            [sys.executable, "-c", _FRESH, photo, str(asked.counts)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            check=True,
        )


if __name__ == "__main__":
    main()
