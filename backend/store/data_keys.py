"""Which keys the database needs, by their ids: the keys themselves are never in it."""

from datetime import datetime

from sqlalchemy import Connection, insert, inspect, select, update

from backend.store.copying import snapshot
from backend.store.migrate import current_revision
from backend.store.personal_tables import data_keys


def in_use(connection: Connection) -> tuple[str, ...]:
    """Ids of keys that something may be sealed under, the oldest first."""
    needed = select(data_keys.c.key_id).where(data_keys.c.retired_at.is_(None))
    return tuple(connection.scalars(needed.order_by(data_keys.c.made_at)))


def needed_by(url: str) -> tuple[str, ...]:
    """As ``in_use`` of the database at *url*; none of one that is not there yet, or of before anything was sealed.

    Raises:
        DatabaseUnreachable, DatabaseUnusable: It cannot be opened.
    """
    if current_revision(url) is None:
        return ()
    with snapshot(url) as connection:
        return in_use(connection) if inspect(connection).has_table(data_keys.name) else ()


def note(connection: Connection, key_id: str, made_at: datetime) -> None:
    """Remember that something may be sealed under this key from now on."""
    again = update(data_keys).where(data_keys.c.key_id == key_id).values(retired_at=None)
    if not connection.execute(again).rowcount:
        connection.execute(insert(data_keys), {"key_id": key_id, "made_at": made_at})


def retire(connection: Connection, key_id: str, at: datetime) -> None:
    """Nothing is sealed under this key any more."""
    connection.execute(update(data_keys).where(data_keys.c.key_id == key_id).values(retired_at=at))
