"""What a quote takes of one core: 60 pigs by weight, a flock, and the same with the working told in Chinese.

A target of 1 ms a claim holds all rules and the quote together; the ratio is the quote's part of it.

Run: python bench/quote.py [--rounds N]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.domain.indemnity.quote import Quote, quote_what_is_known
from backend.domain.money import Money
from backend.domain.policy import SHANGHAI, Animal, Loss, Terms
from backend.domain.words import Cause, Species
from backend.products.load import products
from backend.texts.load import Language
from backend.texts.working import working_in

TARGET_US = 1_000
TERMS = Terms(date(2026, 3, 1), date(2027, 2, 28), 700, 900, Money.parse("700.00"))
LOSS = Loss(Cause.DISEASE, datetime(2026, 4, 2, 10, 0, tzinfo=SHANGHAI), deaths=200)
FLOCK = Loss(Cause.DISEASE, LOSS.occurred_at, None, 200, Decimal(80), Decimal(10))


def pigs(heads: int) -> list[Animal]:
    """Dead pigs of all weights."""
    return [Animal(str(one), Species.PIG, weight_kg=Decimal(25 + one * 2)) for one in range(heads)]


def quoted(label: str, heads: int, loss: Loss = LOSS) -> Quote:
    """One quote of so many heads."""
    return quote_what_is_known(products().find(label, TERMS.incepted), TERMS, loss, pigs(heads))


def told(heads: int) -> list[str]:
    """The same with the working in both languages, as a claim's page shows it."""
    found = quoted("pig-bands", heads)
    return [working_in(Language.ZH, line.steps, line.working) for line in found.lines]


CASES: Mapping[str, Callable[[], object]] = {
    "2 pigs by weight": lambda: quoted("pig-bands", 2),
    "60 pigs by weight": lambda: quoted("pig-bands", 60),
    "a flock": lambda: quoted("layer-event", 0, FLOCK),
    "2 pigs, told in two languages": lambda: told(2),
}


def main() -> None:
    """Measure each case in turns, so that a busy machine slows all alike."""
    parser = argparse.ArgumentParser(description="What a quote takes.")
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(rounds):
        for name, work in CASES.items():
            start = time.process_time()
            for _ in range(20):
                work()
            taken[name].append((time.process_time() - start) / 20 * 1e6)
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"{name:32} {middle:8.0f} µs  {middle / TARGET_US:.2f} of 1 ms")


if __name__ == "__main__":
    main()
