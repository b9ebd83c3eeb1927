"""What ``flashclaim audit`` does at the server itself: hash the database's log again, replace the signing key."""

from collections.abc import Iterator

from backend.domain.ids import KeyId
from backend.domain.merkle.checkpoint import Checkpoint
from backend.ed25519 import fits
from backend.settings import Settings
from backend.store.audit_verify import Kept, Verified, verify
from backend.store.copying import Progress, snapshot
from backend.store.engine import open_engine
from backend.store.migrate import check_schema
from backend.workflows.clock import DatabaseClock
from backend.workflows.signing import rotate_signing_key


def verify_installation(
    settings: Settings,
    checkpoint: Checkpoint | None,
    leaves: Iterator[bytes] | None,
    *,
    progress: Progress,
) -> Verified:
    """Hash every event of the settings' database again, and hold it against what was kept elsewhere.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        DatabaseUnusable: It cannot be opened.
    """
    check_schema(settings.database)
    kept = None if checkpoint is None else Kept(checkpoint, leaves)
    with snapshot(settings.database) as connection:
        return verify(connection, fits, progress, kept=kept)


def new_signing_key(settings: Settings, *, is_lost: bool) -> KeyId:
    """Replace the installation's signing key; servers that run take the new one into use.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        SigningKeyUnusable: The former key is not in its folder, and nobody said that it is lost.
    """
    check_schema(settings.database)
    engine = open_engine(settings.database)
    try:
        return rotate_signing_key(engine, settings.keys, DatabaseClock(engine)(), is_lost=is_lost)
    finally:
        engine.close()
