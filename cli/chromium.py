"""Prints a page with the Chromium or Chrome of this machine: it has the fonts, and sets Chinese as a browser does."""

import os
import shutil
import subprocess
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path

from backend.domain.problems import Problem

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_PATIENCE_S = 120
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The page asks for nothing; and nothing else of the browser's leaves this machine while it prints.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class NoBrowser(Problem):
    """A PDF was asked for, and nothing on this machine prints one."""

    type = "/problems/no-browser"
    status = HTTPStatus.NOT_IMPLEMENTED
    title = "There is no Chromium or Chrome to print with"
    next = "Write FILE.html instead and print it from any browser, or install chromium (Debian: apt install chromium)."


class PrintingFailed(Problem):
    """The browser was there and printed nothing."""

    type = "/problems/printing-failed"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "The browser did not print the page"
    next = "Write FILE.html instead and print it from any browser."


def browser() -> str:
    """The first browser of ``NAMES`` on the PATH.

    Raises:
        NoBrowser: There is none.
    """
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and sys.platform == "darwin" and _MAC.exists():
        return str(_MAC)
    if found is None:
        raise NoBrowser(f"none of {', '.join(NAMES)} is on the PATH")
    return found


def print_page(program: str, page: bytes) -> bytes:
    """The page as a PDF.

    Raises:
        PrintingFailed: The browser ended without one, or did not end in time.
    """
    with tempfile.TemporaryDirectory(prefix="flashclaim-print-") as name:
        folder = Path(name)
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_bytes(page)
        asked = (
            f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={target}",
        )
        run_browser(program, (*asked, source.as_uri()))
        if not target.is_file():
            raise PrintingFailed(f"{program} wrote nothing")
        return target.read_bytes()


def run_browser(program: str, asked: tuple[str, ...]) -> None:
    """Run the browser without a window until it ends.

    Raises:
        PrintingFailed: It did not end well, or not in time.
    """
    # Chromium refuses to start its sandbox for root, as in containers. The page itself runs no script.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    words = (program, *_QUIET, *(("--no-sandbox",) if is_root else ()), *asked)
    try:
        done = subprocess.run(words, capture_output=True, check=False, timeout=_PATIENCE_S)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired as slow:
        raise PrintingFailed(f"{program} did not end within {_PATIENCE_S} s") from slow
    except OSError as wrong:
        raise PrintingFailed(f"{program} does not start: {wrong.strerror}") from wrong
    if done.returncode != 0:
        raise PrintingFailed(
            f"{program} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
        )
