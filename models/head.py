"""The head of a network in use: how a dog's score lowers a goat's."""

from typing import Any

import torch
from ultralytics.nn.modules.head import Detect


class LivestockHead(Detect):  # type: ignore[misc]  # an untyped base
    """ultralytics' head whose last classes are strays: learned like any other, and never told.

    COCO taught the start network what dogs and cats are. A head of livestock alone has nowhere to put that, and calls
    a dog close by a goat. Each species' score is lowered by what speaks for a stray at the same place, so that an
    animal is *livestock and no dog*. The output keeps one score a species, and nothing that reads it needs to know.
    """

    strays: int
    """How many of the last classes are strays."""

    def forward(self, x: list[torch.Tensor]) -> Any:
        """Return (batch, 4 + species, anchors), boxes and scores; when not exported, with what ultralytics adds."""
        told = super().forward(x)
        return self._livestock(told) if self.export else (self._livestock(told[0]), told[1])

    def _livestock(self, told: torch.Tensor) -> torch.Tensor:
        boxes, species, strays = told.split((4, self.nc - self.strays, self.strays), 1)
        return torch.cat((boxes, species * (1 - strays.amax(1, keepdim=True))), 1)


def put_to_use(model: Any, strays: int) -> None:
    """Let an ultralytics ``DetectionModel`` tell its species alone; its last *strays* classes are no species.

    Checkpoints keep ultralytics' own head: it loads no other without running their code. So does a network that knows
    no strays.
    """
    if strays:
        head = model.model[-1]
        head.__class__, head.strays = LivestockHead, strays
