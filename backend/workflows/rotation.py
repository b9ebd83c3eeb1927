"""``server rotate-key``: a new key for personal data, everything encrypted anew, the old key laid aside."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from backend.adapters.key_ring import KeyRing
from backend.store import data_keys, rotation
from backend.store.copying import Progress
from backend.store.engine import DatabaseEngine, Transaction

_PAUSE_S = 0.5
PATIENCE_S = 120.0
"""How long transactions from before the new key are waited for."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was done: ``kept`` are former keys that something was still encrypted under, ``retired`` are laid aside."""

    key: str
    values: int
    retired: tuple[str, ...]
    kept: tuple[str, ...]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """For ``server rotate-key --json``."""
        return asdict(self) | {
            "retired": list(self.retired),
            "kept": list(self.kept),
            "seconds": round(self.seconds, 2),
        }


def rotate(
    engine: DatabaseEngine,
    ring: KeyRing,
    at: datetime,
    progress: Progress,
    *,
    resumes: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> Rotated:
    """Make a new key current, encrypt everything anew, and retire what nothing uses any more.

    Args:
        engine: The database; servers may go on.
        ring: Its keys.
        at: Now.
        progress: Told how far it is.
        resumes: A rotation that was broken off is carried on: no further key is made.
        wait: How to pass seconds.
    """
    began = time.monotonic()
    key = ring.current() if resumes and len(ring.all()) > 1 else ring.renew(at)
    engine.write(lambda connection: data_keys.note(connection, key.id, key.made_at)).result()
    since = engine.write(rotation.moment_of).result()
    values = rotation.reseal(engine, progress)
    until = time.monotonic() + PATIENCE_S
    while not engine.write(lambda connection: rotation.is_settled(connection, since)).result():
        if time.monotonic() > until:
            break
        wait(_PAUSE_S)
    # Whoever was writing meanwhile may have sealed under the former key after its rows were gone through.
    values += rotation.reseal(engine, progress)
    is_settled = engine.write(lambda connection: rotation.is_settled(connection, since)).result()
    former = [one.id for one in ring.all() if one != key]
    retired = [one for one in former if is_settled and _retired(engine, one, at)]
    for one in retired:
        ring.retire(one)
    return Rotated(
        key.id,
        values,
        tuple(retired),
        tuple(one for one in former if one not in retired),
        time.monotonic() - began,
    )


def _retired(engine: DatabaseEngine, key_id: str, at: datetime) -> bool:
    """Have the database forget a key, in the transaction that finds nothing under it."""

    def work(connection: Transaction) -> bool:
        if rotation.still_under(connection, key_id):
            return False
        data_keys.retire(connection, key_id, at)
        return True

    return engine.write(work).result()
