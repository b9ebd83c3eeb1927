"""Money 金额: integer fen in code and database, a decimal string on the wire."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

FEN_PER_YUAN = 100
_WIRE = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in CNY as whole fen (0.01 yuan)."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"Money counts whole fen, not {type(self.fen).__name__}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a wire amount such as ``"1200.00"`` or ``"1200"``.

        Raises:
            ValueError: Not a plain decimal with at most two places.
        """
        if not _WIRE.fullmatch(text):
            raise ValueError(f"{text!r} is not an amount such as 1200.00")
        return cls(int(Decimal(text) * FEN_PER_YUAN))

    @classmethod
    def rounded(cls, yuan: Fraction) -> Self:
        """Round exact yuan half-up (away from zero) to the fen.

        The one rounding of an indemnity: domain.md §3, order of arithmetic, step 5.
        """
        doubled = abs(yuan) * FEN_PER_YUAN * 2
        fen = (doubled.numerator // doubled.denominator + 1) // 2
        return cls(fen if yuan >= 0 else -fen)

    @classmethod
    def total(cls, amounts: Iterable["Money"]) -> Self:
        """Add amounts up; no amounts make 0.00."""
        return cls(sum(amount.fen for amount in amounts))

    @property
    def yuan(self) -> Fraction:
        """The exact amount in yuan."""
        return Fraction(self.fen, FEN_PER_YUAN)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), FEN_PER_YUAN)
        return f"{sign}{yuan}.{fen:02d}"

    def grouped(self) -> str:
        """The amount for people: ``1,415.55``."""
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), FEN_PER_YUAN)
        return f"{sign}{yuan:,}.{fen:02d}"


ZERO = Money(0)
