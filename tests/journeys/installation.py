"""The fixtures that journeys and API tests share: one installation for all of them, put straight before each."""

from collections.abc import Iterator

import pytest

from backend.domain.edges.limited import Limits
from tests.databases import a_database
from tests.journeys.world import World, running_world

MANY_STORIES = Limits.parse(
    "sign-in=off reports=12000/h,600000/h uploads=off,off codes=6000/h,300000/h looks=6000/h,60000/h"
)
"""Of an installation that many stories share, one after the other: its people do in minutes what takes others weeks.

What the shipped limits hold people to is told where each has an installation of its own (test_limits)."""


@pytest.fixture(scope="session")
def installation(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("installation")
    with (
        a_database(dialect, folder, is_migrated=True) as url,
        running_world(folder, farms=12, database_url=url, limits=MANY_STORIES) as world,
    ):
        yield world


@pytest.fixture
def world(installation: World) -> World:
    counter, bank = installation.counter, installation.bank
    installation.held.clear()
    counter.sees, counter.species, counter.unsure = 1, "pig", False
    bank.reconnect()
    bank.speak_again()
    return installation
