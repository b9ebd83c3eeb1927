"""A fresh county for each test."""

from collections.abc import Iterator

import pytest

from tests.backend.store.county import County, opened_county


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database) as county:
        yield county
