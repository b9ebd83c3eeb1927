"""Who looked at personal data in clear: whose, which of it, and why. Rows are added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, and_, insert, or_, select

from backend.domain.ids import OrganisationId, PolicyNumber
from backend.domain.parties import Officer, Payee
from backend.domain.problems import NotFound
from backend.store import contacts, tables
from backend.store.personal_tables import personal_looks as looks
from backend.store.policies import payee_of
from backend.store.sealed import HOLDER_ID_NUMBER
from backend.store.vault import vault_of


class Field(StrEnum):
    """What can be looked at in clear."""

    PAYEE = "payee"
    PHONE = "phone"
    ID_NUMBER = "id-number"
    EVERYTHING = "everything"
    """An export of all that is known of a person."""


@dataclass(frozen=True, slots=True)
class Holder:
    """保单持有人 as the register knows them; ``id_number`` and ``phone`` None: never given, or erased."""

    payee: Payee
    phone: str | None
    id_number: str | None
    payee_changed_at: datetime | None


def holder(connection: Connection, number: PolicyNumber) -> Holder:
    """Who holds this policy, in clear.

    Raises:
        NotFound: No such policy, or none that is seen.
    """
    policies = tables.policies
    row = connection.execute(select(policies).where(policies.c.number == number)).one_or_none()
    if row is None:
        raise NotFound("policy", number)
    return Holder(
        payee_of(connection, number, row),
        contacts.contact(connection, row.farm_id).phone,
        vault_of(connection).open_some(row.holder_id_number, HOLDER_ID_NUMBER, number),
        row.payee_changed_at,
    )


def record(
    connection: Connection, officer: Officer, number: PolicyNumber, field: Field, reason: str, at: datetime
) -> UUID:
    """Remember a look, in the transaction that answers it."""
    look = uuid4()
    row = {
        "id": look,
        "at": at,
        "officer_id": officer.id,
        "organisation_id": officer.organisation,
        "policy_number": number,
        "field": field,
        "reason": reason,
    }
    connection.execute(insert(looks), row)
    return look


def listed(
    connection: Connection, organisation: OrganisationId, *, after: UUID | None, most: int
) -> Sequence[Row[Any]]:
    """Looks by people of one organisation, newest first; *after* is the look that the last page ended with."""
    wanted = select(looks).where(looks.c.organisation_id == organisation)
    if after:
        last = select(looks.c.at).where(looks.c.id == after).scalar_subquery()
        wanted = wanted.where(or_(looks.c.at < last, and_(looks.c.at == last, looks.c.id < after)))
    return connection.execute(wanted.order_by(looks.c.at.desc(), looks.c.id.desc()).limit(most)).all()


def of_policy(connection: Connection, number: PolicyNumber) -> Sequence[Row[Any]]:
    """Every look at one policy's holder, in order: who it is about may know (PIPL art. 44, 45)."""
    return connection.execute(select(looks).where(looks.c.policy_number == number).order_by(looks.c.at)).all()
