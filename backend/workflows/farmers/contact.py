"""A farm's contact phone: codes go to it, so a change ends what the former one opened, and is told to it."""

from dataclasses import replace
from datetime import datetime, timedelta

from backend.domain.ids import FarmId
from backend.domain.policy import policy_day
from backend.domain.sign_in.problems import CardChangesNoPhone, NoContactPhone, PhoneTooNew
from backend.domain.sign_in.words import Message
from backend.store import contacts, farmer_codes, farmer_sessions
from backend.store.contacts import Contact
from backend.store.engine import Transaction
from backend.workflows.farmers.letters import last_digits, tell


def change_contact(
    connection: Transaction, farm_id: FarmId, wanted: Contact, at: datetime, *, by_card: bool = False
) -> Contact:
    """From now on the farm is told this way.

    A phone that is set for the first time counts as changed too: whoever sets it may not turn the money at once.

    Raises:
        NotFound: No such farm.
        CardChangesNoPhone: Asked for *by_card*, and another phone is known.
    """
    before = contacts.contact(connection, farm_id)
    if by_card and before.phone is not None and wanted.phone != before.phone:
        raise CardChangesNoPhone("the farm has another contact phone")
    changed_at = before.phone_changed_at if wanted.phone == before.phone else at
    became = replace(wanted, phone_changed_at=changed_at)
    contacts.put(connection, farm_id, became)
    if wanted.phone != before.phone:
        farmer_codes.end_of_farm(connection, farm_id, at)
        farmer_sessions.end_of_phone(connection, farm_id, at)
        if before.phone:
            facts = {"last": last_digits(wanted.phone)} if wanted.phone else {}
            tell(connection, Message.PHONE_CHANGED, farm_id, at, contact=before, **facts)
    return became


def settled_phone(connection: Transaction, farm_id: FarmId, at: datetime, settled_after: timedelta) -> str:
    """The contact phone, if it has been this one for long enough to turn money with.

    Raises:
        NoContactPhone: There is none.
        PhoneTooNew: It was changed, or first set, less than *settled_after* ago.
    """
    known = contacts.contact(connection, farm_id)
    if known.phone is None:
        raise NoContactPhone("a code to the contact phone has to confirm this, and no phone is known")
    if known.phone_changed_at and at - known.phone_changed_at < settled_after:
        settled = policy_day(known.phone_changed_at + settled_after)
        raise PhoneTooNew(f"the contact phone was changed lately; the payee may be changed from {settled} on")
    return known.phone
