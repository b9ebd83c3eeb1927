"""Lanes that another office was asked to decide 委托, as they stand: whose officers see a claim of another county."""

from sqlalchemy import Connection, delete, insert, select

from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, OrganisationId
from backend.store import tables
from backend.store.claims import OPEN
from backend.store.duty_tables import claim_delegations


def follow(connection: Connection, claim: Claim) -> None:
    """Bring the rows to what the claim says."""
    claim_id = claim.report.claim_id
    connection.execute(delete(claim_delegations).where(claim_delegations.c.claim_id == claim_id))
    rows = [
        {"claim_id": claim_id, "lane": lane, "organisation_id": asked.to}
        for lane, asked in claim.delegated.items()
    ]
    if rows:
        connection.execute(insert(claim_delegations), rows)


def asked_of(connection: Connection, office: OrganisationId) -> frozenset[ClaimId]:
    """Claims with a lane that this office was asked to decide, until they end."""
    claims = tables.claims
    found = connection.scalars(
        select(claim_delegations.c.claim_id)
        .join(claims, claims.c.id == claim_delegations.c.claim_id)
        .where(claim_delegations.c.organisation_id == office, claims.c.state.in_(OPEN))
    )
    return frozenset(ClaimId(one) for one in found)
