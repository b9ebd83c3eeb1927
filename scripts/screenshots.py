"""Pictures of every view of the insurer's pages, for docs/insurers.md.

Needs a server with claims in it (``flashclaim sim run`` makes some), an officer of the insurer who is signed in to it
on this machine, Chromium and Playwright. Run: python scripts/screenshots.py --profile insurer
"""

import argparse
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "insurers"
MOST_BYTES = 120_000
_COLOURS = (128, 64, 32, 16)
_WIDE, _NARROW = (1280, 1500), (400, 900)


@dataclass(frozen=True, slots=True)
class View:
    """One picture: which page, how wide, in which language and appearance; ``then`` is a link on it to follow.

    ``on_paper``: as a printer has it.
    """

    name: str
    address: str
    size: tuple[int, int] = _WIDE
    language: str = "en-GB"
    scheme: str = "light"
    then: str = ""
    on_paper: bool = False


_FIRST = "tbody th a"
VIEWS = (
    View("speed", "/i"),
    View("speed-zh-dark", "/i", language="zh-CN", scheme="dark"),
    View("speed-narrow", "/i", _NARROW),
    View("speed-printed", "/i", (800, 1100), on_paper=True),
    View("stuck", "/i/stuck"),
    View("stuck-zh-narrow", "/i/stuck", _NARROW, language="zh-CN"),
    View("quality", "/i/quality"),
    View("claims", "/i/claims", (1280, 800)),
    View("claim", "/i/claims?state=CLOSED", then=_FIRST),
    View("claim-held-zh-dark", "/i/claims?state=TRIAGED", language="zh-CN", scheme="dark", then=_FIRST),
    View("claim-narrow", "/i/claims?state=CLOSED", _NARROW, then=_FIRST),
    View("flags", "/i/flags?state=any"),
    View("money", "/i/money"),
    View("model", "/i/model"),
    View("regulator", "/i/regulator", (1280, 1000)),
    View("regulator-zh-narrow", "/i/regulator", _NARROW, language="zh-CN"),
    View("wrong-filter", "/i?from=yesterday&species=dragon", (1280, 600)),
)


def take(link: Callable[[], str], folder: Path, program: str) -> None:
    """Take all pictures; *link* gives a one-time link whenever one is needed."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for view in VIEWS:
            width, height = view.size
            page = browser.new_page(
                viewport={"width": width, "height": height},
                locale=view.language,
                color_scheme="dark" if view.scheme == "dark" else "light",
                timezone_id="Asia/Shanghai",
            )
            entry = link()
            page.goto(entry)
            page.goto(urljoin(entry, view.address), wait_until="load")
            if view.then and not page.locator(view.then).count():
                print(f"{view.name}: no such claim here, the picture stays as it is")
                page.context.close()
                continue
            if view.then:
                page.locator(view.then).first.click()
                page.wait_for_load_state("networkidle")
            if view.on_paper:
                page.emulate_media(media="print", color_scheme="light")
            page.evaluate("document.fonts.ready")
            file = folder / f"{view.name}.png"
            file.write_bytes(small(page.screenshot()))
            print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
            page.context.close()
        browser.close()


def small(picture: bytes) -> bytes:
    """The picture with as many colours as fit.

    Raises:
        ValueError: It does not fit with the fewest either.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        whole = opened.convert("RGB")
    for colours in _COLOURS:
        written = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if len(written.getvalue()) <= MOST_BYTES:
            return written.getvalue()
    raise ValueError(f"the picture is larger than {MOST_BYTES} bytes")


def main() -> None:
    """Take them with the sign-in of a profile."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", default="default")
    parser.add_argument("--into", type=Path, default=FOLDER)
    asked = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("needs Chromium: apt-get install chromium fonts-wqy-microhei")
    flashclaim = str(Path(sys.executable).with_name("flashclaim"))

    def link() -> str:
        command = [flashclaim, "web", "--no-open", "--json", "--profile", asked.profile]
        made = subprocess.run(command, check=True, capture_output=True, text=True)
        return str(json.loads(made.stdout)["link"])

    take(link, asked.into, program)


if __name__ == "__main__":
    main()
