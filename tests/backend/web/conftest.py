"""One installation for all pages, on both engines; and Chromium where there is one."""

from collections.abc import Iterator

import pytest

from tests.backend.web.chromium import Chromium, chromium_or_skip
from tests.journeys.installation import installation, world
from tests.journeys.world import World

__all__ = ["installation", "world"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The browser, started once for a module."""
    with chromium_or_skip() as started:
        yield started


@pytest.fixture
def at_desk(chromium: Chromium, world: World) -> Iterator[Chromium]:
    """The browser with an officer of the insurer about to sign in: ``at_desk.open(...)``."""
    chromium.begin(world)
    yield chromium
    chromium.end()
