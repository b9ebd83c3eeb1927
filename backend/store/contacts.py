"""How farms want to be told: the phone that text messages go to, and the language."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from backend.domain.ids import FarmId
from backend.domain.problems import NotFound
from backend.store import tables


@dataclass(frozen=True, slots=True)
class Contact:
    """``phone`` in the international form; None: not known. ``language`` None: the installation's."""

    phone: str | None = None
    language: str | None = None


def contact(connection: Connection, farm_id: FarmId) -> Contact:
    """How this farm wants to be told; nothing is known of a farm that never said."""
    contacts = tables.farm_contacts
    found = select(contacts.c.phone, contacts.c.language).where(contacts.c.farm_id == farm_id)
    row = connection.execute(found).one_or_none()
    return Contact(row.phone, row.language) if row else Contact()


def require_farm(connection: Connection, farm_id: FarmId) -> None:
    """Refuse a farm that is in no register.

    Raises:
        NotFound: No such farm.
    """
    if connection.scalar(select(tables.farms.c.id).where(tables.farms.c.id == farm_id)) is None:
        raise NotFound("farm", farm_id)


def put(connection: Connection, farm_id: FarmId, wanted: Contact) -> None:
    """From now on the farm is told this way.

    Raises:
        NotFound: No such farm.
    """
    require_farm(connection, farm_id)
    contacts = tables.farm_contacts
    connection.execute(delete(contacts).where(contacts.c.farm_id == farm_id))
    row = {"farm_id": farm_id, "phone": wanted.phone, "language": wanted.language}
    connection.execute(insert(contacts), row)
