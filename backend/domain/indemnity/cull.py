"""Compulsory culling 强制扑杀: pays what the state's subsidy 扑杀补助 leaves of the sum insured."""

from backend.domain.indemnity.amount import MethodAmount, Needs, exact, nothing
from backend.domain.money import Money
from backend.domain.words import ReasonCode

CULL_NEEDS = Needs(sum_insured=True)
FLOCK_CULL_NEEDS = Needs(sum_insured=True, loss=("deaths",))


def cull_amount(sum_insured: Money | None, subsidy: Money) -> MethodAmount:
    """Return max(0, sum insured − subsidy) for one head, whatever the product's method."""
    left = exact(sum_insured) - subsidy.yuan
    if left <= 0:
        return nothing(f"the subsidy of {subsidy} covers {sum_insured}", ReasonCode.COVERED_BY_SUBSIDY)
    return MethodAmount(left, f"({sum_insured} − {subsidy} subsidy)")
