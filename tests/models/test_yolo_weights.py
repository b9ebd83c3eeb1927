"""Which networks the predictor ultralytics takes, and that it stays out of everybody's way."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.counter import Predictor
from models.manifest import SHIPPED, WeightsUnusable
from models.predictors import PredictorMissing, load_counter, usable
from tests.models.photos import ROOT

# torch and ultralytics warn of their own affairs.
pytestmark = pytest.mark.filterwarnings("ignore")


def vision(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs the vision extra, and have it say so where that is missing."""
    return pytest.mark.vision(pytest.mark.usefixtures("_needs_vision")(test))


PIG = str(ROOT / "demo" / "photos" / "pig-1.jpg")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "weights"))


@pytest.fixture
def _needs_vision() -> None:
    if Predictor.ULTRALYTICS not in usable():
        pytest.skip("needs the vision extra: make test VISION=1")


def replaced(folder: Path, content: bytes) -> None:
    """Put another network there, with the hash that its manifest then needs."""
    (folder / "counter.onnx").write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@vision
def test_a_network_of_another_kind_is_refused(weights: Path) -> None:
    import onnx

    network = onnx.load(weights / "counter.onnx")
    del network.graph.initializer[0]
    replaced(weights, network.SerializeToString())

    with pytest.raises(WeightsUnusable, match="not those of a YOLOv8n") as refusal:
        load_counter(weights, Predictor.ULTRALYTICS)

    assert "predictor onnx" in refusal.value.next


@vision
def test_a_file_that_is_no_network_is_refused(weights: Path) -> None:
    replaced(weights, b"not a network")

    with pytest.raises(WeightsUnusable, match="onnx cannot read it"):
        load_counter(weights, Predictor.ULTRALYTICS)


@vision
def test_a_changed_network_is_refused(weights: Path) -> None:
    network = weights / "counter.onnx"
    network.write_bytes(network.read_bytes()[:-1] + b"!")

    with pytest.raises(WeightsUnusable, match="has changed"):
        load_counter(weights, Predictor.ULTRALYTICS)


@vision
def test_a_network_of_another_size_than_its_manifest_is_refused(weights: Path) -> None:
    manifest = json.loads((weights / "manifest.json").read_text())
    (weights / "manifest.json").write_text(json.dumps(manifest | {"image_size": 2 * manifest["image_size"]}))

    with pytest.raises(WeightsUnusable, match="the manifest says"):
        load_counter(weights, Predictor.ULTRALYTICS)


@vision
def test_ultralytics_leaves_stdout_and_pillow_alone() -> None:
    # A new process shows what a command or a server sees: no other test has imported ultralytics there.
    opens = (
        "import atexit, io, PIL.Image\n"
        "def opens_rubbish():\n"
        "    try: PIL.Image.open(io.BytesIO(b'rubbish'))\n"
        "    except Exception as refused: print(type(refused).__name__, file=sys.stderr)\n"
        "atexit.register(opens_rubbish)"
    )

    done = counted(PIG, "--predictor", "ultralytics", "--json", before=opens)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["photos"][0]["count"] == 1
    assert done.stderr.split() == ["UnidentifiedImageError"]


def counted(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run ``flashclaim count`` in a new process, after a line of Python."""
    code = f"import sys\n{before}\nfrom cli.main import main\nmain()"
    return subprocess.run(
        [sys.executable, "-c", code, "count", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_without_the_vision_extra_the_refusal_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as Python remembers a package that cannot be imported

    with pytest.raises(PredictorMissing, match="torch is not installed") as refusal:
        load_counter(SHIPPED, Predictor.ULTRALYTICS)

    assert "flashclaim[server,vision]" in refusal.value.next
    assert usable() == (Predictor.ONNX,)


def test_counting_through_onnxruntime_imports_no_torch() -> None:
    watch = (
        "import atexit\n"
        "atexit.register(lambda: print(sorted({'torch', 'ultralytics', 'onnx'} & set(sys.modules)), file=sys.stderr))\n"
        "import backend.api.app"
    )

    done = counted(PIG, "--predictor", "onnx", before=watch)

    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "[]"
