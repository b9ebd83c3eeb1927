"""A fresh county for each test, as in the tests of the store."""

from tests.backend.store.conftest import county, lasting_engine

__all__ = ["county", "lasting_engine"]
