"""How farms want to be told: the phone that text messages go to, and the language."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from backend.domain.ids import FarmId
from backend.domain.problems import NotFound
from backend.store import tables
from backend.store.sealed import PHONE
from backend.store.vault import vault_of


@dataclass(frozen=True, slots=True)
class Contact:
    """``phone`` in the international form; None: not known. ``language`` None: the installation's.

    ``phone_changed_at``: since when the phone is this one; None: it never was another one.
    """

    phone: str | None = None
    language: str | None = None
    phone_changed_at: datetime | None = None


def contact(connection: Connection, farm_id: FarmId) -> Contact:
    """How this farm wants to be told; nothing is known of a farm that never said."""
    contacts = tables.farm_contacts
    row = connection.execute(select(contacts).where(contacts.c.farm_id == farm_id)).one_or_none()
    if row is None:
        return Contact()
    phone = vault_of(connection).open_some(row.phone, PHONE, farm_id)
    return Contact(phone, row.language, row.phone_changed_at)


def farms_with_phone(connection: Connection, phone: str) -> tuple[FarmId, ...]:
    """The farms whose contact phone this is, E.164, by their ids."""
    contacts = tables.farm_contacts
    indexes = vault_of(connection).indexes(phone, PHONE)
    found = select(contacts.c.farm_id).where(contacts.c.phone_index.in_(indexes)).order_by(contacts.c.farm_id)
    return tuple(FarmId(one) for one in connection.scalars(found))


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
    vault = vault_of(connection)
    row = {
        "farm_id": farm_id,
        "phone": vault.seal_some(wanted.phone, PHONE, farm_id),
        "phone_index": vault.index(wanted.phone, PHONE),
        "language": wanted.language,
        "phone_changed_at": wanted.phone_changed_at,
    }
    connection.execute(insert(contacts), row)
