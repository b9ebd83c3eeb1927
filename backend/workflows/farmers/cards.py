"""Policy cards 保单卡: the QR that a farmer was handed at enrolment opens a session of that policy."""

from datetime import datetime

from backend.domain.ids import PolicyNumber
from backend.domain.sign_in.words import Message
from backend.store import farmer_sessions, policies
from backend.store.engine import Transaction
from backend.workflows.farmers.letters import last_digits, tell
from backend.workflows.secrets import token_from, token_hash


def card_from(seed: str, number: PolicyNumber) -> str:
    """The secret that follows from the issuer's seed: asked for again, it is the same, and the server keeps none."""
    return token_from(seed, "card", number)


def replace_card(connection: Transaction, number: PolicyNumber, card: str, at: datetime) -> None:
    """From now on this card is the policy's; the former one and the sessions that it opened end.

    Raises:
        NotFound: No such policy.
    """
    farm_id = policies.policy(connection, number).farm_id
    had_one = policies.put_card(connection, number, token_hash(card))
    farmer_sessions.end_of_card(connection, number, at)
    if had_one:
        tell(connection, Message.CARD_REPLACED, farm_id, at, policy=last_digits(number))
