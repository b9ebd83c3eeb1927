"""A fresh county for each test."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from backend.store.engine import DatabaseEngine, open_engine
from tests.backend.store.county import County, new_county
from tests.keys import KEYS


@pytest.fixture(scope="session")
def lasting_engine(lasting_database: str) -> Iterator[DatabaseEngine]:
    """One engine for the counties of all tests: its connections, and the statements that it has worked out, stay."""
    with closing(open_engine(lasting_database, keys=KEYS)) as engine:
        yield engine


@pytest.fixture
def county(lasting_engine: DatabaseEngine) -> County:
    return new_county(lasting_engine)
