"""How long officers wait for the command line: starting it, and help, against the interpreter alone.

surfaces.md wants ``flashclaim --help`` within 0.3 s.

Run: python bench/cli.py [--rounds N]
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

FLASHCLAIM = Path(sys.executable).with_name("flashclaim")
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "flashclaim --version": [FLASHCLAIM, "--version"],
    "flashclaim --help": [FLASHCLAIM, "--help"],
    "flashclaim claim approve --help": [FLASHCLAIM, "claim", "approve", "--help"],
    "flashclaim reason list": [FLASHCLAIM, "reason", "list"],
}


def seconds(command: list[str | Path]) -> float:
    """One run, from start to end."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure in turns, so that a busy machine slows all alike, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            taken[name].append(seconds([*command]))
    for name, runs in taken.items():
        print(f"{name:<34} median {statistics.median(runs):.3f} s   best {min(runs):.3f} s")


if __name__ == "__main__":
    main()
