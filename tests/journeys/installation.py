"""The fixtures that journeys and API tests share: one installation for all of them, put straight before each."""

from collections.abc import Iterator

import pytest

from tests.databases import a_database
from tests.journeys.world import World, running_world


@pytest.fixture(scope="session")
def installation(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("installation")
    with (
        a_database(dialect, folder, is_migrated=True) as url,
        running_world(folder, farms=12, database_url=url) as world,
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
