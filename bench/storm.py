"""A storm: many phones report and upload at once; how soon the server answers, and how quickly photos are checked.

A real API process and a real worker process with the shipped counter, phones on loopback. Every report and photo has to
arrive, and every claim has to be triaged in the end.

Run: python bench/storm.py [--reports N] [--photos N] [--phones N]
"""

import argparse
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import httpx
from PIL import Image, ImageEnhance

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.chaos.processes import a_site, people_of
from tests.journeys.world import World, key

PHOTO = Path(__file__).resolve().parents[1] / "demo" / "photos" / "cattle-3.jpg"
PHONE_SIDE, PHONE_BYTES = 1280, 110_000
LONGEST_S = 3_600


@dataclass
class Seen:
    """What the phones saw."""

    reports_ms: list[float] = field(default_factory=list)
    uploads_ms: list[float] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


def phone_photo(turn: int) -> bytes:
    """The demo's photo as a phone sends it, a little brighter each time, so that no two are the same."""
    with Image.open(PHOTO) as picture:
        picture.thumbnail((PHONE_SIDE, PHONE_SIDE))
        written = io.BytesIO()
        ImageEnhance.Brightness(picture).enhance(0.9 + turn % 50 / 250).save(written, "JPEG", quality=70)
    return written.getvalue() + turn.to_bytes(4, "big")


def report(people: World, seen: Seen, turn: int, photos: int) -> None:
    """One phone's report with its photos."""
    policy = people.policy("cattle")
    contents = [phone_photo(turn * photos + place) for place in range(photos)]
    with people.farmer(policy) as http:
        body = people.report_body(policy, contents)
        answer = timed(seen.reports_ms, seen, lambda: http.post("/claims", json=body, headers=key()))
        for announced, content in zip(answer.json()["photos"], contents, strict=True):
            timed(
                seen.uploads_ms,
                seen,
                lambda url=announced["upload_url"], content=content: http.put(url, content=content),
            )
    with seen.lock:
        seen.claims.append(answer.json()["id"])


def timed(into: list[float], seen: Seen, request: Callable[[], httpx.Response]) -> httpx.Response:
    """Send, and note how long the answer took."""
    start = time.perf_counter()
    answer = request()
    with seen.lock:
        into.append((time.perf_counter() - start) * 1000)
        if answer.status_code >= 400:
            seen.refused.append(f"{answer.status_code} {answer.text[:200]}")
    return answer


def share_of(figures: list[float], share: float) -> float:
    """The quantile, by the nearest rank."""
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]


def most_megabytes(pid: int) -> float:
    """The most memory that the process has held so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> None:
    """Let the storm come, wait until everything is checked, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=2_000)
    parser.add_argument("--photos", type=int, default=3)
    parser.add_argument("--phones", type=int, default=16)
    asked = parser.parse_args()
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder, a_site(Path(folder)) as (site, county):
        api = site.start_api()
        worker = site.start_worker("http://127.0.0.1:9")
        with people_of(site, county) as people, ThreadPoolExecutor(asked.phones) as phones:
            start = time.perf_counter()
            list(phones.map(lambda turn: report(people, seen, turn, asked.photos), range(asked.reports)))
            sent_s = time.perf_counter() - start
            waiting = set(seen.claims)
            while waiting and time.perf_counter() - start < LONGEST_S:
                time.sleep(1)
                waiting = {one for one in waiting if people.show(one)["state"] in {"REPORTED", "VERIFYING"}}
            checked_s = time.perf_counter() - start
            received = sum(photo["received"] for one in seen.claims for photo in people.show(one)["photos"])
        memory = {name: most_megabytes(one.pid) for name, one in (("API", api), ("worker", worker))}

    announced = asked.reports * asked.photos
    print(f"{asked.reports} reports, {announced} photos, {asked.phones} phones: sent in {sent_s:.0f} s")
    print(
        f"refused {len(seen.refused)}, claims lost {asked.reports - len(seen.claims) + len(waiting)}, ",
        end="",
    )
    print(f"photos lost {announced - received}")
    for name, figures in (("report", seen.reports_ms), ("upload", seen.uploads_ms)):
        p50, p95 = statistics.median(figures), share_of(figures, 0.95)
        print(f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {max(figures):.0f} ms")
    print(
        f"{announced / checked_s:.1f} photos a second received and checked, the last after {checked_s:.0f} s"
    )
    print(", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in memory.items()))
    for one in sorted(set(seen.refused)):
        print(one)


if __name__ == "__main__":
    main()
