"""The step that every method answers: an exact amount in yuan and how it came about, in words."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from backend.domain.indemnity.working import Step, Steps
from backend.domain.money import Money
from backend.domain.words import ReasonCode

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class MethodAmount:
    """Step 1 of the arithmetic: the method's amount with the method's own cap.

    ``yuan`` is exact and not yet rounded. ``steps`` begin the working; their words are one factor, in parentheses if
    they add. ``code`` says why nothing is due; then ``yuan`` is 0.
    """

    yuan: Fraction
    steps: Steps
    code: ReasonCode | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """Which fields a method computes with, by their names in Terms, Loss and Animal."""

    sum_insured: bool = False
    loss: tuple[str, ...] = ()
    animal: tuple[str, ...] = ()


def amount_of(yuan: Fraction, *steps: Step) -> MethodAmount:
    """An amount that is due, and how it came about."""
    return MethodAmount(yuan, steps)


def nothing(why: Step, code: ReasonCode) -> MethodAmount:
    """No amount is due, for the reason *code*."""
    return MethodAmount(Fraction(0), (why,), code)


def known(value: Known | None) -> Known:
    """Return a value that the needs have promised.

    Raises:
        ValueError: A method was asked although something it needs is unknown: a bug.
    """
    if value is None:
        raise ValueError("a method was asked before its needs were checked")
    return value


def exact(sum_insured: Money | None) -> Fraction:
    """The promised sum insured in yuan."""
    return known(sum_insured).yuan


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(percentage: Decimal) -> Fraction:
    """A percentage as an exact share of one."""
    return Fraction(percentage) / 100
