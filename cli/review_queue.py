"""The claims that wait for a lane, the next one fetched while the officer looks at this one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Self  # the claim's document, as the API sends it

from backend.domain.words import Lane, Path
from cli.desk import Desk
from cli.exits import Exit
from cli.refusals import Refused

_PAGE = 50
_SMALL_SIDE = 320
"""Pixels; the picture beside the facts has fewer cells than that."""


@dataclass(frozen=True, slots=True)
class Case:
    """A claim on the table: its document, and pictures of its photos by sha-256, small ones until a photo is opened."""

    shown: dict[str, Any]
    photos: dict[str, bytes]
    opened: frozenset[str] = frozenset()
    place: int = 1
    waiting: int = 1

    @property
    def received(self) -> tuple[dict[str, Any], ...]:
        """Photos whose bytes the server has."""
        return tuple(photo for photo in self.shown["photos"] if photo["received"])

    @property
    def unopened(self) -> tuple[str, ...]:
        """Photos that the officer has yet to open."""
        return tuple(photo["sha256"] for photo in self.received if photo["sha256"] not in self.opened)

    @property
    def is_doubted(self) -> bool:
        """An approval needs the photos opened and a note typed."""
        return bool(self.shown["path"] == Path.ASSISTED)

    def with_photo(self, sha256: str, content: bytes) -> Self:
        """The case once a photo was opened."""
        return replace(self, photos=self.photos | {sha256: content}, opened=self.opened | {sha256})


def cases(desk: Desk, lane: Lane | None) -> Iterator[Case]:
    """Every claim of the queue once, the most urgent first; what arrives meanwhile comes at the end."""
    seen: set[str] = set()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="next-claim") as ahead:
        while True:
            page = desk.api.get("reviews", lane=lane, limit=_PAGE)
            fresh = [row["id"] for row in page["claims"] if row["id"] not in seen]
            if not fresh:
                return
            coming = ahead.submit(fetch, desk, fresh[0])
            for place, following in enumerate([*fresh[1:], None], start=1):
                case = coming.result()
                if following:
                    coming = ahead.submit(fetch, desk, following)
                seen.add(case.shown["id"])
                yield replace(case, place=place, waiting=len(fresh))


def fetch(desk: Desk, claim: str) -> Case:
    """A claim with a small picture of its first photo, ready to be put on screen."""
    shown = desk.show(claim)
    first = next((photo["sha256"] for photo in shown["photos"] if photo["received"]), None)
    return Case(shown, {first: _small(desk, claim, first)} if first else {})


def _small(desk: Desk, claim: str, sha256: str) -> bytes:
    """A picture of some kilobytes; nothing where the photo cannot be read, which the screen then says."""
    try:
        return desk.api.content("claims", claim, "photos", sha256, side=_SMALL_SIDE)
    except Refused as refused:
        if refused.exit_code is Exit.NETWORK:
            raise
        return b""
