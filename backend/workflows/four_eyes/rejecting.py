"""拒赔 above a sum: one officer rejects, and it counts once a second officer of the same office agrees."""

from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.commands import DecideLane
from backend.domain.four_eyes.proposal import Proposal
from backend.domain.ids import ClaimId
from backend.domain.money import Money
from backend.store import events
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows.four_eyes.deciding import FourEyes
from backend.workflows.four_eyes.hands import a_rejection


def reject(
    connection: Transaction,
    store: Store,
    four_eyes: FourEyes,
    claim_id: ClaimId,
    command: DecideLane,
    at: datetime,
    *,
    alone_most: Money,
) -> tuple[Claim, Proposal | None]:
    """Reject, or above the sum propose to: then the lane stays open until a colleague agrees.

    Args:
        connection: A write transaction.
        store: Where the claim is.
        four_eyes: Where it waits.
        claim_id: Which.
        command: The rejection, whose signature has been checked.
        at: Now.
        alone_most: Up to this offer one officer rejects alone.

    Raises:
        Problem: As the decision says: what could not be rejected is not proposed either.
    """
    tried = store.try_out(connection, claim_id, command, at)
    offer = tried.claim.offer
    if offer is None or offer.amount <= alone_most or not tried.recorded:
        return store.carry_out(connection, claim_id, command, at).claim, None
    proposed = four_eyes.propose(connection, a_rejection(claim_id, command), command.officer, at)
    return events.load(connection, claim_id), proposed
