"""From a handful of photos through training and export to a count; needs the vision extra."""

from pathlib import Path

import numpy as np
import pytest

from models.dataset import Recipe, build
from models.manifest import SHIPPED
from models.onnx_counter import OnnxCounter
from models.species import SPECIES
from models.suppression import Detections, parted
from tests.models.photos import FREE, SHARED, read

START = SHARED / "weights" / "yolov8n_coco_init.pt"

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


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_one_epoch_trains_exports_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.export import export
    from models.train import train

    monkeypatch.chdir(tmp_path)
    recipe = Recipe(copies=0, composed=6, empty=2, held_out=("pigpen1", "cowfarm1"))
    build(SHARED, tmp_path / "set", recipe)

    last = train(tmp_path / "set" / "data.yaml", "smoke", start=START, epochs=1, imgsz=96, cache=False)
    export(last, tmp_path / "out", dataset=tmp_path / "set", version="0", image_size=96)

    counter = OnnxCounter.load(tmp_path / "out")
    assert counter.name == "carcass-counter@0"
    assert counter.count(read(FREE / "cattle-3.jpg")).count >= 0
    assert not list((tmp_path / "out").glob("*.pt"))


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
