import hashlib
import json
import shutil
from pathlib import Path

import pytest

from models.manifest import SHIPPED, AnsweredError, WeightsUnusable, read_manifest
from models.onnx_counter import OnnxCounter
from models.species import SPECIES


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return shutil.copytree(SHIPPED, tmp_path / "weights")


def edited(folder: Path, **fields: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_the_shipped_network_is_the_one_in_its_manifest() -> None:
    manifest = read_manifest(SHIPPED)

    assert hashlib.sha256((SHIPPED / manifest.file).read_bytes()).hexdigest() == manifest.sha256
    assert manifest.classes == SPECIES
    assert all(0 < own.low <= own.line <= own.high < 1 for own in manifest.thresholds.values())


def test_a_manifest_may_state_how_often_the_network_is_wrong_where_it_is_sure(weights: Path) -> None:
    edited(weights, answered_error={"share": 0.04, "low": 0.02, "high": 0.09, "n": 146})

    assert read_manifest(weights).answered_error == AnsweredError(0.04, 0.02, 0.09, 146)


@pytest.mark.parametrize(
    "stated",
    [
        {"share": 0.04, "low": 0.05, "high": 0.09, "n": 146},
        {"share": 4, "low": 2, "high": 9, "n": 146},
        {"share": 0.04, "low": 0.02, "high": 0.09, "n": 0},
        {"share": 0.04},
        "4 %",
    ],
)
def test_an_error_that_cannot_be_right_is_no_manifest(weights: Path, stated: object) -> None:
    edited(weights, answered_error=stated)

    with pytest.raises(WeightsUnusable, match="not a manifest"):
        read_manifest(weights)


def test_the_model_card_is_about_the_shipped_network() -> None:
    manifest = read_manifest(SHIPPED)

    card = (SHIPPED.parent / "MODEL_CARD.md").read_text()

    assert f"{manifest.name}@{manifest.version}" in card
    assert manifest.sha256 in card


def test_a_counter_is_named_after_its_network() -> None:
    manifest = read_manifest(SHIPPED)

    assert OnnxCounter.load().name == f"{manifest.name}@{manifest.version}"


def test_a_changed_network_refuses_to_start(weights: Path) -> None:
    network = weights / read_manifest(weights).file
    network.write_bytes(network.read_bytes()[:-1] + b"!")

    with pytest.raises(WeightsUnusable, match="has changed") as refusal:
        OnnxCounter.load(weights)

    assert refusal.value.file == network
    assert "install flashclaim again" in refusal.value.next


def test_a_missing_network_refuses_to_start(weights: Path) -> None:
    network = weights / read_manifest(weights).file
    network.unlink()

    with pytest.raises(WeightsUnusable, match="missing") as refusal:
        OnnxCounter.load(weights)

    assert refusal.value.file == network


def test_a_missing_manifest_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match="missing") as refusal:
        OnnxCounter.load(tmp_path)

    assert refusal.value.file == tmp_path / "manifest.json"


@pytest.mark.parametrize(
    "fields",
    [
        {"thresholds": {}},
        {"thresholds": {"cattle": 0.5}},
        {"thresholds": {key: {"low": 0.05, "line": 0.6, "high": 0.1} for key in SPECIES}},
        {"thresholds": {key: {"low": 0.05, "line": 0.1, "high": float("nan")} for key in SPECIES}},
        {"image_size": float("inf")},
        {"iou": 0},
        {"classes": []},
        {"classes": ["cattle", "cattle"]},
        {"classes": "cattle"},
        {"image_size": "480"},
        {"file": "../counter.onnx"},
        {"sha256": None},
    ],
)
def test_a_manifest_that_makes_no_sense_refuses_to_start(weights: Path, fields: dict[str, object]) -> None:
    edited(weights, **fields)

    with pytest.raises(WeightsUnusable, match="not a manifest"):
        OnnxCounter.load(weights)


def test_a_manifest_that_is_no_json_refuses_to_start(weights: Path) -> None:
    (weights / "manifest.json").write_bytes(b"\xff{")

    with pytest.raises(WeightsUnusable, match="not a manifest"):
        OnnxCounter.load(weights)


def test_a_file_that_onnxruntime_cannot_read_refuses_to_start(weights: Path) -> None:
    junk = b"not a network"
    (weights / "counter.onnx").write_bytes(junk)
    edited(weights, sha256=hashlib.sha256(junk).hexdigest())

    with pytest.raises(WeightsUnusable, match="cannot read it"):
        OnnxCounter.load(weights)


def test_a_network_of_more_species_than_its_manifest_refuses_to_start(weights: Path) -> None:
    edited(weights, classes=["cattle", "pig"])

    with pytest.raises(WeightsUnusable, match="2 classes of the manifest need 6 rows"):
        OnnxCounter.load(weights)


def test_a_network_of_another_size_than_its_manifest_refuses_to_start(weights: Path) -> None:
    edited(weights, image_size=1000)

    with pytest.raises(WeightsUnusable, match="the manifest says"):
        OnnxCounter.load(weights)
