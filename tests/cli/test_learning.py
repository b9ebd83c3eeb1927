"""The learning loop at the server's shell: labels out, a network installed, compared, switched to, and undone."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from typer.testing import CliRunner

from backend.adapters.blobs import local_blobs
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.labels import LabelBox
from backend.products.load import products
from backend.store import datasets
from backend.store.engine import open_engine
from backend.store.migrate import config, migrate
from backend.store.run import Store
from backend.workflows.clock import utc_now
from cli.main import app
from models.manifest import SHIPPED, read_manifest
from tests.backend.store.county import opened_county
from tests.backend.workflows.labelled import Archive
from tests.builders import a_consent
from tests.cli.conftest import Ran
from tests.keys import KEYS, kept_in
from tests.models.networks import an_export, with_other_lines
from tests.models.photos import ROOT

PIG = (ROOT / "demo" / "photos" / "pig-1.jpg").read_bytes()
CATTLE = (ROOT / "demo" / "photos" / "cattle-3.jpg").read_bytes()
CAME = read_manifest(SHIPPED)
At = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def at(home: Path) -> At:
    """A command at the shell of the installation whose data folder is *home*, in this process: it loads much."""

    def run(*arguments: str, code: int = 0) -> Ran:
        others = {name: None for name in os.environ if name.startswith("FLASHCLAIM_")}
        own = {"FLASHCLAIM_DATA_FOLDER": str(home), "COLUMNS": "80"}
        done = CliRunner().invoke(app, ["model", *arguments], env=others | own)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == code, done.output
        return Ran(done.exit_code, done.stdout, done.stderr)

    return run


def database(home: Path) -> str:
    return f"sqlite:///{home / 'flashclaim.db'}"


@pytest.fixture
def paid(home: Path) -> Path:
    """Two claims that were paid, one of them labelled; returns the data folder."""
    home.mkdir()
    kept_in(home / "keys")
    with opened_county(database(home)) as county:
        command.stamp(config(database(home)), "head")
        archive = Archive(county, local_blobs(home / "photos"))
        pig, cattle = archive.claim(PIG, heads=1), archive.claim(CATTLE, heads=3)
        archive.label(pig, PIG, boxes=(LabelBox((100, 100, 500, 400), "pig"),), dead=True)
        archive.pay(pig)
        archive.pay(cattle)
    return home


def withdraw_all(home: Path) -> None:
    engine = open_engine(database(home), keys=KEYS)
    try:
        store = Store(engine, products())
        for claim in engine.read(datasets.labelled_claims, EVERYWHERE):
            store.run_blocking(claim, a_consent(given=False), at=utc_now())
    finally:
        engine.close()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A network that was trained on the county's own labels."""
    return an_export(tmp_path / "trained")


def test_a_network_is_compared_on_paid_claims_before_it_counts(paid: Path, own: Path, at: At) -> None:
    at("install", str(own))

    refused = at("use", "own-farms@7", "--json", code=5)
    shown = at("compare", "own-farms@7")
    used = at("use", "own-farms@7", "--json")
    told = at("history")
    listed = at("list", "--json")
    undone = at("use", CAME.full_name, "--json")

    assert refused.document["code"] == "comparison-needed"
    assert "flashclaim model compare" in refused.document["next"]
    assert "past claims: 2 · photos: 2" in shown.out
    assert "wrong among the sure" in shown.out
    assert "claims on another path: none" in shown.out
    assert max(len(line) for line in shown.out.splitlines()) <= 80
    assert "to switch: flashclaim model use own-farms@7" in shown.err
    assert (used.document["changed"], used.document["recorded"], used.document["comparison"]) == (
        True,
        True,
        1,
    )
    assert used.document["undo"] == f"flashclaim model use {CAME.full_name} --predictor onnx"
    assert "comparison 1 on 2" in " ".join(told.out.split())
    assert listed.document["in_use"] == {
        "model": "own-farms@7",
        "predictor": "onnx",
        "model_from": "record",
        "predictor_from": "record",
    }
    assert undone.document["comparison"] == 1
    switches = at("history", "--json").document["switches"]
    assert [(one["from"]["model"], one["to"]["model"]) for one in switches] == [
        ("own-farms@7", CAME.full_name),
        (CAME.full_name, "own-farms@7"),
    ]
    assert switches[0]["comparison"]["figures"]["claims"] == 2
    assert json.loads((paid / "model.json").read_text())["model"] == CAME.full_name


