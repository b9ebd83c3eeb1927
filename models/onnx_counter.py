"""Count with the shipped network through onnxruntime: numpy in, boxes out, no torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.counter import Box, Count, Reason
from models.letterbox import Fitted, fit
from models.manifest import SHIPPED, Manifest, WeightsUnusable, read_manifest
from models.quality import doubts
from models.suppression import Detections, box_iou, decode

# Up to here photos were labelled and counts measured; more animals hide one another.
_MOST_HEADS = 10
# Two animals whose boxes share this much lie on one another.
_PILED_IOU = 0.45


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
        expected = [1, 3, manifest.image_size, manifest.image_size]
        if session.get_inputs()[0].shape != expected:
            why = f"the network takes {session.get_inputs()[0].shape}, the manifest says {expected}"
            raise WeightsUnusable(file, why, "export the network and its manifest together")
        return cls(manifest, session)

    @property
    def name(self) -> str:
        """``name@version`` of the network."""
        return f"{self.manifest.name}@{self.manifest.version}"

    def count(self, image: NDArray[np.uint8]) -> Count:
        """Count the animals on *image*: (height, width, 3), RGB, upright; boxes are in its pixels."""
        began = perf_counter()
        fitted = fit(image, self.manifest.image_size)
        found = self.detect(fitted)
        scores, lines = (
            found.scores,
            [self.manifest.thresholds[self.manifest.classes[of]] for of in found.species],
        )
        counted = np.flatnonzero([score >= own.line for score, own in zip(scores, lines, strict=True)])
        sure = int(sum(score >= own.high for score, own in zip(scores, lines, strict=True)))
        height, width = image.shape[:2]
        boxes = tuple(self._box(found, index, fitted, width, height) for index in counted.tolist())
        reasons = [*doubts(image, fitted.inner), *_doubts(boxes, found.xyxy[counted])]
        if sure < len(scores):
            reasons.append(Reason.LOW_CONFIDENCE)
        codes = tuple(reason.value for reason in Reason if reason in reasons)
        ms = round((perf_counter() - began) * 1000, 1)
        return Count(len(boxes), bool(codes), codes, boxes, ms, low=sure, high=len(scores))

    def detect(self, fitted: Fitted) -> Detections:
        """Return every box from the lower thresholds on, in the network's square."""
        tensor = np.ascontiguousarray(fitted.pixels.transpose(2, 0, 1)[None], np.float32)
        tensor /= 255
        (output,) = self.session.run(None, {self.session.get_inputs()[0].name: tensor})
        floors = np.asarray(
            [self.manifest.thresholds[name].low for name in self.manifest.classes], np.float32
        )
        return decode(output[0], floors=floors, iou=self.manifest.iou)

    def _box(self, found: Detections, index: int, fitted: Fitted, width: int, height: int) -> Box:
        left, top, right, bottom = (
            (found.xyxy[index].astype(float) - [fitted.left, fitted.top] * 2) / fitted.scale
        ).tolist()
        xyxy = max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom)
        return Box(xyxy, self.manifest.classes[found.species[index]], float(found.scores[index]))


def _doubts(boxes: Sequence[Box], xyxy: NDArray[np.float32]) -> list[Reason]:
    piled = any((box_iou(xyxy[index], xyxy[:index]) > _PILED_IOU).any() for index in range(len(xyxy)))
    facts = {
        Reason.CROWDED: piled or len(boxes) > _MOST_HEADS,
        Reason.POULTRY: any(box.species == "poultry" for box in boxes),
        Reason.NO_ANIMAL: not boxes,
    }
    return [reason for reason, holds in facts.items() if holds]
