"""A farmer asks for another payee: confirmed by the contact phone, decided by two officers of the insurer."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.domain.ids import PolicyNumber
from backend.domain.sign_in.limits import CodeLimits
from backend.domain.sign_in.words import CodeFor, Message
from backend.store import farmer_codes, payee_requests, policies, registers
from backend.store.engine import Transaction
from backend.store.payee_requests import PayeeRequest
from backend.workflows.farmers.contact import settled_phone
from backend.workflows.farmers.letters import last_digits, send_code, tell
from backend.workflows.farmers.sign_in import require_rates
from backend.workflows.four_eyes.deciding import FourEyes
from backend.workflows.four_eyes.hands import a_payee_asked_for
from backend.workflows.secrets import phone_code_hash

_REASON = "asked for by the farmer, confirmed by a code to the contact phone"


def ask(
    connection: Transaction,
    request: PayeeRequest,
    at: datetime,
    settled_after: timedelta,
    limits: CodeLimits,
) -> None:
    """Write the request down and send a code to the contact phone, where whoever has only the card does not see it.

    Raises:
        NotFound: No such policy.
        NoContactPhone, PhoneTooNew: The phone cannot vouch for this.
        TooManyRequests: Each code may be guessed at five times, and a card alone asks for it.
    """
    farm_id = policies.policy(connection, request.policy).farm_id
    settled_phone(connection, farm_id, at, settled_after)
    require_rates(connection, f"code/payee/{farm_id}", limits.number, at, "codes for one number")
    payee_requests.put(connection, request, at)
    send_code(connection, request.id, CodeFor.PAYEE, farm_id, at, policy=last_digits(request.policy))


def confirm(
    connection: Transaction,
    four_eyes: FourEyes,
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
        AlreadyProposed: Two officers look at another payee of this policy.
    """
    request = payee_requests.request(connection, policy, request_id)
    if request.confirmed_at:
        return True
    held = policies.policy(connection, policy)
    farm_id = held.farm_id
    phone = settled_phone(connection, farm_id, at, settled_after)
    if not farmer_codes.spend(
        connection, request_id, CodeFor.PAYEE, phone_code_hash(request_id, phone, code), at
    ):
        return False
    insurer = registers.insurer_of(connection, held.county)
    draft = a_payee_asked_for(insurer, f"policy {policy}", policy, request.payee, _REASON)
    proposed = four_eyes.propose(connection, draft, None, at)
    payee_requests.confirm(connection, request_id, proposed.id, at)
    tell(connection, Message.PAYEE_ASKED, farm_id, at, policy=last_digits(policy))
    return True
