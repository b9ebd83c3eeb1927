"""Change bytes of photos and have them read by a bounded child: no crash, at most 400 MB and two seconds each.

Run: ``make fuzz-photos``, or ``scripts/fuzz_photos --photos 100000 --seed 7``; the same seed makes the same photos.
What goes beyond the bounds is written into ``var/fuzz``, and the exit code is 1.
"""

import argparse
import sys
from pathlib import Path
from time import perf_counter

from tests.backend.evidence.hostile import whole
from tests.backend.evidence.measured import DEMO, mutants, readings

MOST_BYTES, MOST_PROCESSOR_S = 400_000_000, 2.0
KEPT = Path("var/fuzz")


def main() -> int:
    """Read, say what was found, and keep what broke something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    originals = sorted(DEMO.glob("*.jpg"))
    for kind, content in whole().items():
        originals.append(KEPT / f"whole.{kind}")
        originals[-1].write_bytes(content)
    files = list(mutants(originals, asked.photos, asked.seed))
    began, broken, most_bytes, slowest = perf_counter(), 0, 0, 0.0
    for found, (name, content) in zip(readings(files), files, strict=True):
        most_bytes, slowest = max(most_bytes, found.peak_bytes), max(slowest, found.processor_s)
        if found.crashed or found.peak_bytes > MOST_BYTES or found.processor_s > MOST_PROCESSOR_S:
            broken += 1
            (KEPT / name.replace(" ", "-").replace("#", "")).write_bytes(content)
            print(found)
    seconds = perf_counter() - began
    print(
        f"{len(files)} photos of seed {asked.seed} in {seconds:.0f} s: {broken} beyond the bounds; "
        f"at most {most_bytes / 1e6:.0f} MB and {slowest:.2f} s of processor"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
