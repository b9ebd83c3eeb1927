"""The untrained counter: COCO-trained layers with a species head whose rows are taken from COCO's."""

from pathlib import Path
from typing import Any  # ultralytics and torch are optional and untyped here

from models.species import COCO_ROWS, SPECIES


def start_network(weights: Path) -> Any:
    """Return an ultralytics ``DetectionModel`` of YOLOv8n that already finds cattle, sheep, birds and horses.

    The head keeps the width it has for COCO's 80 classes (ultralytics narrows it for few classes), so nothing that it
    learned is thrown away; only the last convolution of each scale is replaced, row by row as ``COCO_ROWS`` says.

    Args:
        weights: A plain state dict with the key names of ultralytics' ``yolov8n.yaml``, 80 classes.
    """
    import torch
    from ultralytics.nn.tasks import DetectionModel

    model = DetectionModel("yolov8n.yaml", nc=80, verbose=False)
    state = torch.load(weights, weights_only=True)
    model.load_state_dict({name: values.float() for name, values in state.items()}, strict=True)
    head = model.model[-1]
    for branch in head.cv3:
        coco = branch[-1]
        rows = torch.nn.Conv2d(coco.in_channels, len(SPECIES), 1)
        with torch.no_grad():
            for index, species in enumerate(SPECIES):
                taken = list(COCO_ROWS[species])
                rows.weight[index] = coco.weight[taken].mean(0)
                rows.bias[index] = coco.bias[taken].mean(0)
        branch[-1] = rows
    head.nc = len(SPECIES)
    head.no = head.nc + 4 * head.reg_max
    model.nc = head.nc
    model.yaml["nc"] = head.nc
    model.names = dict(enumerate(SPECIES))
    return model
