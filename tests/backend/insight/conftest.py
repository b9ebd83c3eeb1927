"""A fresh county for each test, and one with a claim in almost every state."""

from collections.abc import Iterator

import pytest

from tests.backend.store.county import County, opened_county
from tests.busy_county import fill


# Not the engine that the store's tests keep: it remembers packs of figures, and is not told when they are emptied out.
@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database) as county:
        yield county


@pytest.fixture
def busy(county: County) -> County:
    fill(county)
    return county
