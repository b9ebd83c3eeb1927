"""A fresh county for each test, as in the tests of the store."""

from tests.backend.store.conftest import county

__all__ = ["county"]
