"""Two predictors that share nothing between pixels and boxes have to agree; needs the vision extra."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.counter import Count, Counter, Predictor
from models.manifest import SHIPPED
from models.onnx_counter import OnnxCounter
from models.predictors import load_counter, usable
from tests.models.photos import ROOT, SHARED, read

pytestmark = [
    pytest.mark.vision,
    # torch and ultralytics warn of their own affairs.
    pytest.mark.filterwarnings("ignore"),
]

ONNX = OnnxCounter.load()
SHIPPED_PHOTOS = ROOT / "demo" / "photos"
FOLDERS = [SHIPPED_PHOTOS, *(SHARED / name for name in ("demo", "free", "livestock", "livestock2"))]
PIG = SHIPPED_PHOTOS / "pig-1.jpg"
CATTLE = SHIPPED_PHOTOS / "cattle-3.jpg"


@pytest.fixture(scope="module")
def torch_counter() -> Counter:
    if Predictor.ULTRALYTICS not in usable():
        pytest.skip("needs the vision extra: make test VISION=1")
    return load_counter(SHIPPED, Predictor.ULTRALYTICS)


def found(count: Count) -> tuple[object, ...]:
    """All of a count but places, scores and time."""
    return count.count, count.reasons, count.low, count.high, [box.species for box in count.boxes]


def furthest_px(one: Count, other: Count) -> float:
    """How far an edge of one's boxes lies from the same edge of the other's, at most."""
    pairs = zip(one.boxes, other.boxes, strict=True)
    return max((float(np.abs(np.subtract(a.xyxy, b.xyxy)).max()) for a, b in pairs), default=0.0)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
@pytest.mark.timeout(400)
def test_both_predictors_agree_on_every_real_photo(
    torch_counter: Counter, folder: Path, record_property: Callable[[str, object], None]
) -> None:
    paths = sorted(folder.rglob("*.jpg"))
    if not paths:
        pytest.skip(f"{folder.name}: the shared photos are not here")

    def compare(path: Path) -> tuple[str, Count, Count]:
        image = read(path)
        return path.name, ONNX.count(image), torch_counter.count(image)

    with ThreadPoolExecutor(2) as pool:
        pairs = list(pool.map(compare, paths))

    assert [name for name, one, other in pairs if found(one) != found(other)] == []
    distances = {name: furthest_px(one, other) for name, one, other in pairs}
    record_property("furthest_px", max(distances.values()))
    assert {name: px for name, px in distances.items() if px > 1} == {}


def enlarged() -> NDArray[np.uint8]:
    """12 megapixels with odd sides: none is scaled to a whole number of pixels."""
    return np.asarray(Image.open(CATTLE).convert("RGB").resize((4001, 2997)))


# A lambda each: pictures this large are not made while tests are collected.
SHAPES: dict[str, Callable[[], NDArray[np.uint8]]] = {
    "12 megapixels": enlarged,
    "a tall cut": lambda: enlarged()[:, 1500:1833],
    "a strip of noise": lambda: np.random.default_rng(7).integers(0, 256, (50, 8000, 3), np.uint8),
    "one pixel": lambda: np.zeros((1, 1, 3), np.uint8),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_both_predictors_agree_on_any_shape(torch_counter: Counter, shape: str) -> None:
    image = SHAPES[shape]()

    one, other = ONNX.count(image), torch_counter.count(image)

    assert found(one) == found(other)
    assert furthest_px(one, other) <= 1


@pytest.mark.usefixtures("torch_counter")
def test_each_species_has_its_own_floor_in_both(tmp_path: Path) -> None:
    strict = shutil.copytree(SHIPPED, tmp_path / "strict")
    manifest = json.loads((strict / "manifest.json").read_text())
    for name in manifest["thresholds"]:
        manifest["thresholds"][name] = {"low": 0.02, "line": 0.03, "high": 0.9}
    manifest["thresholds"]["cattle"] = {"low": 0.95, "line": 0.96, "high": 0.97}
    (strict / "manifest.json").write_text(json.dumps(manifest))
    one, other = (load_counter(strict, predictor) for predictor in Predictor)

    for image in (read(CATTLE), read(PIG)):
        assert found(one.count(image)) == found(other.count(image))
    assert "cattle" not in one.count(read(CATTLE)).by_species


def test_one_counter_serves_threads_that_count_at_once(torch_counter: Counter) -> None:
    images = [read(CATTLE), read(PIG)] * 4
    alone = [found(torch_counter.count(image)) for image in images]

    with ThreadPoolExecutor(4) as pool:
        together = [found(count) for count in pool.map(torch_counter.count, images)]

    assert together == alone
