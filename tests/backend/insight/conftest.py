"""A fresh county for each test, as in the tests of the store, and one with a claim in almost every state."""

import pytest

from tests.backend.store.conftest import county, lasting_engine
from tests.backend.store.county import County
from tests.busy_county import fill

__all__ = ["county", "lasting_engine"]


@pytest.fixture
def busy(county: County) -> County:
    fill(county)
    return county
