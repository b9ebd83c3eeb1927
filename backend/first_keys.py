"""The first keys of an installation, approved at the server's shell: before that there is nobody who could."""

from collections.abc import Sequence

from backend.domain.ids import KeyId
from backend.domain.officer_keys.key import OfficerKey
from backend.settings import Settings
from backend.store.engine import Transaction, open_engine
from backend.store.migrate import check_schema
from backend.workflows import officer_keys
from backend.workflows.clock import utc_now


def approve_keys_here(
    settings: Settings, key_ids: Sequence[KeyId], *, by: str, reason: str
) -> tuple[OfficerKey, ...]:
    """Approve keys in the settings' database, all or none; the record says that it was done here.

    Args:
        settings: Which installation.
        key_ids: Of administrators, or where an organisation has nobody who could approve them.
        by: Who is signed in at the shell.
        reason: How the keys' owners were known.

    Raises:
        SchemaOutdated: The database needs ``flashclaim server migrate`` first.
        Problem: As ``officer_keys.approve_at_server``.
    """
    check_schema(settings.database)
    engine = open_engine(settings.database)
    at = utc_now()

    def work(connection: Transaction) -> tuple[OfficerKey, ...]:
        return tuple(officer_keys.approve_at_server(connection, key_id, by, reason, at) for key_id in key_ids)

    try:
        return engine.write(work).result()
    finally:
        engine.close()
