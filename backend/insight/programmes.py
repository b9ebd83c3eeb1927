"""Programmes as people and scripts read them: what is used, what is left, and which claims wait for more."""

from collections.abc import Sequence
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Row

from backend.domain.ids import ProgrammeId
from backend.domain.indemnity.quote import CURRENCY
from backend.domain.programme import ProgrammeLimit

Document = dict[str, object]


def limit_of(row: Row[Any]) -> ProgrammeLimit:
    """The money of a programme's row."""
    return ProgrammeLimit(ProgrammeId(row.id), row.most, row.paid_before + row.committed)


def programme_row(row: Row[Any]) -> Document:
    """One programme; ``used`` is what earlier systems paid and what payouts under way or done come to."""
    limit = limit_of(row)
    return {
        "id": row.id,
        "name": row.name,
        "county": row.county,
        "begins": row.begins.isoformat(),
        "ends": row.ends.isoformat(),
        "limit": str(limit.most),
        "used": str(limit.used),
        "left": str(limit.left),
        "paid_before": str(row.paid_before),
        "currency": CURRENCY,
        "policies": row.policies,
    }


def programme_document(row: Row[Any], waiting: Sequence[Row[Any]]) -> Document:
    """One programme with the claims whose payout waits; ``fits`` says whether its sum is left by itself."""
    limit = limit_of(row)
    return programme_row(row) | {
        "waiting": [
            {
                "number": claim.number,
                "id": str(claim.id),
                "policy_number": claim.policy_number,
                "amount": str(claim.amount),
                "due_at": claim.due_at.isoformat(),
                "fits": limit.allows(claim.amount),
            }
            for claim in waiting
        ]
    }
