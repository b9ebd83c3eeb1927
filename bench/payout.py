"""Report to PAID with instant officers: the whole chain over HTTP, real counter, real sandbox bank; whose seconds?

The officers sign and the farmer agrees at once, so what is left is the machine's share: upload, verification, four
signed requests, the collector's receipt, the bank's answer and its callback. Target: 10 s.

Run: python bench/payout.py [--claims N]
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.onnx_counter import OnnxCounter
from tests.backend.sandbox.process import SECRET, running_bank
from tests.journeys.world import World, running_world

PHOTO = Path(__file__).resolve().parents[1] / "demo" / "photos" / "cattle-3.jpg"
LANES = ("veterinary", "inspection", "insurer")
MACHINE_STAGES = frozenset({"verification", "payment"})


def settle_one(world: World, place: int) -> dict[str, float]:
    """One claim from report to money; seconds by stage, and ``report_to_paid``."""
    policy = world.policy("cattle", place)
    # The same bytes twice would be a hold; a copy is a doubt, over which each office gives a note.
    content = PHOTO.read_bytes() + bytes([place % 256, place // 256])
    claim = world.report(policy, [content], heads=3)
    world.wait(claim, "JOINT_REVIEW")
    for lane in LANES:
        world.decide(claim, lane, note="the bench's own photo").raise_for_status()
    world.accept(claim, policy).raise_for_status()
    world.hand_over(claim, heads=3, weight_kg="285.0").raise_for_status()
    world.wait(claim, "PAID")
    timeline = world.officer("insurer").http.get(f"/claims/{claim}/timeline").raise_for_status().json()
    seconds = {stage["stage"]: stage["seconds"] for stage in timeline["stages"] if not stage["open"]}
    return seconds | {"report_to_paid": timeline["seconds_to_paid"]}


def main() -> None:
    """Print medians over the claims."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=15)
    claims = parser.parse_args().claims
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:

        def bank_at(callback: str) -> str:
            return stack.enter_context(running_bank("--callback-url", callback)).url

        world = stack.enter_context(
            running_world(
                Path(folder),
                farms=2 * claims,
                counter=OnnxCounter.load(),
                bank_at=bank_at,
                bank_secret=SECRET,
            )
        )
        runs = [settle_one(world, place) for place in range(claims)]
    by_stage = defaultdict(list)
    for run in runs:
        for stage, seconds in run.items():
            by_stage[stage].append(seconds)
    print(f"{claims} claims, seconds: median (min-max)")
    for stage, seconds in by_stage.items():
        print(f"  {stage:15} {statistics.median(seconds):6.2f} ({min(seconds):.2f}-{max(seconds):.2f})")
    machine = [sum(run.get(stage, 0.0) for stage in MACHINE_STAGES) for run in runs]
    print(f"  machine's share {statistics.median(machine):6.2f} ({min(machine):.2f}-{max(machine):.2f})")


if __name__ == "__main__":
    main()
