"""Packs days whose claims have changed, aside and unhurried: figures are right without it, and quick with it."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event, Thread

import structlog

from backend.domain.authority.sight import EVERYWHERE
from backend.store import packing
from backend.store.engine import Transaction
from backend.store.packing import CountyDay, PackedMeanwhile
from backend.store.run import Store

_TOGETHER = 16
"""Days a commit: few enough not to keep other writers waiting."""

log = structlog.get_logger()


class Packer:
    """A thread that packs until stopped."""

    def __init__(self, store: Store, every: timedelta) -> None:
        self._store = store
        self._every = every
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="packing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the day in hand, take no other."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def pack_changed(self) -> int:
        """Pack every day that something changed in, in the calling thread; returns how many were packed."""
        packed = 0
        places = self._store.engine.read(packing.unpacked, EVERYWHERE)
        for begin in range(0, len(places), _TOGETHER):
            if self._stopping.is_set():
                break
            packed += self._pack(places[begin : begin + _TOGETHER])
        return packed

    def _pack(self, places: Sequence[CountyDay]) -> int:
        # Made on a reader's snapshot: no writer waits for it.
        made = self._store.engine.read(
            lambda connection: [packing.make(connection, place) for place in places], EVERYWHERE
        )

        def keep(connection: Transaction) -> int:
            for one in made:
                packing.keep(connection, one)
            return len(made)

        try:
            return self._store.submit(keep).result()
        except PackedMeanwhile:
            return 0

    def _work(self) -> None:
        while not self._stopping.wait(self._every.total_seconds()):
            try:
                self.pack_changed()
            except Exception:
                # Whatever keeps the database from answering passes, or shows elsewhere: nobody waits for a pack.
                log.exception("packing.failed")
