"""Asks for text messages that are about no claim, in the transaction of what they tell of."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from backend.domain.ids import FarmId, PolicyNumber
from backend.domain.sign_in.codes import GOOD_FOR
from backend.domain.sign_in.words import CodeFor, Message
from backend.store import contacts, farmer_codes, farmer_messages
from backend.store.contacts import Contact
from backend.store.engine import Transaction
from backend.store.farmer_messages import Letter

_TRIED_FOR = timedelta(hours=72)
"""How long what only tells is tried; a code only as long as it is good."""
_DIGITS_SHOWN = 4


def tell(
    connection: Transaction,
    kind: Message,
    farm_id: FarmId,
    at: datetime,
    *,
    contact: Contact | None = None,
    **facts: str,
) -> None:
    """Tell the farm, or a *contact* that it had before."""
    reached = contact or contacts.contact(connection, farm_id)
    farmer_messages.put(
        connection,
        Letter(
            id=uuid4(),
            kind=kind,
            asked_at=at,
            ends_at=at + _TRIED_FOR,
            farm_id=farm_id,
            phone=reached.phone,
            language=reached.language,
            facts=facts,
        ),
    )


def send_code(
    connection: Transaction,
    request_id: UUID,
    purpose: CodeFor,
    farm_id: FarmId | None,
    at: datetime,
    **facts: str,
) -> bool:
    """Send a code to the farm's contact phone, once a request; False where this request was made before.

    Without a farm, nothing is sent: all the same it is written down, sent to nobody and forgotten like any other.
    """
    ends_at = at + GOOD_FOR
    if not farmer_codes.put(connection, request_id, purpose, farm_id, ends_at):
        return False
    reached = contacts.contact(connection, farm_id or FarmId(""))
    farmer_messages.put(
        connection,
        Letter(
            id=uuid4(),
            kind=Message(purpose),
            asked_at=at,
            ends_at=ends_at,
            farm_id=farm_id,
            phone=reached.phone,
            language=reached.language,
            facts=facts,
            request_id=request_id,
        ),
    )
    return True


def last_digits(text: PolicyNumber | str) -> str:
    """By which a message names a policy or a phone."""
    return text[-_DIGITS_SHOWN:]
