"""Proposals as people read them: what would be done, who has agreed, and who may."""

from collections.abc import Mapping
from datetime import datetime

from backend.domain.four_eyes.proposal import Proposal

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


def proposal_document(proposal: Proposal, at: datetime, *, is_whole: bool = False) -> Document:
    """A proposal with what it would do.

    ``is_whole``: also the whole account number, for who compares it with the passbook before agreeing.
    """
    said: Mapping[str, object] = proposal.draft.document
    if not is_whole and _ACCOUNT in said:
        said = {name: value for name, value in said.items() if name != _ACCOUNT} | {
            "account_last4": str(said[_ACCOUNT])[-4:]
        }
    return proposal_row(proposal, at) | {"document": dict(said)}
