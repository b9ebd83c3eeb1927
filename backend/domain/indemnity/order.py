"""Steps 2 to 5 of the arithmetic, the same for every method: domain.md §3, "Order, per head"."""

from fractions import Fraction

from backend.domain.indemnity.amount import MethodAmount, plain, share
from backend.domain.indemnity.working import Step, StepKind, Steps, step
from backend.domain.money import ZERO, Money
from backend.domain.policy import Terms


def settle(amount: MethodAmount, terms: Terms, most: Money | None) -> tuple[Money, Steps]:
    """Return what is due for *amount* and the working.

    Capped at the sum insured, then × min(1, insured heads ÷ stock) kept exact, then × (1 − deductible), then
    rounded half-up to 0.01 once. Factors that change nothing are left out of the working.

    Args:
        amount: Step 1.
        terms: Insured heads, stock and deductible.
        most: The sum insured of all heads in this amount; None caps nothing.
    """
    if amount.code is not None:
        return ZERO, no_payment(*amount.steps)
    yuan, steps = amount.yuan, list(amount.steps)
    if most is not None and yuan > most.yuan:
        yuan = most.yuan
        steps.append(step(StepKind.AT_MOST, most=most))
    if terms.insured_heads < terms.stock:
        yuan *= Fraction(terms.insured_heads, terms.stock)
        steps.append(step(StepKind.INSURED_SHARE, insured=terms.insured_heads, stock=terms.stock))
    if terms.deductible_percent:
        yuan *= 1 - share(terms.deductible_percent)
        steps.append(step(StepKind.DEDUCTIBLE, percent=plain(terms.deductible_percent)))
    due = Money.rounded(yuan)
    return due, (*steps, step(StepKind.DUE, amount=due))


def no_payment(*why: Step) -> Steps:
    """The working of a line without payment."""
    return (*why, step(StepKind.NOTHING_DUE, amount=ZERO))


def check_terms(terms: Terms) -> None:
    """Guard the law that nothing above the sum insured is ever paid.

    Raises:
        ValueError: Figures that the edges must not let in, such as no stock or a negative deductible: a bug.
    """
    if terms.stock < 1 or terms.insured_heads < 1 or terms.heads_paid < 0:
        raise ValueError("insured heads and stock count from 1, heads paid from 0")
    if not 0 <= terms.deductible_percent <= 100:  # noqa: PLR2004 - per cent
        raise ValueError("a deductible is 0 to 100 percent")
    if terms.sum_insured is not None and terms.sum_insured < ZERO:
        raise ValueError("a sum insured is not negative")
