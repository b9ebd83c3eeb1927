"""A share of ``make fuzz``: made-up requests find no server error and no answer that the description does not say."""

from pathlib import Path

import pytest

from tests.databases import a_database
from tests.fuzz.run import fuzz

PHASES = {"sqlite": "coverage,stateful", "postgresql": "fuzzing,stateful"}


@pytest.mark.slow
@pytest.mark.timeout(400)  # half a minute on a machine that does nothing else
def test_made_up_requests_are_answered_as_described(dialect: str, tmp_path: Path) -> None:
    with a_database(dialect, tmp_path, is_migrated=True) as url:
        found = fuzz(tmp_path, url, most=1, seed=11, phases=PHASES[dialect])

    assert found.is_clean, found.said
