"""Proposals as people read them: what would be done, who has agreed, and who may."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from backend.domain.four_eyes.proposal import Proposal
from backend.domain.four_eyes.words import ProposalKind
from backend.domain.ids import ClaimId
from backend.domain.personal.masks import account_last4, masked_name
from backend.store import proposals
from backend.texts.load import Table

Document = dict[str, object]
_ACCOUNT = "account"


def proposal_row(proposal: Proposal, at: datetime) -> Document:
    """A proposal for a list; accounts by their last four digits, files left out."""
    draft, ending = proposal.draft, proposal.ending_at(at)
    return {
        "id": str(proposal.id),
        "kind": draft.kind,
        "subject": draft.subject,
        "organisation": draft.organisation,
        "asked_by": draft.asked_by,
        "first": draft.officer,
        "reason": draft.reason,
        "proposed_at": proposal.proposed_at.isoformat(),
        "expires_at": proposal.expires_at.isoformat(),
        "ending": ending,
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at.isoformat() if proposal.decided_at else None,
        "decision_reason": proposal.decision_reason,
    }


def with_rejection(connection: Connection, claim_id: ClaimId, table: Table) -> Document:
    """For officers, the rejection of a claim that waits for a second one; the lane is open until then."""
    if table is not Table.OFFICER:
        return {}
    waiting = proposals.standing_about(connection, ProposalKind.REJECTION, str(claim_id))
    if waiting is None:
        return {"rejection_waits": None}
    said = waiting.draft.document
    return {
        "rejection_waits": {
            "proposal": str(waiting.id),
            "lane": said["lane"],
            "by": waiting.draft.officer,
            "organisation": waiting.draft.organisation,
            "reason_code": said["reason_code"],
            "note": said["note"],
            "expires_at": waiting.expires_at.isoformat(),
        }
    }


def proposal_document(proposal: Proposal, at: datetime, *, is_whole: bool = False) -> Document:
    """A proposal with what it would do.

    ``is_whole``: a payee in clear, for who compares it with the passbook before agreeing. Once it is over it is masked
    for everybody: who has to see it then looks, for a reason that is kept.
    """
    said: Mapping[str, object] = proposal.draft.document
    if _ACCOUNT in said and not (is_whole and proposal.ending_at(at) is None):
        said = {"name": masked_name(str(said["name"])), "account_last4": account_last4(str(said[_ACCOUNT]))}
    return proposal_row(proposal, at) | {"document": dict(said)}
