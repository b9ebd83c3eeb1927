"""The untrained counter: COCO-trained layers with a species head whose rows are taken from COCO's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any  # ultralytics and torch are optional and untyped here

from models.species import COCO_ROWS, SPECIES, STRAYS


def start_network(weights: Path, classes: Sequence[str] = (*SPECIES, *STRAYS)) -> Any:
    """Return an ultralytics ``DetectionModel`` of YOLOv8n that already finds cattle, sheep, birds and horses.

    The head keeps the width it has for COCO's 80 classes (ultralytics narrows it for few classes), so nothing that it
    learned is thrown away; only the last convolution of each scale is replaced, row by row as ``COCO_ROWS`` says.

    Args:
        weights: A plain state dict with the key names of ultralytics' ``yolov8n.yaml``, 80 classes.
        classes: What it tells apart, in order; each has its rows in ``COCO_ROWS``.
    """
    import torch

    model = wide_network()
    state = torch.load(weights, weights_only=True)
    model.load_state_dict({name: values.float() for name, values in state.items()}, strict=True)
    coco = [branch[-1] for branch in model.model[-1].cv3]
    set_classes(model, classes)
    for branch, taught in zip(model.model[-1].cv3, coco, strict=True):
        with torch.no_grad():
            for index, animal in enumerate(classes):
                taken = list(COCO_ROWS[animal])
                branch[-1].weight[index] = taught.weight[taken].mean(0)
                branch[-1].bias[index] = taught.bias[taken].mean(0)
    return model


def wide_network() -> Any:
    """Return an ultralytics ``DetectionModel`` of YOLOv8n with a head as wide as for COCO, not trained."""
    from ultralytics.nn.tasks import DetectionModel

    return DetectionModel("yolov8n.yaml", nc=80, verbose=False)


def set_classes(model: Any, classes: Sequence[str]) -> None:
    """Give *model* a last convolution of *classes* at each scale, not trained; the head keeps its width."""
    from torch.nn import Conv2d

    head = model.model[-1]
    for branch in head.cv3:
        branch[-1] = Conv2d(branch[-1].in_channels, len(classes), 1)
    head.nc = len(classes)
    head.no = head.nc + 4 * head.reg_max
    model.nc = head.nc
    model.yaml["nc"] = head.nc
    model.names = dict(enumerate(classes))
