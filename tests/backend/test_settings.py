"""Settings: what stops a start, and how it says so."""

import pytest

from backend.settings import Settings, SettingUnusable


def test_the_published_secret_is_for_a_bank_on_this_machine_only() -> None:
    Settings().require_own_secret()
    Settings(bank_url="https://bank.example", bank_secret="our own").require_own_secret()

    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_SECRET"):
        Settings(bank_url="https://bank.example").require_own_secret()


def test_a_bad_value_names_its_variable_and_what_it_should_be() -> None:
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_TIMEOUT='soon' is not seconds above 0"):
        Settings.from_environment({"FLASHCLAIM_BANK_TIMEOUT": "soon"})
