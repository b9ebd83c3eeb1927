"""A farmer reports while the signal goes, and browser and server are killed: nothing is lost or doubled."""

import math
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Error, sync_playwright

from tests.backend.web.farmer.phone import write_film
from tests.chaos.phone_browser import PhoneBrowser, a_phone_browser
from tests.chaos.processes import Process, Site, a_site, people_of
from tests.chaos.proxy import Line
from tests.journeys.world import World, eventually

KINDS = ("signal", "browser", "server")
MOST_RESENT = 0.10
_CUT_A_STEP = 0.12
"""Chance of a cut between two taps; while photos are sent one follows the other."""
_QUIET_S = 240.0
"""Seconds without a cut until everything has to be sent: pauses between tries grow to a minute."""
_START_S = 900.0
"""A machine that is busy with other things takes long; killing what starts would make it longer."""
_TELL_EVERY = 10
_TAPS = (
    "#send",
    "[data-cause=accident]",
    "[data-tag] >> nth=0",
    "[data-band=pig-fat]",
    ".stepper ~ button.go",
    ".shutter:enabled",
    "section.card button.go",
    "[data-policy]",
)
"""What a farmer taps on whichever screen there is, the last step first."""


@dataclass
class Weathered:
    """What a storm did, and what it broke."""

    cuts: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    photos: int = 0
    photo_bytes: int = 0
    sent_bytes: int = 0
    seconds: float = 0.0
    slowest_start_s: float = 0.0
    violations: list[str] = field(default_factory=list)

    @property
    def resent(self) -> float:
        """Share of the photos' bytes that went over the line more than once."""
        return max(0, self.sent_bytes - self.photo_bytes) / max(1, self.photo_bytes)


class Meter:
    """Bytes of photos on their way up, headers left out: one of these listens to each connection."""

    def __init__(self, found: Weathered) -> None:
        self._found = found
        self._is_photo = self._in_head = False

    def __call__(self, passed: bytes) -> None:
        # A browser sends one request after the other over a connection, each from the start of a packet.
        method, _, rest = passed[:12].partition(b" ")
        if rest and method in {b"GET", b"POST", b"PATCH", b"HEAD", b"PUT", b"DELETE"}:
            self._is_photo = self._in_head = method == b"PATCH"
        if self._in_head:
            _, end, passed = passed.partition(b"\r\n\r\n")
            self._in_head = not end
        if self._is_photo and not self._in_head:
            self._found.sent_bytes += len(passed)


def weather_phone(cuts: int, seed: str, folder: Path, most_s: float = math.inf) -> Weathered:
    """Report until so many *cuts* were made or *most_s* seconds are over; then let it go quiet, and compare."""
    found, began = Weathered(), time.monotonic()
    (folder / "site").mkdir()
    film = folder / "film.mjpeg"
    write_film(film)
    with a_site(folder / "site") as (site, county):
        api = site.start_api(_START_S)
        line = Line([site.port], seed, cut_share=0.0, hears=lambda: Meter(found))
        try:
            with people_of(site, county) as world, sync_playwright() as playwright:
                policy = world.policy()
                with a_phone_browser(
                    playwright, folder / "phone", film, line.url, policy["inside"]
                ) as browser:
                    storm = _Storm(
                        found, Random(seed), cuts, began + most_s, browser, site, api, line.url, policy
                    )
                    storm.rage()
                    _compare(found, world, policy, storm.kept())
        finally:
            line.close()
    found.seconds = time.monotonic() - began
    return found


