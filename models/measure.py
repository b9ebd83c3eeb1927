"""Measure the shipped network and its twin for the model card; ``python -m scripts.measure_counter`` runs it.

The twin is trained by the same recipe with whole farms held out. The shipped network knows those farms, so only the
twin's figures on them tell what to expect of the next farm.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any  # a JSON document is untyped until it is read

from models.evaluate import Counted, Decoder, PhotoUnreadable, Unread, count_all
from models.evaluation import Document, evaluation
from models.figures import figures
from models.harmless import CHANGES, Change
from models.labelled import read_folder
from models.manifest import MANIFEST
from models.onnx_counter import OnnxCounter
from models.predictors import NetworkCounter
from models.seen import Seen, Witness
from models.truth import Truth, of_labelled, of_names

LABELLED = ("livestock", "livestock2")
FREE = "free/photos"
_LYING = ("lying", "mixed (most on their side)")
_UNCHANGED = "as they are"
_ASKED = frozenset({"cattle", "pig", "sheep"})


@dataclass(frozen=True, slots=True)
class Measured:
    """A network, what its manifest says of its training, and every photo counted with what it had seen of it."""

    counter: NetworkCounter
    trained_on: dict[str, Any]
    witness: Witness
    photos: tuple[tuple[Counted, Seen], ...]
    changed: Mapping[str, tuple[Counted, ...]]
    """Photos of scenes never seen, as they are and after each harmless change (``models.harmless``)."""

    def evaluated(self, wanted: Callable[[Counted, Seen], bool]) -> Document:
        """Return the evaluation of the photos that are *wanted*, without its line for each photo."""
        chosen = [counted for counted, seen in self.photos if wanted(counted, seen)]
        lines = {name: own.line for name, own in self.counter.manifest.thresholds.items()}
        document = evaluation(chosen, lines=lines)
        del document["per_photo"]
        return document

    def sources(self) -> dict[str, dict[str, list[int]]]:
        """By source: how many photos, and animals on them, the network has seen how."""
        told: dict[str, dict[str, list[int]]] = {}
        for counted, seen in self.photos:
            own = told.setdefault(counted.truth.source, {}).setdefault(seen.value, [0, 0])
            own[0] += 1
            own[1] += counted.truth.heads
        return dict(sorted(told.items()))

    def as_json(self) -> Document:
        """Which network it is."""
        manifest = self.counter.manifest
        return {
            "model": manifest.full_name,
            "sha256": manifest.sha256,
            "image_size": manifest.image_size,
            "data_hash": self.trained_on.get("data_hash"),
            "held_out": sorted(self.witness.held_out),
            "seen": self.sources(),
        }


def measured(counter: OnnxCounter, folder: Path, sources: Path, decode: Decoder) -> Measured:
    """Count every photo of *sources* with the network of *folder*; each with lines that its scene had no say in.

    Raises:
        LabelsUnusable: A folder of labelled photos cannot be used.
        PhotoUnreadable: A photo cannot be read: figures for the card leave none out.
    """
    labelled = [photo for name in LABELLED for photo in read_folder(sources / name)]
    trained_on = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("trained_on", {})
    witness = Witness.of(trained_on, labelled)
    free = of_names(sources / FREE, source=FREE)
    seen = [*map(witness.seen, labelled), *([Seen.NEVER] * len(free))]

    def counted(photos: Iterable[Truth], decoder: Decoder) -> list[Counted]:
        return [
            one
            for photo in photos
            for one in _whole(count_all(_without(photo.scene, counter), [photo], decoder))
        ]

    photos = tuple(zip(counted((*of_labelled(labelled), *free), decode), seen, strict=True))
    unseen = [photo for photo, how in photos if how is Seen.NEVER]
    truths = [photo.truth for photo in unseen]
    changed = {_UNCHANGED: tuple(unseen)}
    changed |= {name: tuple(counted(truths, _then(decode, change))) for name, change in CHANGES.items()}
    return Measured(counter, trained_on, witness, photos, changed)


def _then(decode: Decoder, change: Change) -> Decoder:
    return lambda path: change(decode(path))


def card_figures(shipped: Measured, twin: Measured, shown: Sequence[Counted]) -> Document:
    """Return what ``figures.json`` holds.

    Args:
        shipped: The shipped network.
        twin: The network that never saw some farms.
        shown: Photos that the card shows, counted by the shipped network.
    """
    held_out = twin.witness.held_out
    lying = [photo for photo, seen in twin.photos if seen is Seen.NEVER and _is_lying(photo)]
    return {
        "shipped": shipped.as_json(),
        "twin": twin.as_json(),
        "groups": {
            "farms": twin.evaluated(lambda photo, _: photo.truth.scene in held_out),
            "twin_never_seen": twin.evaluated(lambda _, seen: seen is Seen.NEVER),
            "never_seen": shipped.evaluated(lambda _, seen: seen is Seen.NEVER),
            "free": shipped.evaluated(lambda photo, _: photo.truth.source == FREE),
            "same_scene": shipped.evaluated(lambda _, seen: seen is Seen.SAME_SCENE),
            "trained": shipped.evaluated(lambda _, seen: seen is Seen.TRAINED),
        },
        "lying": figures(lying).as_json(),
        "changed": {name: _stood(photos) for name, photos in shipped.changed.items()},
        "pictures": [_picture(photo) for photo in shown],
    }


def _stood(photos: Sequence[Counted]) -> Document:
    """How sure counts fared, and what was seen where nothing is."""
    answered = [photo for photo in photos if not photo.count.unsure]
    return {
        "photos": len(photos),
        "answered": len(answered),
        "wrong": sum(photo.error > 0 for photo in answered),
        "heads_off": sum(photo.error for photo in photos if photo.truth.heads),
        "false_animals": sum(photo.count.count for photo in photos if not photo.truth.heads),
    }


def _without(scene: str, counter: OnnxCounter) -> OnnxCounter:
    """The same network with the lines that were drawn without *scene*, where there are such."""
    own = counter.manifest.lines_without.get(scene, counter.manifest.thresholds)
    return replace(counter, manifest=replace(counter.manifest, thresholds=own))


def _whole(done: Iterable[Counted | Unread]) -> Iterable[Counted]:
    for one in done:
        if isinstance(one, Unread):
            raise PhotoUnreadable(
                code=one.why.code, title=one.why.title, next=one.why.next, why=f"{one.truth.path}: {one.why}"
            )
        yield one


def _is_lying(photo: Counted) -> bool:
    return photo.truth.posture in _LYING and bool(_ASKED.intersection(photo.truth.species))


def shown(counter: NetworkCounter, folder: Path, decode: Decoder) -> list[Counted]:
    """Count the photos that the project ships, which the card shows.

    Raises:
        PhotoUnreadable: One of them cannot be read.
    """
    photos: list[Truth] = of_names(folder, source=folder.name)
    return list(_whole(count_all(counter, photos, decode)))


def _picture(photo: Counted) -> Document:
    return {
        "photo": photo.truth.path.name,
        "true": photo.truth.heads,
        "counted": photo.count.count,
        "reasons": list(photo.count.reasons),
        "width": photo.size[0],
        "boxes": [
            {
                "xyxy": [round(edge, 1) for edge in box.xyxy],
                "species": box.species,
                "confidence": round(box.confidence, 3),
            }
            for box in photo.count.boxes
        ],
    }
