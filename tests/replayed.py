"""A claim's events read again, and its machine's decisions made again from them alone."""

from collections.abc import Iterable
from datetime import date

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.fold import apply
from backend.domain.indemnity.product import Product
from backend.domain.replaying.difference import Difference
from backend.domain.replaying.history import DecisionsAgain
from backend.products.load import products


def product(label: str) -> Product:
    return products().find(label, date.max)


def made_again(history: Iterable[Recorded]) -> tuple[DecisionsAgain, list[Difference]]:
    """What was made again, and where it differs."""
    again, parts = DecisionsAgain(product), list[Difference]()
    claim: Claim | None = None
    for entry in history:
        before, claim = claim, apply(claim, entry)
        parts += again.take(before, entry, claim)
    return again, [*parts, *again.end(claim.version if claim else 0)]


def replayed(history: Iterable[Recorded]) -> list[Difference]:
    """Where the decisions of a history come out otherwise."""
    return made_again(history)[1]
