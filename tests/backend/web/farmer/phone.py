"""A farmer's phone: a real browser with a camera that sees a real photo, a place, and fingers that are counted."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.world import World, eventually

CHROMIUM = Path("/usr/bin/chromium")
PHOTO = Path(__file__).resolve().parents[4] / "demo" / "photos" / "pig-1.jpg"
SCREEN = {"width": 360, "height": 640}
PATIENCE_MS = 30_000
FRAME = (800, 600)
VOICES = """
speechSynthesis.getVoices = () => ["zh-CN", "en-GB"].map((lang) => ({ lang, name: "made for this story" }));
"""
"""Voices of a usual phone; the machine that runs the stories has none."""
_SHAKE = (20, 15)
"""The hand moves through so many pixels each way: ten seconds until it is back, and no story lasts that long."""


def write_film(film: Path) -> None:
    """What the fake camera sees: a real photo, held by a hand that is not quite still, so that no two frames agree."""
    width, height = FRAME
    with Image.open(PHOTO) as photo, film.open("wb") as written:
        picture = photo.convert("RGB").resize((width + _SHAKE[0], height + _SHAKE[1]))
        for down in range(_SHAKE[1]):
            for right in range(_SHAKE[0]):
                frame = io.BytesIO()
                picture.crop((right, down, right + width, down + height)).save(frame, "JPEG", quality=75)
                written.write(frame.getvalue())


@contextmanager
def a_browser(folder: Path, shoot: Callable[[Path], None] = write_film) -> Iterator[Browser]:
    """Chromium whose camera plays the film that *shoot* writes."""
    film = folder / "film.mjpeg"
    shoot(film)
    arguments = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Phone:
    """One phone and its owner, who taps and types."""

    context: BrowserContext
    page: Page
    world: World
    policy: dict[str, Any]
    taps: int = 0
    typed: int = 0
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/f") -> None:
        self.page.goto(f"{self.world.url}{path}")

    def sign_in(self) -> None:
        """Open the address of the policy card's code."""
        self.open(f"/f#card={self.policy['card']}")
        self.sees("[data-policy]")

    def tap(self, what: str) -> None:
        self.page.click(what)
        self.taps += 1

    def sees(self, what: str) -> None:
        self.page.wait_for_selector(what)

    def knows_its_place(self) -> None:
        """The page, its modules and its pictures are kept, and the device has its nonce."""
        # Asked, not waited for in the page: its policy forbids strings to become code, also those of a test.
        eventually(lambda: self.page.evaluate(_IS_READY), 30.0, "the kept page")

    def take_photos(self, shots: int = 3) -> None:
        for shot in range(1, shots + 1):
            self.tap(".shutter:enabled")
            if shot < shots:
                self.sees(f'.keys button:has-text("({shot})")')

    def report(self, *, cause: str = "accident") -> None:
        """From the first screen to the last tap, as a farmer does it with one dead pig."""
        self.tap("[data-policy]")
        self.take_photos()
        self.answer(cause=cause)

    def answer(self, *, cause: str = "accident") -> None:
        """From the photos to the last look."""
        self.sees(".stepper")
        self.tap("button.go")
        self.tap("[data-band=pig-fat]")
        self.tap("[data-tag] >> nth=0")
        self.tap(f"[data-cause={cause}]")
        self.sees("#send")

    def send(self) -> None:
        self.tap("#send")
        self.sees("progress")

    def claims(self) -> list[dict[str, Any]]:
        """What the server has of this farmer."""
        with self.world.farmer(self.policy) as http:
            return list(http.get("/claims").raise_for_status().json()["claims"])


_IS_READY = """async () => {
  const base = await new Promise((done) => {
    const r = indexedDB.open("flashclaim", 1); r.onsuccess = () => done(r.result);
  });
  const own = await new Promise((done) => {
    const r = base.transaction("things").objectStore("things").get("device"); r.onsuccess = () => done(r.result);
  });
  base.close();
  const pictures = await (await caches.open("flashclaim-bands")).keys();
  return Boolean(own && own.nonce && pictures.length > 3 && navigator.serviceWorker.controller);
}"""


@contextmanager
def a_phone(browser: Browser, world: World, policy: dict[str, Any], **changes: Any) -> Iterator[Phone]:
    """A phone on this policy's farm; *changes* are made to what Playwright is told of it."""
    lon, lat = policy["inside"]
    options = {
        "viewport": SCREEN,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "geolocation": {"longitude": lon, "latitude": lat, "accuracy": 8},
        "permissions": ["geolocation", "camera"],
    }
    context = browser.new_context(**options | changes)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    phone = Phone(context, page, world, policy)
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    page.on("console", lambda said: _note(phone, said.text))
    try:
        yield phone
    finally:
        context.close()
    assert phone.complaints == []


def _note(phone: Phone, said: str) -> None:
    # What the page's policy refused; a line that is gone is a story of its own.
    if "Content Security Policy" in said:
        phone.complaints.append(said)
