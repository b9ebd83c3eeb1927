"""Settings: what stops a start, and how it says so."""

import pytest

from backend.settings import Settings, SettingUnusable
from models.counter import Predictor


def test_the_published_secret_is_for_a_bank_on_this_machine_only() -> None:
    Settings().require_own_secret()
    Settings(bank_url="https://bank.example", bank_secret="our own").require_own_secret()

    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_SECRET"):
        Settings(bank_url="https://bank.example").require_own_secret()


def test_a_bad_value_names_its_variable_and_what_it_should_be() -> None:
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_TIMEOUT='soon' is not seconds above 0"):
        Settings.from_environment({"FLASHCLAIM_BANK_TIMEOUT": "soon"})


def test_the_settings_know_every_predictor() -> None:
    for predictor in Predictor:
        assert Settings.from_environment({"FLASHCLAIM_PREDICTOR": predictor}).predictor == predictor
    with pytest.raises(SettingUnusable, match="onnx or ultralytics"):
        Settings.from_environment({"FLASHCLAIM_PREDICTOR": "tflite"})
