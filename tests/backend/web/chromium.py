"""Chromium under Playwright: a page that is signed in, what it weighs, and what axe-core finds in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.backend.web.browsing import a_link
from tests.journeys.world import World

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).resolve().parents[2] / "clients" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = (1280, 900), (400, 800)
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Chromium:
    """One browser; a story begins with empty cookies and ends with what the console said."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self.world: World
        self.complaints: list[str] = []
        self.bytes = 0
        self.context: Any = None

    def begin(self, world: World) -> None:
        """Forget the story before."""
        self.world, self.complaints, self.bytes = world, [], 0

    def open(
        self,
        address: str = "/i",
        *,
        lane: str = "insurer",
        size: tuple[int, int] = WIDE,
        language: str = "en-GB",
        scheme: str = "light",
        scripts: bool = True,
    ) -> Any:
        """A page at *address*, signed in as an officer of *lane*."""
        self.end()
        self.context = self._browser.new_context(
            base_url=self.world.url,
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme=scheme,
            java_script_enabled=scripts,
            timezone_id="Asia/Shanghai",
        )
        page = self.context.new_page()
        page.on(
            "console", lambda said: said.type in {"error", "warning"} and self.complaints.append(said.text)
        )
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.goto(a_link(self.world.officer(lane)))
        if address != "/i":
            page.goto(address)
        return page

    def weigh(self, address: str) -> int:
        """Bytes over the wire, headers included, for a first visit of a page by whoever is signed in."""
        page, weighed = self.context.new_page(), 0
        wire = self.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.clearBrowserCache")

        def count(told: dict[str, Any]) -> None:
            nonlocal weighed
            weighed += told["encodedDataLength"]

        wire.on("Network.loadingFinished", count)
        page.goto(address, wait_until="networkidle")
        page.close()
        return weighed

    def end(self) -> None:
        """Close the story's window."""
        if self.context:
            self.context.close()
            self.context = None


def axe_faults(page: Any) -> list[str]:
    """What axe-core finds wrong with the page as it stands."""
    if not AXE.is_file():
        pytest.skip("needs axe-core: npm ci --prefix tests/clients/axe")
    # As a file of another world: the page's own policy forbids whatever is not ours.
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    options = {"runOnly": {"type": "tag", "values": _WCAG}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}" for one in found["violations"]
    ]


@contextmanager
def chromium_or_skip() -> Iterator[Chromium]:
    """Start it; skip, with the reason, where it is not there."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    if PROGRAM is None:
        pytest.skip("needs Chromium: apt-get install chromium fonts-wqy-microhei")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield Chromium(browser)
        browser.close()
