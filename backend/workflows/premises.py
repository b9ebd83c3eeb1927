"""The fence's index over all farms, rebuilt and swapped whole when farms change (architecture.md §4)."""

from threading import Lock

import shapely

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.register.fields import Register
from backend.store import policies, registers
from backend.store.engine import Transaction
from backend.store.run import Store
from geo.farms import Farms
from geo.premises import Premises


class PremisesIndex:
    """All premises by farm id. Readers take the index that stands; a reload replaces it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._index = Farms(())
        self._version: int | None = None

    def farms(self) -> Farms:
        """The index of the farms as they are registered now.

        The register's version is looked up each time: whoever changed a boundary, in whichever process, the next
        photo is judged by it.
        """
        if self._version != self._store.engine.read(_version, EVERYWHERE):
            # Checks that come together wait for one reload and find its index.
            with self._lock:
                if self._version != self._store.engine.read(_version, EVERYWHERE):
                    self._reload()
        return self._index

    def _reload(self) -> None:
        # Version and farms come from one snapshot: an import in between is seen by the next look.
        version, registered = self._store.engine.read(
            lambda connection: (_version(connection), policies.farms(connection)), EVERYWHERE
        )
        self._index = Farms(
            Premises(farm.id, shapely.from_wkb(farm.boundary)) for farm in registered if farm.boundary
        )
        self._version = version


def _version(connection: Transaction) -> int:
    return registers.version(connection, Register.FARMS)
