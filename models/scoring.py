"""What a network scores on the photos that it was not trained on: where its lines are drawn, and how it fares there."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from models.bootstrap import wilson
from models.labelled import read_targets
from models.letterbox import fit
from models.manifest import AnsweredError, Thresholds
from models.onnx_counter import OnnxCounter
from models.species import SPECIES
from models.suppression import Detections, parted
from models.thresholds import Answered, Scored

NO_LINE = Thresholds(0.05, 0.05, 0.05)
"""Low enough to see every box that a line may be drawn through."""


def unseen_photos(network: Path, dataset: Path) -> list[Scored]:
    """Score the photos of ``val`` and ``test``.

    Args:
        network: Folder with a network and its manifest, whose thresholds play no part.
        dataset: Folder that ``models.dataset`` built and the network was trained on.
    """
    counter = OnnxCounter.load(network)
    counter = replace(counter, manifest=replace(counter.manifest, thresholds=dict.fromkeys(SPECIES, NO_LINE)))
    scenes = json.loads((dataset / "manifest.json").read_text())["scenes"]
    photos = []
    for split in ("val", "test"):
        for name, scene in scenes[split].items():
            image = np.asarray(Image.open(dataset / "images" / split / f"{name}.jpg").convert("RGB"))
            targets = read_targets(dataset / "labels" / split / f"{name}.txt", SPECIES)
            wholes, parts = parted(counter.detect(fit(image, counter.manifest.image_size)))
            true = tuple(SPECIES[target.species] for target in targets)
            photos.append(Scored(_named(wholes), true, _named(parts), scene))
    return photos


def answered_error(fared: Answered) -> AnsweredError:
    """How often sure counts were wrong, as a manifest states it; ``fared.sure`` is at least 1."""
    low, high = wilson(fared.wrong, fared.sure) or (0.0, 1.0)
    return AnsweredError(round(fared.wrong / fared.sure, 4), round(low, 4), round(high, 4), fared.sure)


def _named(found: Detections) -> tuple[tuple[str, float], ...]:
    return tuple(zip((SPECIES[index] for index in found.species), found.scores.tolist(), strict=True))
