"""Compulsory culling 强制扑杀: pays what the state's subsidy 扑杀补助 leaves of the sum insured."""

from backend.domain.indemnity.amount import MethodAmount, Needs, amount_of, exact, nothing
from backend.domain.indemnity.working import StepKind, step
from backend.domain.money import Money
from backend.domain.words import ReasonCode

CULL_NEEDS = Needs(sum_insured=True)
FLOCK_CULL_NEEDS = Needs(sum_insured=True, loss=("deaths",))


def cull_amount(sum_insured: Money | None, subsidy: Money) -> MethodAmount:
    """Return max(0, sum insured − subsidy) for one head, whatever the product's method."""
    left = exact(sum_insured) - subsidy.yuan
    if left <= 0:
        why = step(StepKind.SUBSIDY_COVERS, subsidy=subsidy, sum=sum_insured)
        return nothing(why, ReasonCode.COVERED_BY_SUBSIDY)
    return amount_of(left, step(StepKind.CULL, sum=sum_insured, subsidy=subsidy))
