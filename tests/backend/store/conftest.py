"""A fresh county for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.store.county import County, opened_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with opened_county(tmp_path) as county:
        yield county
