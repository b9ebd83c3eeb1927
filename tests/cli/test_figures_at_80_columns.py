"""Tables of figures stay readable in a terminal of 80 columns, however long claims took."""

from typing import Any

import pytest
from rich.console import Console

from backend.insight.figures import QUANTILES
from backend.store.day_pack import OBSERVED
from backend.texts.load import Language
from cli.screens.figures import speed_table

DAY = 86_400
QUANTILE_NAMES = [f"p{share * 100:.0f}{end}_seconds" for share in QUANTILES for end in ("", "_low", "_high")]


def a_slow_stage(name: str) -> dict[str, Any]:
    """Hundreds of thousands of claims that took most of a year."""
    return {"stage": name, "count": 999_999, "open": 9_999} | dict.fromkeys(
        QUANTILE_NAMES, 299 * DAY + 86_399
    )


@pytest.mark.parametrize("language", Language)
def test_long_durations_break_no_word_of_the_table(language: Language) -> None:
    console = Console(width=80)

    with console.capture() as capture:
        console.print(speed_table({"stages": [a_slow_stage(name) for name in OBSERVED]}, language))

    lines = [line for line in capture.get().splitlines() if line.strip()]
    assert max(map(len, lines)) <= 80
    assert sum("300.0 d" in line for line in lines) == len(OBSERVED)
    # A name may go on below, by whole words; a letter a line is no table.
    assert len(lines) <= 1 + len(OBSERVED) + 2
