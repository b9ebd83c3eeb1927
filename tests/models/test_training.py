"""From a handful of photos through training and export to a count; needs the vision extra."""

from pathlib import Path

import numpy as np
import pytest

from models.dataset import build
from models.manifest import SHIPPED
from models.onnx_counter import OnnxCounter
from models.species import SPECIES, STRAYS
from models.suppression import Detections, parted
from models.yolo import YoloCounter
from tests.models.photos import FREE, SHARED, a_recipe, read

START = SHARED / "weights" / "yolov8n_coco_init.pt"
CATS = SHARED / "livestock2" / "images" / "test" / "neg_coco_000000358083.jpg"

pytestmark = [
    pytest.mark.vision,
    pytest.mark.skipif(not START.exists(), reason="the shared start weights are not here"),
    # torch and ultralytics warn of their own affairs.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(autouse=True)
def _needs_vision() -> None:
    from models.torchvision_compat import prepare

    prepare()
    pytest.importorskip("ultralytics", reason="needs the vision extra: make test VISION=1")


def test_the_start_already_finds_what_coco_taught_it() -> None:
    import torch

    from models.letterbox import fit
    from models.start import start_network

    network = start_network(START).eval()
    square = fit(read(FREE / "cattle-3.jpg"), 480).pixels.transpose(2, 0, 1)[None]
    with torch.no_grad():
        scores = network(torch.from_numpy(np.ascontiguousarray(square)).float() / 255)[0][0, 4:]

    assert scores.max(1).values.argmax().item() == SPECIES.index("cattle")
    assert scores.max().item() > 0.8


@pytest.mark.skipif(not CATS.exists(), reason="the shared photos are not here")
def test_what_speaks_for_a_cat_speaks_against_livestock() -> None:
    import torch

    from models.head import put_to_use
    from models.letterbox import fit
    from models.start import start_network

    square = fit(read(CATS), 320).pixels.transpose(2, 0, 1)[None]
    tensor = torch.from_numpy(np.ascontiguousarray(square)).float() / 255
    network = start_network(START).eval()
    with torch.no_grad():
        scores = network(tensor)[0][0, 4:]
        species, cat = scores[: len(SPECIES)], scores[len(SPECIES) + STRAYS.index("cat")]
        put_to_use(network, len(STRAYS))
        told = network(tensor)[0][0, 4:]

    assert told.shape == species.shape
    assert (told <= species).all()
    seen = cat.argmax()
    assert cat[seen] > 0.5
    assert told[:, seen].max() < 0.5 * species[:, seen].max()


def test_several_runs_are_averaged_weight_by_weight() -> None:
    import torch
    from torch.nn import BatchNorm1d, Linear, Sequential

    from models.anchor import average

    runs = [Sequential(Linear(3, 2), BatchNorm1d(2)) for _ in range(3)]
    means = {
        name: torch.stack([run.state_dict()[name] for run in runs]).double().mean(0)
        for name, values in runs[0].state_dict().items()
        if values.is_floating_point()
    }

    mean = average(runs)

    for name, expected in means.items():
        assert torch.allclose(mean.state_dict()[name].double(), expected, atol=1e-6)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_one_epoch_trains_exports_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.export import export
    from models.train import train

    monkeypatch.chdir(tmp_path)
    recipe = a_recipe(composed=6, empty=2, held_out=("pigpen1", "cowfarm1"))
    build(SHARED, tmp_path / "set", recipe)

    last = train(tmp_path / "set" / "data.yaml", "smoke", start=START, epochs=1, imgsz=96, cache=False)
    export([last], tmp_path / "out", dataset=tmp_path / "set", version="0", image_size=96)

    counter = OnnxCounter.load(tmp_path / "out")
    photo = read(FREE / "cattle-3.jpg")
    count = counter.count(photo)
    assert counter.name == "carcass-counter@0"
    assert counter.manifest.strays == STRAYS
    assert not list((tmp_path / "out").glob("*.pt"))
    again = YoloCounter.load(tmp_path / "out").count(photo)
    assert (again.count, again.low, again.high) == (count.count, count.low, count.high)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_training_goes_on_from_another_runs_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from models.train import train

    monkeypatch.chdir(tmp_path)
    build(SHARED, tmp_path / "set", a_recipe(composed=2, empty=1, held_out=("pigpen1", "cowfarm1")))
    data, settings = tmp_path / "set" / "data.yaml", {"epochs": 1, "imgsz": 96, "cache": False}

    first = train(data, "first", start=START, lr0=0.01, stop_after=1, **settings | {"epochs": 3})
    onwards = train(data, "onwards", start=START, onwards=first, lr0=1e-12, **settings)

    assert (tmp_path / "runs" / "train" / "first" / "results.csv").read_text().count("\n") == 2
    one, other, start = (
        torch.load(path, weights_only=False)["model"].float().state_dict()
        if path != START
        else torch.load(path)
        for path in (first, onwards, START)
    )
    name = "model.22.cv2.0.0.conv.weight"
    assert torch.allclose(one[name], other[name], atol=1e-3)
    assert not torch.allclose(one[name], start[name].float(), atol=1e-3)


@pytest.mark.parametrize("name", sorted(path.name for path in FREE.glob("*.jpg")))
def test_the_served_count_is_the_one_of_ultralytics_own_predictor(name: str) -> None:
    from PIL import Image
    from ultralytics import YOLO

    counter = OnnxCounter.load()
    manifest = counter.manifest
    image = read(FREE / name)

    (result,) = YOLO(str(SHIPPED / manifest.file), task="detect").predict(
        Image.fromarray(image), imgsz=manifest.image_size, conf=0.05, iou=manifest.iou, agnostic_nms=True,
        rect=False, verbose=False, device="cpu",
    )  # fmt: skip

    boxes = result.boxes
    wholes, _ = parted(Detections(boxes.xyxy.numpy(), boxes.cls.numpy().astype(np.intp), boxes.conf.numpy()))
    lines = np.asarray([manifest.thresholds[species].line for species in SPECIES])
    theirs = wholes.at(np.flatnonzero(wholes.scores >= lines[wholes.species]))
    ours = counter.count(image).boxes
    assert [box.species for box in ours] == [SPECIES[species] for species in theirs.species]
    for box, xyxy, score in zip(ours, theirs.xyxy, theirs.scores, strict=True):
        assert box.confidence == pytest.approx(score, abs=0.001)
        assert box.xyxy == pytest.approx(xyxy.tolist(), abs=0.5)
