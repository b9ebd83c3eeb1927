"""Does the programme 政策性保险项目 still have the money for this sum?"""

from backend.domain.findings import Finding, Pass, Refer
from backend.domain.money import Money
from backend.domain.programme import ProgrammeLimit
from backend.domain.words import ReasonCode


def judge_programme(amount: Money, limit: ProgrammeLimit | None) -> Finding:
    """A sum above what is left is a doubt for people, never less for the farmer: the sum itself stays.

    The payout alone is held to the limit (``decisions.paying``): money may come free, or be granted, until then.

    Args:
        amount: What the claim comes to.
        limit: The programme's as it stands, None for a policy that belongs to none.
    """
    if limit is None or limit.allows(amount):
        return Pass()
    facts = {"programme": limit.programme, "limit": str(limit.most), "left": str(limit.left)}
    return Refer(ReasonCode.PROGRAMME_LIMIT, facts)
