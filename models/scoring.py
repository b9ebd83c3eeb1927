"""What a network scores on the photos that it was not trained on: where its lines are drawn, and how it fares there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from models.bootstrap import wilson
from models.harmless import CHANGES
from models.labelled import read_targets
from models.letterbox import fit
from models.manifest import AnsweredError, Thresholds
from models.onnx_counter import OnnxCounter
from models.species import SPECIES
from models.suppression import Detections, lying_on_others, parted
from models.thresholds import Answered, Scored
from models.truth import of_names

NO_LINE = Thresholds(0.05, 0.05, 0.05)
"""Low enough to see every box that a line may be drawn through."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The same photos as they are, and all of them again after each harmless change (``models.harmless``)."""

    plain: tuple[Scored, ...] = ()
    changed: tuple[Scored, ...] = ()


def unseen_photos(network: Path, dataset: Path) -> Looked:
    """Score the photos of ``val`` and ``test`` whose scenes were not trained on.

    Args:
        network: Folder with a network and its manifest, whose thresholds play no part.
        dataset: Folder that ``models.dataset`` built and the network was trained on.
    """
    scenes = json.loads((dataset / "manifest.json").read_text())["scenes"]
    trained = set(scenes["train"].values())
    known = []
    for split in ("val", "test"):
        for name, scene in scenes[split].items():
            if scene not in trained:
                targets = read_targets(dataset / "labels" / split / f"{name}.txt", SPECIES)
                true = tuple(SPECIES[target.species] for target in targets)
                known.append((dataset / "images" / split / f"{name}.jpg", true, scene))
    return _looked(network, known)


def named_photos(network: Path, folder: Path) -> Looked:
    """Score photos whose names say what they show, and that no network was trained on (``models.truth``)."""
    return _looked(
        network, [(photo.path, photo.species, photo.scene) for photo in of_names(folder, source="")]
    )


def _looked(network: Path, known: Sequence[tuple[Path, tuple[str, ...], str]]) -> Looked:
    """Look at each photo, of which its animals and its scene are known."""
    counter = _without_lines(network)
    plain, changed = [], []
    for path, true, scene in known:
        image = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
        plain.append(_scored(counter, image, true, scene))
        changed += [_scored(counter, change(image), true, scene) for change in CHANGES.values()]
    return Looked(tuple(plain), tuple(changed))


def _without_lines(network: Path) -> OnnxCounter:
    counter = OnnxCounter.load(network)
    return replace(counter, manifest=replace(counter.manifest, thresholds=dict.fromkeys(SPECIES, NO_LINE)))


def _scored(counter: OnnxCounter, image: NDArray[np.uint8], true: tuple[str, ...], scene: str) -> Scored:
    wholes, parts = parted(counter.detect(fit(image, counter.manifest.image_size)))
    piled = wholes.at(lying_on_others(wholes.xyxy))
    return Scored(_named(wholes), true, _named(parts), scene, _named(piled))


def answered_error(fared: Answered) -> AnsweredError:
    """How often sure counts were wrong, as a manifest states it; ``fared.sure`` is at least 1.

    Its interval takes a scene for one photo, as ``models.bootstrap.share_interval`` does.
    """
    share = fared.wrong / fared.sure
    low, high = wilson(share * fared.scenes, fared.scenes) or (0.0, 1.0)
    return AnsweredError(round(share, 4), round(low, 4), round(high, 4), fared.sure)


def _named(found: Detections) -> tuple[tuple[str, float], ...]:
    return tuple(zip((SPECIES[index] for index in found.species), found.scores.tolist(), strict=True))
