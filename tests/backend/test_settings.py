"""Settings: what stops a start, and how it says so."""

from typing import Any

import pytest

from backend.settings import Settings, SettingUnusable
from models.counter import Predictor


def test_the_published_secret_is_for_a_bank_on_this_machine_only() -> None:
    Settings().require_safe_bank()
    Settings(bank_url="https://bank.example", bank_secret="our own").require_safe_bank()

    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_SECRET"):
        Settings(bank_url="https://bank.example").require_safe_bank()


def test_no_account_number_goes_to_a_bank_without_tls() -> None:
    plain: dict[str, Any] = {"bank_url": "http://bank.example", "bank_secret": "our own"}

    Settings(**plain, bank_allow_http=True).require_safe_bank()
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_URL"):
        Settings(**plain).require_safe_bank()


def test_a_bad_value_names_its_variable_and_what_it_should_be() -> None:
    with pytest.raises(SettingUnusable, match="FLASHCLAIM_BANK_TIMEOUT='soon' is not seconds above 0"):
        Settings.from_environment({"FLASHCLAIM_BANK_TIMEOUT": "soon"})


@pytest.mark.parametrize(
    "url", ["photos", "http://host/photos", "s3:///no-bucket", "s3://Upper/x", "s3://a", "s3://photos/x?y=1"]
)
def test_an_address_of_photos_that_is_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(SettingUnusable, match=r"FLASHCLAIM_PHOTOS_URL=.* is not s3://bucket"):
        Settings.from_environment({"FLASHCLAIM_PHOTOS_URL": url})


def test_photos_travel_in_the_clear_on_this_machine_only_or_where_it_is_allowed() -> None:
    bucket = {"FLASHCLAIM_PHOTOS_URL": "s3://photos/changsha/"}
    here, away = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9000"}, {"AWS_ENDPOINT_URL": "http://store.lan:9000"}

    Settings.from_environment(bucket | here).require_safe_photo_store()
    Settings.from_environment(bucket | away | {"FLASHCLAIM_S3_ALLOW_HTTP": "1"}).require_safe_photo_store()
    Settings.from_environment(bucket | {"FLASHCLAIM_S3_ENDPOINT": "https://s.cn"}).require_safe_photo_store()
    with pytest.raises(
        SettingUnusable, match=r"FLASHCLAIM_S3_ENDPOINT='http://store\.lan:9000' is not an https"
    ):
        Settings.from_environment(bucket | away).require_safe_photo_store()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://claims@db.lan/claims?sslmode=verify-full",
        "postgresql+psycopg://claims:secret@db.lan:5432,db2.lan/claims?sslmode=require",
        "postgresql://claims@127.0.0.1:5432/claims",
        "postgresql://claims@[::1]/claims?sslmode=prefer",
        "postgresql:///claims",
        "postgresql://claims@/claims?host=/var/run/postgresql",
        "sqlite:////srv/claims.db",
        "",
    ],
)
def test_a_line_to_the_database_that_nobody_reads_is_taken(url: str) -> None:
    settings = Settings.from_environment({"FLASHCLAIM_DATABASE_URL": url})

    assert settings.database == (url or "sqlite:///var/flashclaim.db")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://claims:secret@db.lan/claims",
        "postgresql://claims:secret@db.lan/claims?sslmode=prefer",
        "postgresql://claims:secret@localhost,db.lan/claims",
        "postgresql://claims:secret@/claims?host=db.lan",
        "postgresql://claims:secret@localhost/claims?hostaddr=10.0.0.9",
        "postgresql://claims:secret@db.lan/claims?sslmode=require&sslmode=disable",
    ],
)
def test_no_claim_goes_to_a_database_elsewhere_without_tls_unless_it_is_allowed(url: str) -> None:
    plain = {"FLASHCLAIM_DATABASE_URL": url}

    with pytest.raises(SettingUnusable, match=r"FLASHCLAIM_DATABASE_URL=.*sslmode=verify-full") as refused:
        _ = Settings.from_environment(plain).database

    assert "secret" not in str(refused.value)
    assert Settings.from_environment(plain | {"FLASHCLAIM_DATABASE_ALLOW_PLAIN": "1"}).database == url


def test_our_own_variable_comes_before_the_usual_one_and_a_bad_one_is_named_as_it_is_called() -> None:
    usual = {"FLASHCLAIM_PHOTOS_URL": "s3://photos", "AWS_ENDPOINT_URL": "not an address"}

    chosen = Settings.from_environment(usual | {"FLASHCLAIM_S3_ENDPOINT": "https://s3.example.cn/"})

    assert chosen.s3_endpoint == "https://s3.example.cn"
    with pytest.raises(
        SettingUnusable, match="AWS_ENDPOINT_URL='not an address' is not an http or https URL"
    ):
        Settings.from_environment(usual)


def test_other_tools_variables_are_no_matter_where_photos_lie_in_a_folder() -> None:
    assert Settings.from_environment({"AWS_ENDPOINT_URL": "not an address"}) == Settings()


def test_the_settings_know_every_predictor() -> None:
    for predictor in Predictor:
        assert Settings.from_environment({"FLASHCLAIM_PREDICTOR": predictor}).predictor == predictor
    with pytest.raises(SettingUnusable, match="onnx or ultralytics"):
        Settings.from_environment({"FLASHCLAIM_PREDICTOR": "tflite"})
