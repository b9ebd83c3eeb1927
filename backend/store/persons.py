"""Which policies are one person's: named by a policy's number, or by the phone that their farm is told over."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from backend.domain.ids import FarmId, PolicyNumber
from backend.domain.problems import NotFound
from backend.store import contacts, tables


def policies_of(connection: Connection, number: str | None, phone: str | None) -> tuple[PolicyNumber, ...]:
    """Policies by this number, or of the farms with this phone (E.164); by their numbers.

    Raises:
        NotFound: There is none, or none that is seen.
    """
    policies = tables.policies
    if number is not None:
        wanted = policies.c.number == number
    else:
        wanted = policies.c.farm_id.in_(contacts.farms_with_phone(connection, phone or ""))
    found = connection.scalars(select(policies.c.number).where(wanted).order_by(policies.c.number)).all()
    if not found:
        # Not which phone: a refusal is logged and shown.
        raise NotFound("policy", number or "of this phone")
    return tuple(PolicyNumber(one) for one in found)


def farm_of(connection: Connection, number: PolicyNumber) -> FarmId:
    """The farm of a policy that is there."""
    policies = tables.policies
    return FarmId(
        str(connection.execute(select(policies.c.farm_id).where(policies.c.number == number)).scalar_one())
    )


def others_of_farm(
    connection: Connection, farm_id: FarmId, numbers: Sequence[PolicyNumber]
) -> tuple[PolicyNumber, ...]:
    """Further policies of a farm whose holder has not been erased."""
    policies = tables.policies
    wanted = select(policies.c.number).where(
        policies.c.farm_id == farm_id,
        policies.c.number.not_in(numbers),
        policies.c.payee_account.is_not(None),
    )
    return tuple(PolicyNumber(one) for one in connection.scalars(wanted.order_by(policies.c.number)))
