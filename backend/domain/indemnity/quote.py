"""The quote 定损试算: what a loss comes to, line by line. Arithmetic, not a decision on a claim."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.indemnity.cover import OutOfCover, grounds_out_of_cover
from backend.domain.indemnity.flock import FlockEvent
from backend.domain.indemnity.lines import QuoteLine, line_for_flock, lines_per_head
from backend.domain.indemnity.needs import missing
from backend.domain.indemnity.order import check_terms
from backend.domain.indemnity.problems import MissingForMethod
from backend.domain.indemnity.product import Product
from backend.domain.money import Money
from backend.domain.policy import Animal, Loss, Terms
from backend.domain.words import ReasonCode

CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sum and how it came about. ``product`` is ``name@version``; the lines add up to ``payable``."""

    product: str
    covered: bool
    payable: Money
    heads_payable: int
    lines: tuple[QuoteLine, ...]
    findings: tuple[OutOfCover, ...]

    @property
    def complete(self) -> bool:
        """Whether every line stands on known facts; if not, ``payable`` is only what is sure so far."""
        return bool(self.lines) and all(ReasonCode.EVIDENCE_MISSING not in line.codes for line in self.lines)

    def as_json(self) -> dict[str, object]:
        """The answer of ``indemnity quote`` (formats.md): amounts as decimal strings."""
        return {
            "product": self.product,
            "covered": self.covered,
            "payable": str(self.payable),
            "currency": CURRENCY,
            "heads_payable": self.heads_payable,
            "lines": [line.as_json() for line in self.lines],
            "findings": [
                {"code": str(finding.code), "result": finding.result, "text": finding.text}
                for finding in self.findings
            ],
        }


def quote(product: Product, terms: Terms, loss: Loss, animals: Sequence[Animal]) -> Quote:
    """Compute what *product* pays, every needed fact being known.

    Raises:
        MissingForMethod: Something the product needs is None; all of it is named, also out of cover.
        ValueError: Terms that no edge lets in (``check_terms``).
    """
    gaps = missing(product, terms, loss, animals)
    if gaps:
        raise MissingForMethod(f"{product.label} needs {len(gaps)} more field(s)", errors=gaps)
    return quote_what_is_known(product, terms, loss, animals)


def quote_what_is_known(product: Product, terms: Terms, loss: Loss, animals: Sequence[Animal]) -> Quote:
    """Compute what *product* pays as far as facts are known; ``Quote.complete`` says whether all are.

    For a claim under way: a head whose weight nobody knows yet stands in *animals* with None, has a line of
    0.00 with EVIDENCE_MISSING, and uses no insured head.

    Raises:
        ValueError: Terms that no edge lets in (``check_terms``).
    """
    check_terms(terms)
    grounds = grounds_out_of_cover(product, terms, loss, animals)
    lines = _lines(product, terms, loss, animals, tuple(ground.code for ground in grounds))
    return Quote(
        product=product.label,
        covered=not grounds,
        payable=Money.total(line.amount for line in lines),
        heads_payable=sum(line.heads for line in lines),
        lines=lines,
        findings=grounds,
    )


def _lines(
    product: Product, terms: Terms, loss: Loss, animals: Sequence[Animal], out_of_cover: Sequence[ReasonCode]
) -> tuple[QuoteLine, ...]:
    if isinstance(product.method, FlockEvent):
        return (line_for_flock(product, product.method, terms, loss, out_of_cover),)
    return lines_per_head(product, product.method, terms, loss, animals, out_of_cover)
