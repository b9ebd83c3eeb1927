"""Packs of days that have changed since they were packed, kept in memory until they change again.

Which changes a day has seen says which state its rows are in: notes of changes are never updated, a claim has each
version once, and whoever packs takes all notes that it saw. So a pack that was made from the rows under the same notes
is what the rows would give again, whichever process wrote them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from backend.store.day_pack import DayPack

MOST = 512
"""Days of counties kept for a database; what was asked for longest ago goes first. A day of 300 has 50 kB."""
Notes = frozenset[tuple[object, int]]
"""The changes of one day and county, each a claim and the version that it came to."""


@dataclass(frozen=True, slots=True)
class FreshPacks:
    """Of one database."""

    _kept: OrderedDict[Hashable, tuple[Notes, DayPack]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, place: Hashable, notes: Notes, make: Callable[[], DayPack]) -> DayPack:
        """The pack of a place whose changes are *notes*; made where it is not at hand in this very state."""
        with self._lock:
            known = self._kept.get(place)
            if known and known[0] == notes:
                self._kept.move_to_end(place)
                return known[1]
        made = make()
        with self._lock:
            self._kept[place] = notes, made
            self._kept.move_to_end(place)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made


_OF_ENGINE: WeakKeyDictionary[Engine, FreshPacks] = WeakKeyDictionary()
_ENGINES = Lock()


def fresh_packs(connection: Connection) -> FreshPacks:
    """Those of the database behind a reading connection.

    A transaction that writes must not ask: what it has noted may never come to be.
    """
    with _ENGINES:
        return _OF_ENGINE.setdefault(connection.engine, FreshPacks())
