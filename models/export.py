"""Write a trained network as ONNX with its manifest: ``python -m models.export CHECKPOINT … --into FOLDER``.

Thresholds are chosen here, on the photos of the set that were not trained on (``val`` and ``test``).
"""

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from models.anchor import average, part_way
from models.dataset import SOURCES
from models.manifest import MANIFEST, SHIPPED, Thresholds, read_manifest
from models.scoring import NO_LINE, Looked, answered_error, named_photos, unseen_photos
from models.species import SPECIES, STRAYS
from models.start import start_network
from models.thresholds import answered_elsewhere, choose, choose_without_each
from models.torchvision_compat import prepare

_NETWORK = "counter.onnx"
_NAME = "carcass-counter"
_IOU = 0.6
# What onnxruntime 1.20, the oldest that we accept, certainly reads.
_OPSET = 17


@dataclass(frozen=True, slots=True)
class Twin:
    """A network made in the same way without some scenes: its folder, and that of the set it was trained on."""

    network: Path
    dataset: Path


def export(
    checkpoints: Sequence[Path],
    into: Path,
    *,
    dataset: Path,
    version: str,
    image_size: int,
    start: Path | None = None,
    share: float = 1.0,
    twin: Twin | None = None,
    named: Path | None = None,
) -> Path:
    """Write ``counter.onnx`` and ``manifest.json`` into *into*; nothing is left half-written.

    Args:
        checkpoints: What ``models.train`` returned; of several, from the same start and set, the mean is written.
        into: Folder, made where missing; a network that is there is replaced.
        dataset: Folder that ``models.dataset`` built and the checkpoints were trained on.
        version: Raise it whenever the network or a threshold changes: counts are stored with it.
        image_size: Side of the network's square; the one of training.
        start: The state dict that training started from; needed where *share* is below 1.
        share: How far of the way from the start to what was trained the weights go, 0 to 1.
        twin: A network made in the same way from fewer scenes. An animal is then counted from scores that are chosen
            on what *it* never saw, whole farms among it, and is sure from where both are hardly ever wrong, on the
            photos as they are and after each harmless change; without it, the photos that this network never saw
            decide alone.
        named: Photos that no network is trained on and whose names say what they show: they have a say in what is
            sure, and none in what is counted.
    """
    built = _built(dataset)
    manifest: dict[str, Any] = {
        "name": _NAME,
        "version": version,
        "file": _NETWORK,
        "classes": list(SPECIES),
        "strays": list(STRAYS),
        "image_size": image_size,
        "iou": _IOU,
        "licence": "AGPL-3.0-or-later",
        "trained_on": {
            "data_hash": built["data_hash"],
            "files": built["files"],
            "held_out": built["held_out"],
        },
    }
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write_checkpoint(folder / "trained.pt", checkpoints, start, share)
        _write_network(folder / "trained.pt", folder / _NETWORK, image_size, f"{_NAME}@{version}")
        manifest["sha256"] = hashlib.sha256((folder / _NETWORK).read_bytes()).hexdigest()
        _write_manifest(folder, manifest, dict.fromkeys(SPECIES, NO_LINE))
        own = unseen_photos(folder, dataset)
        shown = named_photos(folder, named) if named else Looked()
        drawn_on, besides = own, [*shown.plain, *shown.changed]
        if twin:
            drawn_on = unseen_photos(twin.network, twin.dataset)
            besides += [*own.plain, *own.changed]
            manifest["lines_of"] = {
                "sha256": read_manifest(twin.network).sha256,
                "held_out": _built(twin.dataset)["held_out"],
            }
        # A line that a harmless change of the photo would move is one that few photos happened to draw.
        photos = (*drawn_on.plain, *drawn_on.changed)
        without = choose_without_each(photos, SPECIES, besides)
        if built["held_out"] and not twin:
            # What this network is measured on has no say in the lines that it is measured with.
            manifest["lines_without"] = {scene: _as_json(lines) for scene, lines in without.items()}
        chosen = choose(photos, SPECIES, besides)
        if (fared := answered_elsewhere(drawn_on.plain, without)).sure:
            manifest["answered_error"] = asdict(answered_error(fared))
        _write_manifest(folder, manifest, chosen)
        _put(folder, into)
    return into / MANIFEST


def _put(folder: Path, into: Path) -> None:
    """Bring network and manifest there whole: a break between the two leaves a pair that says that it is none."""
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=into) as scratch:
        for name in (_NETWORK, MANIFEST):
            shutil.copyfile(folder / name, Path(scratch) / name)
        for name in (_NETWORK, MANIFEST):
            (Path(scratch) / name).replace(into / name)


def _write_checkpoint(file: Path, checkpoints: Sequence[Path], start: Path | None, share: float) -> None:
    prepare()
    import torch
    from ultralytics.nn.tasks import load_checkpoint

    loaded = [load_checkpoint(checkpoint) for checkpoint in checkpoints]
    network, saved = average([network for network, _ in loaded]), loaded[0][1]
    if start is not None and share < 1:
        part_way(network, start_network(start), share)
    torch.save({"model": network, "train_args": saved["train_args"], "version": saved["version"]}, file)


def _write_network(checkpoint: Path, file: Path, image_size: int, name: str) -> None:
    prepare()
    import onnx
    from ultralytics import YOLO

    from models.head import put_to_use

    trained = YOLO(checkpoint)
    put_to_use(trained.model, len(STRAYS))
    written = trained.export(format="onnx", imgsz=image_size, opset=_OPSET, simplify=True, device="cpu")
    network = onnx.load(written)
    # ultralytics notes the day and this machine's paths: the same checkpoint shall give the same bytes.
    del network.metadata_props[:]
    network.doc_string = f"{name}, AGPL-3.0-or-later"
    onnx.save(network, file)


def _write_manifest(folder: Path, manifest: dict[str, Any], thresholds: Mapping[str, Thresholds]) -> None:
    text = json.dumps(manifest | {"thresholds": _as_json(thresholds)}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _as_json(thresholds: Mapping[str, Thresholds]) -> dict[str, dict[str, float]]:
    return {name: asdict(own) for name, own in thresholds.items()}


def _built(dataset: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((dataset / "manifest.json").read_text())
    return document


def main() -> None:
    """Export from the command line."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    given.add_argument("--into", type=Path, default=SHIPPED)
    given.add_argument("--dataset", type=Path, default=Path("runs/dataset"))
    given.add_argument("--version", required=True)
    given.add_argument("--start", type=Path, default=SOURCES / "weights" / "yolov8n_coco_init.pt")
    given.add_argument("--share", type=float, default=1.0)
    given.add_argument(
        "--twin",
        type=Path,
        nargs=2,
        metavar=("NETWORK", "DATASET"),
        help="choose thresholds on what it never saw",
    )
    given.add_argument("--imgsz", type=int, default=320, dest="image_size")
    asked = vars(given.parse_args())
    twin = None
    if folders := asked.pop("twin"):
        twin = Twin(*folders)
    print(export(**asked, twin=twin, named=SOURCES / "free" / "photos"))  # noqa: T201 - the answer of the command


if __name__ == "__main__":
    main()
