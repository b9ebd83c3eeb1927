"""What a server started now would count with: every machine of an installation asks the one database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.bootstrap import network_in_use
from backend.learning import recorded_choice, switch_network
from backend.settings import Settings
from models.choice import choose, read_choice
from models.installed import install
from models.manifest import SHIPPED, WeightsUnusable, read_manifest
from tests.models.networks import an_export

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.fixture
def here(migrated: str, tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path / "here", database_url=migrated)


@pytest.fixture
def there(migrated: str, tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path / "there", database_url=migrated)


def test_two_machines_count_with_one_network_or_not_at_all(
    here: Settings, there: Settings, tmp_path: Path
) -> None:
    export = an_export(tmp_path / "export")
    install(here.data_folder, export)
    choose(there.data_folder, read_manifest(SHIPPED).full_name, None, by="li", at=NOON)

    switch_network(here, "own-farms@7", None, by="root", without_comparison="")

    with pytest.raises(WeightsUnusable, match="own-farms@7 was chosen on"):
        network_in_use(there)
    install(there.data_folder, export)
    assert network_in_use(there).load().name == network_in_use(here).load().name == "own-farms@7"
    assert read_choice(there.data_folder) == read_choice(here.data_folder) == recorded_choice(here)


def test_the_environment_of_one_process_comes_before_the_record(here: Settings, tmp_path: Path) -> None:
    install(here.data_folder, an_export(tmp_path / "export"))
    switch_network(here, "own-farms@7", None, by="root", without_comparison="")

    used = network_in_use(
        Settings(data_folder=here.data_folder, database_url=here.database, model_folder=SHIPPED)
    )

    assert (used.folder, used.folder_from) == (SHIPPED, "environment")


def test_before_there_is_a_database_the_data_folder_says(database: str, tmp_path: Path) -> None:
    here = Settings(data_folder=tmp_path / "here", database_url=database)
    install(here.data_folder, an_export(tmp_path / "export"))

    done = switch_network(here, "own-farms@7", None, by="root", without_comparison="")

    assert not done.recorded
    assert recorded_choice(here) is None
    assert network_in_use(here).folder_from == "model.json"
