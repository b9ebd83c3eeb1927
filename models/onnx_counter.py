"""Count with the shipped network through onnxruntime: numpy in, boxes out, no torch."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.counter import Count, Predictor
from models.judging import floors, judge
from models.letterbox import Fitted, fit
from models.manifest import SHIPPED, Manifest, WeightsUnusable, check_input, check_output, read_manifest
from models.suppression import Detections, decode


@dataclass(frozen=True, slots=True)
class OnnxCounter:
    """A counter over one onnxruntime session, which threads may share."""

    manifest: Manifest
    session: Any  # onnxruntime has no types

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Self:
        """Load the network of *folder*, one core a photo.

        Raises:
            WeightsUnusable: Manifest or network are missing, have changed, or onnxruntime cannot run them.
        """
        manifest = read_manifest(folder)
        file = folder / manifest.file
        options = ort.SessionOptions()
        # One photo a core: two threads then count two photos at once, and idle ones do not burn a core spinning.
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as unread:  # onnxruntime's errors have no common class below Exception
            why = f"onnxruntime {ort.__version__} cannot read it ({unread})"
            raise WeightsUnusable(file, why, "export the network again with an older opset") from unread
        check_input(file, manifest, session.get_inputs()[0].shape)
        check_output(file, manifest, session.get_outputs()[0].shape)
        return cls(manifest, session)

    @property
    def name(self) -> str:
        """``name@version`` of the network."""
        return self.manifest.full_name

    @property
    def predictor(self) -> Predictor:
        """Who finds the boxes."""
        return Predictor.ONNX

    def count(self, image: NDArray[np.uint8]) -> Count:
        """Count the animals on *image*: (height, width, 3), RGB, upright; boxes are in its pixels."""
        began_s = perf_counter()
        fitted = fit(image, self.manifest.image_size)
        found = self.detect(fitted)
        found = replace(found, xyxy=fitted.in_picture(found.xyxy))
        return judge(image, fitted.inner, found, self.manifest, began_s=began_s)

    def detect(self, fitted: Fitted) -> Detections:
        """Return every box from the lower thresholds on, in the network's square."""
        tensor = np.ascontiguousarray(fitted.pixels.transpose(2, 0, 1)[None], np.float32)
        tensor /= 255
        (output,) = self.session.run(None, {self.session.get_inputs()[0].name: tensor})
        return decode(output[0], floors=floors(self.manifest), iou=self.manifest.iou)
