"""The fence's index over all farms, rebuilt and swapped whole when farms change (architecture.md §4)."""

from threading import Lock

import shapely

from backend.domain.ids import FarmId
from backend.store import policies
from backend.store.run import Store
from geo.farms import Farms
from geo.premises import Premises


class PremisesIndex:
    """All premises by farm id. Readers take the index that stands; a reload replaces it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._index = Farms(())
        self._known: frozenset[FarmId] = frozenset()

    def farms(self, including: FarmId) -> Farms:
        """The index, reloaded first when it has never heard of this farm."""
        if including not in self._known:
            self.reload()
        return self._index

    def reload(self) -> None:
        """Read every farm again."""
        with self._lock:
            registered = self._store.engine.read(policies.farms)
            self._index = Farms(
                Premises(farm.id, shapely.from_wkb(farm.boundary)) for farm in registered if farm.boundary
            )
            self._known = frozenset(farm.id for farm in registered)
