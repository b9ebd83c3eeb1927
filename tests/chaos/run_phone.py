"""``make chaos-phone``: a farmer's phone in a storm of cuts, its figures, and whether anything was lost or doubled.

Exit code 0 when nothing was, and at most a tenth of the photos' bytes went over the line twice; 1 otherwise.
"""

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path

from tests.chaos.phone_storm import MOST_RESENT, weather_phone


def main() -> int:
    """Raise the storm that was asked for, and tell what it broke."""
    options = argparse.ArgumentParser(prog="make chaos-phone", description=__doc__)
    options.add_argument("--cuts", type=int, default=100, help="How many cuts.")
    options.add_argument(
        "--minutes", type=float, default=math.inf, help="End the storm then, however many cuts."
    )
    options.add_argument("--seed", default="1", help="Which kinds of cuts, and when.")
    options.add_argument("--folder", type=Path, help="A new folder for logs, photos and the phone's storage.")
    wanted = options.parse_args()
    folder = wanted.folder or Path(tempfile.mkdtemp(prefix="flashclaim-chaos-phone-"))
    sys.stderr.write(f"{wanted.cuts} cuts, seed {wanted.seed}; logs in {folder}\n")
    found = weather_phone(wanted.cuts, wanted.seed, folder, wanted.minutes * 60)
    # A Counter is no mapping that asdict could copy.
    told = vars(found) | {"cuts": dict(found.cuts), "resent": round(found.resent, 4)}
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return int(bool(found.violations) or found.resent > MOST_RESENT)


if __name__ == "__main__":
    sys.exit(main())
