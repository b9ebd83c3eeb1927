"""``flashclaim model`` as a user types it."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.count import count
from cli.model import app as model
from models.manifest import SHIPPED, read_manifest
from tests.models.photos import ROOT

app = typer.Typer()
app.add_typer(model, name="model")
app.command()(count)

OURS = read_manifest(SHIPPED)
PIG = str(ROOT / "demo" / "photos" / "pig-1.jpg")


pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "export"))
    manifest = json.loads((folder / "manifest.json").read_text()) | {"name": "own-farms", "version": "7"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def ran(*arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return done


def document(*arguments: str, code: int = 0) -> Any:
    return json.loads(ran(*arguments, "--json", code=code).stdout)


def test_an_own_network_is_installed_chosen_and_counts(export: Path) -> None:
    installed = document("model", "install", str(export))
    chosen = document("model", "use", installed["model"])

    counted = document("count", PIG)

    assert chosen["undo"] == f"flashclaim model use {OURS.full_name} --predictor onnx"
    assert chosen["changed"]
    assert counted["model"] == "own-farms@7"
    told = document("model", "list")
    assert [(one["model"], one["in_use"], one["shipped"]) for one in told["models"]] == [
        (OURS.full_name, False, True),
        ("own-farms@7", True, False),
    ]
    assert told["in_use"] == {
        "model": "own-farms@7",
        "predictor": "onnx",
        "model_from": "model.json",
        "predictor_from": "model.json",
    }


def test_one_photo_is_counted_with_another_network_than_the_one_in_use(export: Path) -> None:
    ran("model", "install", str(export))

    counted = document("count", PIG, "--model", "own-farms@7")

    assert counted["model"] == "own-farms@7"


def test_people_read_how_to_go_back_and_that_the_environment_comes_first(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran("model", "install", str(export))
    monkeypatch.setenv("FLASHCLAIM_MODEL_FOLDER", str(SHIPPED))

    told = ran("model", "use", "own-farms@7").stderr

    assert f"To undo: flashclaim model use {OURS.full_name} --predictor onnx" in told
    assert "next start" in told
    assert "FLASHCLAIM_MODEL_FOLDER is set here and comes first" in told
    assert document("model", "list")["in_use"]["model_from"] == "environment"


def test_the_table_fits_a_terminal_and_marks_what_counts(export: Path) -> None:
    ran("model", "install", str(export))

    shown = ran("model", "list").stdout

    assert max(len(line) for line in shown.splitlines()) <= 80
    (row,) = (line for line in shown.splitlines() if line.startswith(OURS.full_name))
    assert row.split()[1:3] == [OURS.sha256[:12], str(OURS.image_size)]


def test_a_network_of_the_environment_is_listed_too(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHCLAIM_MODEL_FOLDER", str(export))

    told = document("model", "list")

    assert told["in_use"]["model"] == "own-farms@7"
    assert [one["folder"] for one in told["models"] if one["in_use"]] == [str(export)]


def test_a_faulty_network_is_listed_with_its_fault_and_not_chosen(home: Path, export: Path) -> None:
    ran("model", "install", str(export))
    (home / "models" / "own-farms@7" / "counter.onnx").write_bytes(b"cut")

    (faulty,) = (one for one in document("model", "list")["models"] if not one["shipped"])
    refused = document("model", "use", "own-farms@7", code=1)

    assert faulty["model"] == "own-farms@7"
    assert faulty["fault"]["code"] == refused["code"] == "weights-unusable"
    assert not (home / "model.json").exists()
    assert "has changed" in ran("model", "list").stderr


def test_a_choice_that_is_gone_is_said_with_exit_code_1(home: Path, export: Path) -> None:
    ran("model", "install", str(export))
    ran("model", "use", "own-farms@7")
    shutil.rmtree(home / "models")

    told = document("model", "list", code=1)

    assert told["in_use"] is None
    assert "own-farms@7 was chosen" in told["fault"]["detail"]
    assert document("count", PIG, code=1)["code"] == "weights-unusable"


def test_a_faulty_network_that_should_count_is_said_with_exit_code_1(home: Path, export: Path) -> None:
    ran("model", "install", str(export))
    ran("model", "use", "own-farms@7")
    (home / "models" / "own-farms@7" / "counter.onnx").write_bytes(b"cut")

    told = document("model", "list", code=1)

    assert told["fault"]["code"] == "weights-unusable"
    assert "has changed" in told["fault"]["detail"]
    assert ran("model", "list", code=1).stderr.count("has changed") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("model", "use", "own-farms@9"), 3, "network-not-installed"),
        (("model", "use", OURS.full_name, "--predictor", "tflite"), 2, "invalid-input"),
        (("model", "install", "nowhere"), 2, "invalid-input"),
        (("count", PIG, "--model", "own-farms@9"), 3, "network-not-installed"),
        (("count", PIG, "--predictor", "tflite"), 2, "invalid-input"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: tuple[str, ...], code: int, problem: str) -> None:
    refused = document(*arguments, code=code)

    assert refused["code"] == problem
    assert refused["next"]


def test_another_network_under_a_known_name_is_a_conflict(export: Path) -> None:
    manifest = json.loads((export / "manifest.json").read_text())
    (export / "manifest.json").write_text(json.dumps(manifest | {"name": OURS.name, "version": OURS.version}))
    ran("model", "install", str(export), code=0)
    (export / "manifest.json").write_text(
        json.dumps(manifest | {"name": OURS.name, "version": OURS.version, "iou": 0.5})
    )

    refused = document("model", "install", str(export), code=5)

    assert refused["code"] == "network-name-taken"


def test_a_data_folder_that_is_a_file_is_refused(home: Path) -> None:
    home.write_text("no folder")

    refused = document("model", "use", OURS.full_name, code=1)

    assert refused["code"] in {"data-folder-unusable", "weights-unusable"}


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHCLAIM_PREDICTOR", "tflite")

    refused = document("model", "list", code=2)

    assert "FLASHCLAIM_PREDICTOR" in refused["detail"]


@pytest.mark.parametrize("arguments", [("model", "use", OURS.full_name), ("count", PIG)])
def test_without_the_vision_extra_its_predictor_is_refused(
    home: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as Python remembers a package that cannot be imported

    refused = document(*arguments, "--predictor", "ultralytics", code=1)

    assert refused["code"] == "predictor-not-installed"
    assert "flashclaim[server,vision]" in refused["next"]
    assert not (home / "model.json").exists()