@dataclass
class _Storm:
    found: Weathered
    chance: Random
    most: int
    ends: float
    browser: PhoneBrowser
    site: Site
    api: Process
    url: str
    policy: dict[str, Any]
    seen: set[str] = field(default_factory=set)

    def rage(self) -> None:
        self.browser.page.goto(f"{self.url}/f#card={self.policy['card']}")
        self.browser.page.wait_for_selector("[data-policy]")
        while self._may_cut:
            self._report()
            self.found.reports += 1
            self._until_sent()

    @property
    def _may_cut(self) -> bool:
        return self.found.cuts.total() < self.most and time.monotonic() < self.ends

    def kept(self) -> list[dict[str, Any]]:
        """What the phone says it has reported; each photo that it ever showed as taken is among it."""
        reports: list[dict[str, Any]] = self.browser.page.evaluate(_REPORTS)
        named = {photo["sha256"] for one in reports for photo in one["photos"]}
        self.found.violations += [f"photo {one[:12]} was taken and not sent" for one in self.seen - named]
        return reports

    def _report(self) -> None:
        """Taps until the report is sent; a cut may come between any two."""
        while True:
            if self.chance.random() < _CUT_A_STEP:
                self._cut()
            page = self.browser.page
            if page.query_selector("progress"):
                return
            tap = next((one for one in _TAPS if page.query_selector(one)), None)
            with suppress(Error):
                if tap is None:
                    page.wait_for_timeout(50)
                else:
                    page.click(tap, timeout=2_000)
                    page.wait_for_timeout(100)
                self.seen.update(page.evaluate(_TAKEN))
            if tap == "#send":
                page.wait_for_selector("progress")

    def _until_sent(self) -> None:
        """One cut after the other while photos are on their way."""
        ends = time.monotonic() + _QUIET_S
        while not self.browser.page.evaluate(_ALL_SENT):
            if self._may_cut:
                self.browser.page.wait_for_timeout(self.chance.uniform(200, 900))
                self._cut()
                ends = time.monotonic() + _QUIET_S
            if time.monotonic() > ends:
                self.found.violations.append(f"not sent within {_QUIET_S} s of calm")
                return
            self.browser.page.wait_for_timeout(100)
        self.browser.page.goto(f"{self.url}/f")
        self.browser.page.wait_for_selector("[data-policy]")

    def _serve_again(self) -> None:
        began = time.monotonic()
        self.api = self.site.start_api(_START_S)
        self.found.slowest_start_s = max(self.found.slowest_start_s, round(time.monotonic() - began, 1))

    def _cut(self) -> None:
        if not self._may_cut:
            return
        kind = self.chance.choice(KINDS)
        self.found.cuts[kind] += 1
        if not self.found.cuts.total() % _TELL_EVERY:
            sys.stderr.write(f"{self.found.cuts.total()} cuts, {self.found.reports} reports\n")
        away = self.chance.uniform(100, 600)
        if kind == "signal":
            self.browser.set_line(is_cut=True)
            self.browser.page.wait_for_timeout(away)
            self.browser.set_line(is_cut=False)
        elif kind == "server":
            self.api.kill()
            self._serve_again()
        else:
            self.browser.kill()
            self.browser.start()
            self.browser.page.goto(f"{self.url}/f")
            self.browser.page.wait_for_selector("[data-policy]")


def _compare(found: Weathered, world: World, policy: dict[str, Any], kept: list[dict[str, Any]]) -> None:
    """Each report is one claim with all its photos; there are no others."""
    with world.farmer(policy) as http:
        listed = http.get("/claims", params={"limit": 500}).raise_for_status().json()["claims"]
        for report in kept:
            shown = eventually(
                lambda wanted=report["id"]: http.get(f"/claims/{wanted}").json(), 20.0, "the claim"
            )
            arrived = {one["sha256"] for one in shown.get("photos", []) if one["received"]}
            lost = {one["sha256"] for one in report["photos"]} - arrived
            found.violations += [f"photo {one[:12]} of {report['id']} is lost" for one in lost]
            found.photos += len(arrived)
            found.photo_bytes += sum(one["bytes"] for one in report["photos"])
    claims, reports = Counter(one["id"] for one in listed), {one["id"] for one in kept}
    found.violations += [f"claim {one} was never reported" for one in claims.keys() - reports]
    if not len(kept) == len(listed) == found.reports:
        found.violations.append(
            f"{found.reports} reports, {len(kept)} on the phone, {len(listed)} on the server"
        )


_REPORTS = """async () => {
  const { all } = await import("/f/keep.js");
  const small = ({ sha256, bytes }) => ({ sha256, bytes });
  return (await all("reports")).map((one) => ({ id: one.id, photos: one.body.photos.map(small) }));
}"""
_ALL_SENT = """async () => {
  const { all } = await import("/f/keep.js");
  return (await all("reports")).every((one) => one.done);
}"""
_TAKEN = """async () => {
  const { get } = await import("/f/keep.js");
  return ((await get("things", "draft"))?.shots ?? []).map((one) => one.sha256);
}"""
