"""A lane's queue, kept fresh in the background, with the next claims fetched ahead."""

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self  # a queue's page, as the API sends it

from backend.domain.words import Lane
from cli.desk import Desk
from cli.exits import Exit
from cli.following import Broken, follow
from cli.refusals import Refused
from cli.review_case import Case
from cli.screens.pictures import shrunk

_PAGE, _LONGEST_PAGE = 50, 200
_AHEAD = 2
_SMALL_SIDE = 320
"""Pixels; the picture beside the facts has fewer cells than that."""
_SILENCE_S = 20.0
"""A line that is silent for longer may be held back by a proxy: the queue is then read instead."""
_POLL_S = 5.0


class Waiting:
    """What waits for a lane, from entering to leaving; *ring* is called when the claim on the table has changed."""

    def __init__(self, desk: Desk, lane: Lane | None, ring: Callable[[], None]) -> None:
        self._desk = desk
        self._lane = lane
        self._own_lane = lane or desk.profile.own_lane
        self._ring = ring
        self._guard = Lock()
        self._rows: list[dict[str, Any]] = []
        self._length = 0
        self._seen: dict[str, float] = {}
        """By id, the version after which a claim is shown again: once this officer has decided, any later one."""
        self._table: Case | None = None
        self._fresh: Case | None = None
        self._coming: dict[tuple[str, int], Future[Case]] = {}
        self._fetching = ThreadPoolExecutor(_AHEAD, thread_name_prefix="next-claim")
        self._leaving = Event()
        self._listening = Thread(target=self._listen, name="queue", daemon=True)

    def __enter__(self) -> Self:
        self._take(self._read(_PAGE))
        self._listening.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._fetching.shutdown(wait=False, cancel_futures=True)

    def __len__(self) -> int:
        return self._length

    def take_next(self) -> Case | None:
        """The most urgent claim that has not been on the table; None once there is none left."""
        while row := self._next_row():
            with self._guard:
                self._seen[row["id"]] = float("inf")
                coming = self._coming.pop(_key(row), None)
            case = coming.result() if coming else fetch(self._desk, row["id"])
            # Decided by a colleague, or withdrawn, since the queue was read.
            if case.waits_for(self._own_lane):
                self.put(case)
                return case
        return None

    def put(self, case: Case) -> None:
        """Lay this on the table: it is watched from here on, and what follows it is fetched."""
        with self._guard:
            self._table, self._fresh = case, None
        self._fetch_ahead()
        self._look_at_table()

    def done(self, moved: dict[str, Any]) -> None:
        """The officer has decided; should the claim wait for this lane again, it is shown again."""
        with self._guard:
            self._seen[moved["id"]] = moved.get("version", 0)

    def take_fresh(self) -> Case | None:
        """The claim on the table as it is now, if it has changed since it was laid there."""
        with self._guard:
            fresh, self._fresh = self._fresh, None
            if fresh:
                self._table = fresh
            return fresh

    def _next_row(self) -> dict[str, Any] | None:
        for most in (_PAGE, _LONGEST_PAGE):
            row = next(iter(self._unseen()), None)
            if row:
                return row
            # What the background has heard may be behind; what was skipped may fill the page.
            self._take(self._read(most))
        return next(iter(self._unseen()), None)

    def _unseen(self) -> list[dict[str, Any]]:
        with self._guard:
            return [row for row in self._rows if row.get("version", 0) > self._seen.get(row["id"], -1)]

    def _read(self, most: int) -> dict[str, Any]:
        return dict(self._desk.api.get("reviews", lane=self._lane, limit=most))

    def _take(self, page: dict[str, Any]) -> None:
        with self._guard:
            self._rows, self._length = page["claims"], page["waiting"]
        self._fetch_ahead()

    def _fetch_ahead(self) -> None:
        """Have the next claims ready as they now are, and forget those that are not next any more."""
        wanted = {_key(row): row["id"] for row in self._unseen()[:_AHEAD]}
        with self._guard:
            for key in self._coming.keys() - wanted.keys():
                self._coming.pop(key).cancel()
            for key in wanted.keys() - self._coming.keys():
                if not self._leaving.is_set():
                    self._coming[key] = self._fetching.submit(fetch, self._desk, wanted[key])

    def _look_at_table(self) -> None:
        """Fetch the claim on the table again where the queue shows another version of it, or none."""
        with self._guard:
            table = self._fresh or self._table
            rows = {row["id"]: row for row in self._rows}
        if table is None:
            return
        row = rows.get(table.id)
        if row is not None and row.get("version", table.version) <= table.version:
            return
        fresh = fetch(self._desk, table.id, table)
        with self._guard:
            if fresh.shown == table.shown or self._table is None or self._table.id != table.id:
                return
            self._fresh = fresh
        self._ring()

    def _listen(self) -> None:
        """Take every page that the stream tells; without a stream, read one now and then."""
        try:
            stream = follow(
                *(self._desk.api, "reviews", "stream"),
                silence_s=_SILENCE_S,
                pause=self._leaving.wait,
                lane=self._lane,
            )
            for heard in stream:
                self._hear(None if isinstance(heard, Broken) else json.loads(heard.data))
        except Refused:
            # An older server, or one that has no stream left for us.
            while not self._leaving.wait(_POLL_S):
                self._hear(None)
        except RuntimeError:
            # The connection is closed under a reading that was under way when the officer left.
            if not self._leaving.is_set():
                raise

    def _hear(self, page: dict[str, Any] | None) -> None:
        try:
            self._take(page or self._read(_PAGE))
            self._look_at_table()
        except Refused:
            # Said to the officer by the next key, which meets the same; the next news comes this way again.
            return


def fetch(desk: Desk, claim: str, known: Case | None = None) -> Case:
    """A claim ready to be put on screen: with its first photo, small enough to be drawn at once."""
    shown = desk.show(claim)
    first = next((photo["sha256"] for photo in shown["photos"] if photo["received"]), None)
    if first is None:
        return Case(shown, {})
    if known and known.thumbnail and known.received[0]["sha256"] == first:
        return Case(shown, {}, known.thumbnail)
    return Case(shown, {}, _small(desk, claim, first))


def _small(desk: Desk, claim: str, sha256: str) -> bytes:
    """A picture of some kilobytes; nothing where the photo cannot be read, which the screen then says."""
    try:
        content = desk.api.content("claims", claim, "photos", sha256, side=_SMALL_SIDE)
    except Refused as refused:
        if refused.exit_code is Exit.NETWORK:
            raise
        return b""
    return shrunk(content) or content


def _key(row: dict[str, Any]) -> tuple[str, int]:
    return row["id"], row.get("version", 0)
