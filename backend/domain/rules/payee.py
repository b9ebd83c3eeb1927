"""Whom the money goes to 收款人: domain.md §1, payee, and §2, one payee on many farms."""

from collections.abc import Iterator
from datetime import datetime

from backend.domain.elsewhere import Elsewhere
from backend.domain.findings import Refer
from backend.domain.plain import moment
from backend.domain.policy import policy_day
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode


def unsettled_payee(elsewhere: Elsewhere, at: datetime, thresholds: Thresholds) -> Iterator[Refer]:
    """A payee changed lately, or since the report: nothing is paid before someone has asked the insured.

    Each is the hold PAYEE_CHANGED, which leaves the lanes open; the change's moment is its subject, so that another
    change is another doubt.
    """
    changed = elsewhere.payee_changed_at
    subject = moment(changed) if changed else ""
    if changed and at - changed < thresholds.payee_settled_after:
        yield Refer(ReasonCode.PAYEE_CHANGED, {"day": policy_day(changed).isoformat()}, subject)
    if not elsewhere.is_payee_current:
        yield Refer(ReasonCode.PAYEE_MISMATCH, {"why": "PAYS_ANOTHER"}, f"policy {subject}")


def shared_payee(elsewhere: Elsewhere, thresholds: Thresholds) -> Iterator[Refer]:
    """One account that many farms' policies pay is a doubt and holds nothing: it may be a cooperative's."""
    if elsewhere.payee_farms > thresholds.payee_farms:
        yield Refer(ReasonCode.PAYEE_MISMATCH, {"farms": str(elsewhere.payee_farms)}, "account")
