"""A farmer asks for another payee: confirmed by the contact phone, decided by two officers of the insurer."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.domain.ids import PolicyNumber
from backend.domain.sign_in.words import CodeFor, Message
from backend.store import farmer_codes, payee_requests, policies
from backend.store.engine import Transaction
from backend.store.payee_requests import PayeeRequest
from backend.workflows.farmers.contact import settled_phone
from backend.workflows.farmers.letters import last_digits, send_code, tell
from backend.workflows.secrets import phone_code_hash


def ask(connection: Transaction, request: PayeeRequest, at: datetime, settled_after: timedelta) -> None:
    """Write the request down and send a code to the contact phone, where whoever has only the card does not see it.

    Raises:
        NotFound: No such policy.
        NoContactPhone, PhoneTooNew: The phone cannot vouch for this.
    """
    farm_id = policies.policy(connection, request.policy).farm_id
    settled_phone(connection, farm_id, at, settled_after)
    payee_requests.put(connection, request, at)
    send_code(connection, request.id, CodeFor.PAYEE, farm_id, at, policy=last_digits(request.policy))


def confirm(
    connection: Transaction,
    policy: PolicyNumber,
    request_id: UUID,
    code: str,
    at: datetime,
    settled_after: timedelta,
) -> bool:
    """Take the code of a request, which officers then decide on; False: it is wrong, used up or has ended.

    A request that was confirmed stays so, whatever code comes after: a retry whose answer was lost.

    Raises:
        NotFound: The policy has no such request.
        NoContactPhone, PhoneTooNew: The phone changed since the request.
    """
    request = payee_requests.request(connection, policy, request_id)
    if request.confirmed_at:
        return True
    farm_id = policies.policy(connection, policy).farm_id
    phone = settled_phone(connection, farm_id, at, settled_after)
    if not farmer_codes.spend(
        connection, request_id, CodeFor.PAYEE, phone_code_hash(request_id, phone, code), at
    ):
        return False
    payee_requests.confirm(connection, request_id, at)
    tell(connection, Message.PAYEE_ASKED, farm_id, at, policy=last_digits(policy))
    return True
