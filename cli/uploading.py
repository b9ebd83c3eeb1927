"""Photos go to the server, over lines that break: each goes on where it broke, and a terminal shows how far it is."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any  # JSON from the server

from cli.desk import Desk
from cli.refusals import Refused
from cli.render import say

if TYPE_CHECKING:
    from cli.client import Api
    from cli.manifest import PhotoFile

UNREADABLE = frozenset(
    {"not-a-photo", "photo-truncated", "photo-too-many-pixels", "photo-too-big", "photo-too-costly"}
)
"""Problems of ``backend.evidence.refusals``: the server has kept the bytes, and says why nobody can see them."""

BROKEN = frozenset({"server-unreachable", "upload-interrupted", "upload-locked", "offset-mismatch"})
"""Problems after which an upload goes on from where the server says it is."""

_PIECE = 16_384
_MOST_TRIES = 6
_FIRST_WAIT_S = 0.2

Show = Callable[[int, int, int], None]
"""Is told how many photos have been received, their bytes, and how many bytes of the next one have gone out."""


def upload(desk: Desk, answer: dict[str, Any], files: "Sequence[PhotoFile]") -> None:
    """Send what has not arrived; the answer's ``received`` follows what the server has.

    Args:
        desk: Who sends.
        answer: ``photos`` of the server's answer to a manifest; those announced earlier may stand among them.
        files: The photos of this manifest.

    Raises:
        Refused: A photo, by the server, or by the line; one that cannot be read only after the others were sent.
    """
    unreadable: Refused | None = None
    content = {photo.sha256: photo for photo in files}
    ours = [wanted for wanted in answer["photos"] if wanted["sha256"] in content]
    done = 0
    with _shown(files) as show:
        for place, wanted in enumerate(ours, start=1):
            photo = content[wanted["sha256"]]
            if not wanted["received"]:
                try:
                    send(desk.api, wanted["upload_url"], photo.content, partial(show, place - 1, done))
                except Refused as refusal:
                    # Such a photo is kept and the claim goes on: the others must not wait for a better one.
                    if refusal.body["code"] not in UNREADABLE:
                        raise
                    unreadable = refusal
                    say(f"{photo.name}: {refusal}")
                wanted["received"] = True
            done += len(photo.content)
            show(place, done, 0)
            say(f"Photo {place} of {len(files)} received: {photo.name}, {len(photo.content) / 1000:,.0f} kB.")
    if unreadable:
        raise unreadable


def send(api: "Api", url: str, content: bytes, show: Callable[[int], None]) -> None:
    """Send one photo; where the line breaks, what is missing.

    Args:
        api: The server.
        url: The photo's upload address.
        content: The whole photo.
        show: Told how many of its bytes have gone out; fewer than before where some were lost on the way.

    Raises:
        Refused: The server does not take it, or the line broke again and again without a byte getting through.
    """
    arrived = tries = 0
    while True:
        before, arrived = arrived, api.arrived(url)
        tries = 0 if arrived > before else tries
        try:
            api.append(url, arrived, _pieces(content, arrived, show), len(content) - arrived)
        except Refused as refused:
            tries += 1
            if refused.body["code"] not in BROKEN or tries == _MOST_TRIES:
                raise
            time.sleep(_FIRST_WAIT_S * 2 ** (tries - 1))
        else:
            return


def _pieces(content: bytes, start: int, show: Callable[[int], None]) -> Iterator[bytes]:
    for place in range(start, len(content), _PIECE):
        show(place)
        yield content[place : place + _PIECE]


@contextmanager
def _shown(files: "Sequence[PhotoFile]") -> Iterator[Show]:
    """A line at the foot of the terminal; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _received, _done, _sent: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=sum(len(photo.content) for photo in files))

        def show(received: int, done: int, sent: int) -> None:
            told = f"{received} of {len(files)} photos received"
            bar.update(task, description=told, completed=done + sent, refresh=True)

        show(0, 0, 0)
        yield show
