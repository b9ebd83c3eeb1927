"""A phone's browser that may be killed: its own process and folder, which is what outlives it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Playwright

from tests.backend.web.farmer.phone import CHROMIUM, SCREEN
from tests.journeys.world import eventually

_START_S = 120.0
_PATIENCE_MS = 120_000
"""A storm lasts as long as the machine is busy with other things too: it waits, and tells how long it took."""
UPLOAD_BYTES_S = 120_000
"""A slow line: three photos take two seconds and more, time enough to be cut."""
_SLOW = {
    "offline": False,
    "latency": 20,
    "downloadThroughput": 2_000_000,
    "uploadThroughput": UPLOAD_BYTES_S,
}


class PhoneBrowser:
    """Chromium with a film for a camera and a place; killed, it comes back with what it had kept."""

    def __init__(
        self, playwright: Playwright, folder: Path, film: Path, url: str, place: tuple[float, float]
    ) -> None:
        self._playwright, self._folder, self._film = playwright, folder, film
        self._url, self._place = url, place
        self._process: subprocess.Popen[bytes] | None = None
        self._line: CDPSession | None = None
        self.page: Page = self.start()

    def start(self) -> Page:
        """Open the browser anew on the first screen."""
        port_file = self._folder / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                str(CHROMIUM),
                "--headless=new",
                "--no-sandbox",
                "--no-first-run",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={self._film}",
                f"--user-data-dir={self._folder}",
                "--remote-debugging-port=0",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # its children die with it
        )
        eventually(lambda: port_file.exists() and port_file.read_text().count("\n"), _START_S, "the browser")
        port = port_file.read_text().splitlines()[0]
        context = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}").contexts[0]
        context.set_default_timeout(_PATIENCE_MS)
        context.grant_permissions(["geolocation"], origin=self._url)
        lon, lat = self._place
        context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 8})
        self.page = context.pages[0] if context.pages else context.new_page()
        self.page.set_viewport_size({"width": SCREEN["width"], "height": SCREEN["height"]})
        self._line = context.new_cdp_session(self.page)
        self._line.send("Network.enable")
        self.set_line(is_cut=False)
        return self.page

    def set_line(self, *, is_cut: bool) -> None:
        """No signal from now on, or a slow one again."""
        assert self._line is not None
        self._line.send("Network.emulateNetworkConditions", _SLOW | {"offline": is_cut})

    def kill(self) -> None:
        """End it as an empty battery does."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_START_S)


@contextmanager
def a_phone_browser(
    playwright: Playwright, folder: Path, film: Path, url: str, place: tuple[float, float]
) -> Iterator[PhoneBrowser]:
    """A browser in a new folder; whatever runs at the end is killed."""
    folder.mkdir()
    browser = PhoneBrowser(playwright, folder, film, url, place)
    try:
        yield browser
    finally:
        browser.kill()
