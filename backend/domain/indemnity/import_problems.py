"""Refusals of products and prices that somebody brings.

Problem
├── InvalidInput
│   ├── ProductFileWrong   a product file has faults; each is named with its line
│   └── PricesRefused      rows of a price file are wrong, and nothing was written
└── ProductVersionFixed    this version was imported before, and says something else
"""

from collections.abc import Sequence
from http import HTTPStatus

from backend.domain.problems import FieldError, InvalidInput, Problem


class ProductFileWrong(InvalidInput):
    """A product file has faults; ``errors`` name each with its line."""

    type = "/problems/product-file-wrong"
    title = "This product file cannot be used"
    next = "Mend the lines that are named; flashclaim product check FILE looks again."


class ProductVersionFixed(Problem):
    """A version that was imported, or ships, never changes: claims were decided under it."""

    type = "/problems/product-version-fixed"
    status = HTTPStatus.CONFLICT
    title = "This version says something else already"
    next = "Give the file the next version and its own first day."

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} is known with another content")
        self.label = label


class PricesRefused(InvalidInput):
    """Rows of a price file are wrong: nothing was written. ``errors`` name row and field."""

    type = "/problems/prices-refused"
    title = "Some prices cannot be imported, so nothing was written"
    next = "Mend the rows that are named and import the file again."

    def __init__(self, rows: int, errors: Sequence[FieldError]) -> None:
        refused = len({error.pointer.split("/")[1] for error in errors})
        super().__init__(f"{refused} of {rows} rows are refused", errors=errors)
