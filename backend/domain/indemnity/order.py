"""Steps 2 to 5 of the arithmetic, the same for every method: domain.md §3, "Order, per head"."""

from fractions import Fraction

from backend.domain.indemnity.amount import MethodAmount, percent, share
from backend.domain.money import ZERO, Money
from backend.domain.policy import Terms


def settle(amount: MethodAmount, terms: Terms, most: Money | None) -> tuple[Money, str]:
    """Return what is due for *amount* and the working in words.

    Capped at the sum insured, then × min(1, insured heads ÷ stock) kept exact, then × (1 − deductible), then
    rounded half-up to 0.01 once. Factors that change nothing are left out of the working.

    Args:
        amount: Step 1.
        terms: Insured heads, stock and deductible.
        most: The sum insured of all heads in this amount; None caps nothing.
    """
    if amount.code is not None:
        return ZERO, no_payment(amount.words)
    yuan, words = amount.yuan, amount.words
    if most is not None and yuan > most.yuan:
        yuan, words = most.yuan, f"({words}, at most {most})"
    if terms.insured_heads < terms.stock:
        yuan *= Fraction(terms.insured_heads, terms.stock)
        words += f" × {terms.insured_heads}/{terms.stock}"
    if terms.deductible_percent:
        yuan *= 1 - share(terms.deductible_percent)
        words += f" × (1 − {percent(terms.deductible_percent)})"
    due = Money.rounded(yuan)
    return due, f"{words} = {due}"


def no_payment(words: str) -> str:
    """The working of a line without payment."""
    return f"{words}: {ZERO}"


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
