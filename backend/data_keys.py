"""The keys of this installation: made once, before anything is encrypted, and never made anew beside what is."""

from collections.abc import Sequence

from backend.adapters.key_ring import KeyRing
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.personal.problems import KeysMissing
from backend.settings import Settings
from backend.store.copying import Progress
from backend.store.data_keys import in_use, needed_by, note
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.migrate import check_schema, current_revision, migrate
from backend.store.scrub import scrub
from backend.store.sealed import COLUMNS
from backend.workflows.clock import utc_now
from backend.workflows.rotation import Rotated, rotate


def keys_of(settings: Settings) -> KeyRing:
    """The key ring that the settings' database needs.

    Raises:
        KeysMissing: Something is encrypted under a key that is not in the key folder.
        DatabaseUnreachable, DatabaseUnusable: The database cannot be asked.
    """
    ring = KeyRing(settings.keys)
    needed = needed_by(settings.database)
    if not ring.is_there and not needed:
        ring.begin(utc_now())
    require(ring, needed)
    return ring


def keys_for_backup(settings: Settings, needed: Sequence[str]) -> KeyRing:
    """The key ring that a backup needs, put back before it; a backup of before anything was encrypted needs none.

    Raises:
        KeysMissing: It is encrypted under a key that is not in the key folder.
    """
    ring = KeyRing(settings.keys)
    require(ring, needed)
    if not ring.is_there:
        ring.begin(utc_now())
    return ring


def require(ring: KeyRing, needed: Sequence[str]) -> None:
    """Refuse to work without one of these keys.

    Raises:
        KeysMissing: With every key that is not there.
    """
    missing = [key_id for key_id in needed if not ring.is_there or ring.named(key_id) is None]
    if missing:
        raise KeysMissing(
            f"{ring.file} lacks key {', '.join(missing)}, which personal data is encrypted under"
        )


def migrate_with_keys(settings: Settings) -> str:
    """Bring the settings' database to the newest schema, its personal data encrypted, and return the revision.

    Raises:
        KeysMissing: As ``keys_of``.
        DatabaseUnreachable: With the server's reason.
    """
    ring = keys_of(settings)
    before = current_revision(settings.database)
    revision = migrate(settings.database, ring)
    if before not in {None, revision}:
        scrub(settings.database, sorted({one.table for one in COLUMNS}, key=str))
    open_with_keys(settings).close()
    return revision


def rotate_keys(settings: Settings, progress: Progress, *, resumes: bool) -> Rotated:
    """Encrypt the settings' personal data under a new key, or carry on with one that was begun.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        KeysMissing: As ``keys_of``.
    """
    check_schema(settings.database)
    ring = keys_of(settings)
    engine = open_engine(settings.database, keys=ring)
    try:
        return rotate(engine, ring, utc_now(), progress, resumes=resumes)
    finally:
        engine.close()


def open_with_keys(settings: Settings) -> DatabaseEngine:
    """The settings' database with its keys; it remembers the key that is used from now on.

    Raises:
        KeysMissing: As ``keys_of``.
        DatabaseAway, StorageFull: As ``open_engine``.
    """
    ring = keys_of(settings)
    engine = open_engine(settings.database, keys=ring, kept=settings.database_connections)
    key = ring.current()
    if key.id not in engine.read(in_use, EVERYWHERE):
        engine.write(lambda connection: note(connection, key.id, key.made_at)).result()
    return engine
