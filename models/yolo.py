"""Count with the same network through ultralytics and torch: the second opinion on how boxes are found.

Everything from the pixels to the boxes is ultralytics' own here: letterbox by OpenCV, arithmetic by torch, suppression.
The weights are read out of the network's one hashed file, so there is no second file that could differ from it.
"""

from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, Self  # ultralytics, torch and onnx are optional and untyped here

import numpy as np
from numpy.typing import NDArray

from models.counter import Count, Predictor
from models.judging import floors, judge
from models.letterbox import fit
from models.manifest import SHIPPED, Manifest, WeightsUnusable, check_input, read_manifest
from models.start import set_classes, wide_network
from models.suppression import Detections
from models.torchvision_compat import prepare_to_serve

_EXPORT_AGAIN = "export it with models.export, or choose the predictor onnx, which runs any network"
# As in models.suppression: more boxes than this are noise.
_MOST_BOXES = 3000


class YoloCounter:
    """A counter over ultralytics' predictor, which threads may share.

    A predictor keeps the photo in hand in its own fields, so two threads must not share one. Each count takes an idle
    predictor or makes one; there are never more than threads that count at once, each on one core.
    """

    def __init__(self, manifest: Manifest, network: Any) -> None:
        self.manifest = manifest
        self._network = network
        self._idle: SimpleQueue[Any] = SimpleQueue()
        self._idle.put(_predictor(network, manifest))

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Self:
        """Load the network of *folder*; importing torch takes a second or two.

        Raises:
            WeightsUnusable: Manifest or network are missing, have changed, or are not of the kind that this project
                trains.
            ModuleNotFoundError: The vision extra is not installed.
        """
        prepare_to_serve()
        manifest = read_manifest(folder)
        return cls(manifest, _network(folder / manifest.file, manifest))

    @property
    def name(self) -> str:
        """``name@version`` of the network."""
        return self.manifest.full_name

    @property
    def predictor(self) -> Predictor:
        """Who finds the boxes."""
        return Predictor.ULTRALYTICS

    def count(self, image: NDArray[np.uint8]) -> Count:
        """Count the animals on *image*: (height, width, 3), RGB, upright; boxes are in its pixels."""
        began_s = perf_counter()
        found = self._found(image)
        seen = fit(image, self.manifest.image_size).inner
        return judge(image, seen, found, self.manifest, began_s=began_s)

    def _found(self, image: NDArray[np.uint8]) -> Detections:
        try:
            predictor = self._idle.get_nowait()
        except Empty:
            predictor = _predictor(self._network, self.manifest)
        try:
            # Arrays are taken as OpenCV reads them: blue first.
            (result,) = predictor(np.ascontiguousarray(image[..., ::-1]))
        finally:
            self._idle.put(predictor)
        boxes = result.boxes
        return Detections(boxes.xyxy.numpy(), boxes.cls.numpy().astype(np.intp), boxes.conf.numpy())


def _network(file: Path, manifest: Manifest) -> Any:
    """The torch module whose convolutions hold exactly the numbers of the ONNX *file*."""
    import onnx
    import torch
    from onnx.numpy_helper import to_array

    from models.head import put_to_use

    try:
        exported = onnx.load(file)
    except Exception as unread:  # protobuf's errors have no common class below Exception
        raise WeightsUnusable(file, f"onnx cannot read it ({unread})", _EXPORT_AGAIN) from unread
    sides = exported.graph.input[0].type.tensor_type.shape.dim
    check_input(file, manifest, [side.dim_value for side in sides])
    # The exporter keeps the names of torch; what is not a weight is a constant of the graph.
    weights = {
        one.name: torch.from_numpy(to_array(one).copy())
        for one in exported.graph.initializer
        if one.name.startswith("model.")
    }
    network = wide_network().eval()
    set_classes(network, (*manifest.classes, *manifest.strays))
    # Exported networks have batch norm folded into the convolutions.
    network.fuse(verbose=False)
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as other:
        why = "its weights are not those of a YOLOv8n as this project trains it"
        raise WeightsUnusable(file, why, _EXPORT_AGAIN) from other
    put_to_use(network, len(manifest.strays))
    return network


def _predictor(network: Any, manifest: Manifest) -> Any:
    import torch
    from ultralytics.models.yolo.detect import DetectionPredictor

    lowest = torch.from_numpy(floors(manifest))

    class LivestockPredictor(DetectionPredictor):  # type: ignore[misc]  # an untyped base
        def postprocess(self, preds: Any, img: Any, orig_imgs: Any, **kwargs: Any) -> Any:
            """Drop what scores below its species' own floor; ultralytics knows one floor for all."""
            scores = (preds[0] if isinstance(preds, list | tuple) else preds)[:, 4:]
            best, species = scores.max(1, keepdim=True)
            scores *= best >= lowest[species]
            return super().postprocess(preds, img, orig_imgs, **kwargs)

    predictor = LivestockPredictor(
        overrides={
            "task": "detect",
            "mode": "predict",
            "imgsz": manifest.image_size,
            "conf": 0.0,  # the floors have been drawn
            "iou": manifest.iou,
            "agnostic_nms": True,
            "max_det": _MOST_BOXES,
            "rect": False,
            "device": "cpu",
            "save": False,
            "verbose": False,
        }
    )
    predictor.setup_model(network, verbose=False)
    # One photo a core, as with onnxruntime; setting a model up resets it.
    torch.set_num_threads(1)
    return predictor