def test_the_comparison_of_a_network_with_itself_is_refused(paid: Path, at: At) -> None:
    refused = at("compare", CAME.full_name, "--json", code=2)
    unknown = at("compare", "own-farms@9", "--json", code=3)

    assert refused.document["errors"][0]["pointer"] == "/against"
    assert unknown.document["code"] == "network-not-installed"


@pytest.mark.usefixtures("paid")
def test_a_version_that_only_asks_for_other_scores_is_compared_too(tmp_path: Path, at: At) -> None:
    at("install", str(with_other_lines(tmp_path / "shy", "shy", high=0.99)))

    refused = at("use", "carcass-counter@shy", "--json", code=5)
    compared = at("compare", "carcass-counter@shy", "--json")
    used = at("use", "carcass-counter@shy", "--json")

    assert refused.document["code"] == "comparison-needed"
    heads = compared.document["approved_heads"]
    assert (compared.document["model"], compared.document["against"]) == (
        "carcass-counter@shy",
        CAME.full_name,
    )
    assert (heads["model"]["sure"], heads["against"]["sure"]) == (0.0, 1.0)
    assert used.document["comparison"] == compared.document["comparison"]


def test_labels_leave_as_a_data_set_and_a_withdrawal_is_named(paid: Path, tmp_path: Path, at: At) -> None:
    into = tmp_path / "set"

    first = at("dataset", "export", str(into), "--json")
    again = at("dataset", "export", str(into))
    withdraw_all(paid)
    after = at("dataset", "export", str(into))

    assert (first.document["photos"], first.document["boxes"], first.document["claims"]) == (1, 1, 1)
    assert sorted(path.name for path in into.iterdir()) == [
        *("classes.txt", "counts.csv", "export.json", "photos.csv")
    ]
    assert "held exactly this already" in again.err
    assert "Left out: 1 without the farmer's consent." in after.err
    assert "1 photos were exported before their consent was withdrawn" in after.err
    assert str(into) in after.err


def test_an_installation_without_claims_says_what_comes_first(
    home: Path, tmp_path: Path, own: Path, at: At
) -> None:
    home.mkdir()
    migrate(database(home))
    at("install", str(own))

    compared = at("compare", "own-farms@7")
    exported = at("dataset", "export", str(tmp_path / "set"))
    history = at("history")
    used = at("use", "own-farms@7", "--without-comparison", "nothing to compare on", "--json")

    assert "no claim yet" in compared.err
    assert "nothing was written" in exported.err
    assert not (tmp_path / "set").exists()
    assert "No switch is recorded yet" in history.err
    assert (used.document["recorded"], used.document["reason"]) == (True, "nothing to compare on")
    assert at("history", "--json").document["switches"][0]["reason"] == "nothing to compare on"


def test_before_there_is_a_database_the_data_folder_keeps_the_choice(own: Path, at: At) -> None:
    at("install", str(own))

    told = at("use", "own-farms@7")

    assert "There is no database yet" in told.err
    assert at("list", "--json").document["in_use"]["model_from"] == "model.json"
    assert at("history", "--fail-empty", code=8).out == ""


def test_an_older_schema_is_said(home: Path, tmp_path: Path, own: Path, at: At) -> None:
    home.mkdir()
    command.upgrade(config(database(home)), "20261125_1710")
    at("install", str(own))

    for arguments in (
        ("use", "own-farms@7"),
        ("compare", "own-farms@7"),
        ("dataset", "export", str(tmp_path / "x")),
    ):
        assert "Next: flashclaim server migrate" in at(*arguments, code=1).err
    assert not (home / "model.json").exists()
