"""How long a farmer waits for the phone page on a line of 64 kbit/s: until the first screen can be used, and its bytes.

Debian's Chromium behind its own throttle (so many ms there and back for each request, 8000 bytes a second shared by
all), with a processor four times slower. Each round is a first visit in a new profile: by the address alone, until the
phone number can be typed; and with a policy card's code, until the kinds of animals can be tapped. ``cold`` is the very
first visit that the server ever answered. Each figure is the median of the rounds, with the slowest beside it.

Run: python bench/first_screen.py [--rounds N] [--latency MS …] [--waterfall]
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.backend.web.farmer.phone import Phone, a_browser, a_phone
from tests.journeys.world import World, running_world

BYTES_S = 64_000 / 8
SLOWER = 4
MOST_S = 6.0
LATENCIES_MS = (150, 400)
USABLE = {"address": "#phone", "card": "[data-policy]"}


def main() -> int:
    """Measure, and end with 1 where the median of a way in is slower than promised."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--latency", type=int, nargs="+", default=list(LATENCIES_MS), help="ms there and back")
    asked.add_argument("--waterfall", action="store_true", help="which file came when, of each first round")
    options = asked.parse_args()
    slow = False
    with (
        tempfile.TemporaryDirectory() as made,
        running_world(Path(made), farms=6) as world,
        a_browser(Path(made)) as browser,
    ):
        cold = options.latency[0]
        told = [("cold", cold, [visit(browser, world, "address", cold, waterfall=options.waterfall)])]
        for latency in options.latency:
            for way in USABLE:
                rounds = [
                    visit(browser, world, way, latency, waterfall=options.waterfall and not n)
                    for n in range(options.rounds)
                ]
                told.append((way, latency, rounds))
    print("way in    ms there and back   usable s (slowest)   bytes")
    for way, latency, rounds in told:
        usable = statistics.median(seconds for seconds, _ in rounds)
        slowest, most = max(seconds for seconds, _ in rounds), max(size for _, size in rounds)
        print(f"{way:8}  {latency:17}   {usable:6.2f} ({slowest:.2f})        {most:6}")
        slow = slow or (way != "cold" and usable > MOST_S)
    return int(slow)


def visit(browser: Browser, world: World, way: str, latency_ms: int, *, waterfall: bool) -> tuple[float, int]:
    """Seconds until the first screen can be used, and the bytes that came by then."""
    with a_phone(browser, world, world.policy()) as phone:
        received: list[int] = []
        line = phone.context.new_cdp_session(phone.page)
        line.send("Network.enable")
        line.on("Network.loadingFinished", lambda one: received.append(round(one["encodedDataLength"])))
        conditions = {"latency": latency_ms, "downloadThroughput": BYTES_S, "uploadThroughput": BYTES_S}
        line.send("Network.emulateNetworkConditions", conditions | {"offline": False})
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        began = time.monotonic()
        phone.page.goto(_address(world, phone, way), wait_until="commit")
        phone.sees(USABLE[way])
        seconds = time.monotonic() - began
        size = sum(received)
        if waterfall:
            _tell(phone, f"{way} {latency_ms} ms")
    return seconds, size


def _address(world: World, phone: Phone, way: str) -> str:
    return f"{world.url}/f" + (f"#card={phone.policy['card']}" if way == "card" else "")


def _tell(phone: Phone, title: str) -> None:
    entries: list[dict[str, Any]] = phone.page.evaluate(_ENTRIES)
    sys.stderr.write(f"{title}\n")
    for one in entries:
        sys.stderr.write(f"  {one['from']:6} {one['head']:6} {one['to']:6}  {one['size']:6}  {one['name']}\n")


_ENTRIES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((one) => ({
    name: one.name.replace(location.origin, "").split("#")[0], size: one.transferSize,
    from: Math.round(one.startTime), head: Math.round(one.responseStart), to: Math.round(one.responseEnd) }))"""
"""Milliseconds since the visit began: asked, answered, there; and bytes."""

if __name__ == "__main__":
    sys.exit(main())
