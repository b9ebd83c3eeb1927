"""The predictors by name, and how a network is loaded into one."""

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from models.counter import Counter, Predictor
from models.manifest import Manifest
from models.yolo import YoloCounter

_VISION = ("torch", "onnx", "ultralytics")


class PredictorMissing(RuntimeError):
    """The predictor ultralytics is not installed; says which extra brings it."""

    def __init__(self, package: str) -> None:
        self.why = f"the predictor ultralytics needs the vision extra ({package} is not installed)"
        self.next = "pip install 'flashclaim[server,vision]', or choose the predictor onnx"
        super().__init__(f"{self.why}. Next: {self.next}")


class NetworkCounter(Counter, Protocol):
    """A counter that counts with a network of ours."""

    @property
    def manifest(self) -> Manifest:
        """What is known of the network."""

    @property
    def predictor(self) -> Predictor:
        """Who finds the boxes."""


def load_counter(folder: Path, predictor: Predictor) -> NetworkCounter:
    """Load the network of *folder*; onnxruntime and torch are imported only where they count.

    Raises:
        WeightsUnusable: Manifest or network are missing, have changed, or this predictor cannot run them.
        PredictorMissing: The vision extra is needed and not installed.
    """
    if predictor is Predictor.ONNX:
        # It starts threads when it is imported; most commands of the server count nothing.
        from models.onnx_counter import OnnxCounter

        return OnnxCounter.load(folder)
    for package in _VISION:
        if find_spec(package) is None:
            raise PredictorMissing(package)
    try:
        return YoloCounter.load(folder)
    except ModuleNotFoundError as missing:  # what one of them needs in turn
        raise PredictorMissing(missing.name or str(missing)) from missing


def usable() -> tuple[Predictor, ...]:
    """The predictors whose packages are installed; imports none of them."""
    has_vision = all(find_spec(package) for package in _VISION)
    return tuple(Predictor) if has_vision else (Predictor.ONNX,)
