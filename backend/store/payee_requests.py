"""Farmers' requests to pay somebody else: asked, confirmed by a code to the contact phone, then for two officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.ids import PolicyNumber
from backend.domain.parties import Payee
from backend.domain.personal.masks import ERASED
from backend.domain.problems import NotFound
from backend.store.farmer_tables import payee_requests
from backend.store.sealed import ASKED_ACCOUNT, ASKED_NAME
from backend.store.vault import vault_of

_REQUESTS = payee_requests.c


@dataclass(frozen=True, slots=True)
class PayeeRequest:
    """Whom a policy is to pay 收款人变更申请, and who asked."""

    id: UUID
    policy: PolicyNumber
    payee: Payee
    asked_by: UUID
    confirmed_at: datetime | None = None


def put(connection: Connection, request: PayeeRequest, at: datetime) -> None:
    """Write a request down; it changes nothing yet."""
    vault = vault_of(connection)
    row = {
        "id": request.id,
        "policy_number": request.policy,
        "payee_name": vault.seal(request.payee.name, ASKED_NAME, request.id),
        "payee_account": vault.seal(request.payee.account, ASKED_ACCOUNT, request.id),
        "asked_by": request.asked_by,
        "asked_at": at,
    }
    connection.execute(insert(payee_requests), row)


def request(connection: Connection, policy: PolicyNumber, request_id: UUID) -> PayeeRequest:
    """A policy's request, held until the transaction ends.

    Raises:
        NotFound: The policy has no such request, or what it asked for is erased.
    """
    is_it = (_REQUESTS.id == request_id, _REQUESTS.policy_number == policy)
    row = connection.execute(select(payee_requests).where(*is_it).with_for_update()).one_or_none()
    if row is None or row.payee_account is None:
        raise NotFound("payee request", request_id)
    return PayeeRequest(
        row.id, PolicyNumber(row.policy_number), payee_of(connection, row), row.asked_by, row.confirmed_at
    )


def payee_of(connection: Connection, row: Row[Any]) -> Payee:
    """Whom a request's row names; in its erased form where that was erased."""
    vault = vault_of(connection)
    if row.payee_name is None or row.payee_account is None:
        return Payee(ERASED, "")
    return Payee(
        vault.open(row.payee_name, ASKED_NAME, row.id), vault.open(row.payee_account, ASKED_ACCOUNT, row.id)
    )


def confirm(connection: Connection, request_id: UUID, proposal_id: UUID, at: datetime) -> None:
    """The contact phone's code was right: it waits for two officers, as this proposal."""
    became = {"confirmed_at": at, "proposal_id": proposal_id}
    connection.execute(update(payee_requests).where(_REQUESTS.id == request_id).values(became))


def of_policy(connection: Connection, policy: PolicyNumber, most: int) -> Sequence[Row[Any]]:
    """A policy's requests, the newest first."""
    listed = select(payee_requests).where(_REQUESTS.policy_number == policy)
    return connection.execute(listed.order_by(_REQUESTS.asked_at.desc(), _REQUESTS.id).limit(most)).all()
