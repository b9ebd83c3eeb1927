"""Fine-tune the COCO start to livestock; ``python -m models.train --name mine``, and ``--resume`` after a break.

As it is given, the run that the shipped network comes from.

The backbone stays as COCO's hundred thousand photos made it: with a few dozen photos of livestock and made-up scenes,
layers that may move learn the scenes by heart (models/RUNS.md: it halves the error on farms that were not trained on,
and an epoch takes half the time).

Batch norm keeps the start's statistics: they were rebuilt from 64 photos, and letting small batches drag them away
loses what COCO taught before the species head has learned anything. Its scale and shift are trained like all else.
"""

import argparse
import os
from pathlib import Path
from typing import Any  # ultralytics is optional and untyped here

from models.anchor import Anchor
from models.dataset import SOURCES
from models.species import ANY_ANIMAL, COCO_ROWS, SPECIES, STRAYS
from models.start import start_network
from models.torchvision_compat import prepare

_RUNS = Path("runs/train")
# The last convolution of each scale scores the classes, a row each. What COCO has no class for must move.
_SCORES = tuple(f"cv3.{scale}.2.{part}" for scale in range(3) for part in ("weight", "bias"))


def train(
    data: Path,
    name: str,
    *,
    start: Path,
    pull: float = 0.0,
    onwards: Path | None = None,
    one_class: bool = False,
    stop_after: int | None = None,
    resume: bool = False,
    **settings: Any,
) -> Path:
    """Train and return the last checkpoint (the moving average of the weights).

    Args:
        data: ``data.yaml`` of a set that ``models.dataset`` built.
        name: Folder of the run under ``runs/train``.
        start: The state dict that training starts from.
        pull: Share of the way back to the start that each weight goes after each step, falling with the step size.
        onwards: A checkpoint of another run to go on from; the pull is still towards *start*.
        one_class: Learn one class, any animal, instead of species and strays: a trial, which nothing serves.
        stop_after: End after so many passes of those that the steps are laid out for. In the last, smallest steps a
            network learns made-up scenes by heart.
        resume: Go on from the run's last checkpoint.
        settings: ultralytics' own settings, over those of this project.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    prepare()
    from ultralytics.utils import SETTINGS

    SETTINGS.update(sync=False)
    overrides = {**_SETTINGS, "data": str(data), "project": str(_RUNS.resolve()), "name": name, **settings}
    if one_class:
        overrides |= {"single_cls": True, "classes": list(range(len(SPECIES)))}
    if resume:
        last = str(_RUNS / name / "weights" / "last.pt")
        overrides |= {"model": last, "resume": last}
    classes = (ANY_ANIMAL,) if one_class else (*SPECIES, *STRAYS)
    trainer = _trainer(start, pull, onwards, classes)(overrides=overrides)

    def end_in_time(running: Any) -> None:
        running.stop |= running.epoch + 1 == stop_after

    trainer.add_callback("on_train_epoch_end", end_in_time)
    trainer.train()
    return Path(trainer.last)


def _trainer(start: Path, pull: float, onwards: Path | None, classes: tuple[str, ...]) -> Any:
    import torch
    from torch.nn import BatchNorm2d
    from ultralytics.models.yolo.detect import DetectionTrainer
    from ultralytics.nn.tasks import load_checkpoint

    class LivestockTrainer(DetectionTrainer):  # type: ignore[misc]  # an untyped base
        def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002 - the base's signature
            model = start_network(start, classes)
            new = [row for row, name in enumerate(classes) if len(COCO_ROWS[name]) > 1]
            self.anchor = Anchor.of(model, free=dict.fromkeys(_SCORES, new))
            if onwards is not None and weights is None:
                weights, _ = load_checkpoint(onwards)
            if weights is not None:  # resumed, or another run's
                model.load_state_dict(weights.float().state_dict())
            # The colours of a pixel side by side: a pass then takes a third less of a CPU's time.
            return model.to(memory_format=torch.channels_last)

        def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
            batch = super().preprocess_batch(batch)
            batch["img"] = batch["img"].contiguous(memory_format=torch.channels_last)
            return batch

        def _setup_train(self) -> None:
            super()._setup_train()
            # ultralytics keeps mixed precision to GPUs. On a CPU that computes with bfloat16 it takes two thirds of the
            # time, on one that only imitates it half as much again; the weights themselves stay in single precision.
            self.amp = torch.cpu.get_capabilities().get("avx512_bf16", False)

        def _model_train(self) -> None:
            super()._model_train()
            for layer in self.model.modules():
                if isinstance(layer, BatchNorm2d):
                    layer.eval()

        def optimizer_step(self) -> None:
            super().optimizer_step()
            self.anchor.pull(self.model, pull * self.optimizer.param_groups[0]["lr"] / self.args.lr0)

    return LivestockTrainer


# Small steps and a short warm-up keep the COCO skill; mosaics end early, as a photo is never a mosaic.
_SETTINGS: dict[str, Any] = {
    "model": "yolov8n.yaml",
    "imgsz": 320,
    "epochs": 10,
    "batch": 16,
    "nbs": 16,
    "optimizer": "AdamW",
    "lr0": 0.0006,
    "lrf": 0.05,
    "cos_lr": True,
    "warmup_epochs": 1.0,
    "warmup_bias_lr": 0.0002,
    "mosaic": 0.5,
    "close_mosaic": 4,
    "scale": 0.4,
    "degrees": 8.0,
    "fliplr": 0.5,
    "erasing": 0.0,
    "seed": 0,
    "deterministic": True,
    "device": "cpu",
    "workers": 0,
    "cache": "ram",
    "val": False,
    "plots": False,
    "save_period": 1,
    "exist_ok": True,
    "amp": False,
}


def main() -> None:
    """Train from the command line."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--data", type=Path, default=Path("runs/dataset/data.yaml"))
    given.add_argument("--start", type=Path, default=SOURCES / "weights" / "yolov8n_coco_init.pt")
    given.add_argument("--name", required=True)
    given.add_argument("--pull", type=float, default=0.007)
    given.add_argument(
        "--freeze",
        type=int,
        default=10,
        metavar="N",
        help="the first N layers stay (10: the backbone, 0: none)",
    )
    given.add_argument("--onwards", type=Path, metavar="CHECKPOINT", help="go on from another run's network")
    given.add_argument("--one-class", action="store_true", help="any animal instead of the species")
    given.add_argument("--resume", action="store_true")
    given.add_argument("--epochs", type=int, default=_SETTINGS["epochs"])
    given.add_argument(
        "--stop-after",
        type=int,
        default=6,
        metavar="N",
        help="end after N passes of those that the steps are laid out for (default: 6)",
    )
    given.add_argument("--imgsz", type=int, default=_SETTINGS["imgsz"])
    given.add_argument("--lr0", type=float, default=_SETTINGS["lr0"])
    given.add_argument(
        "--nbs",
        type=int,
        default=_SETTINGS["nbs"],
        metavar="N",
        help="photos that one step learns from, in batches; fewer are more steps in the same time",
    )
    given.add_argument(
        "--warmup-epochs",
        type=float,
        default=_SETTINGS["warmup_epochs"],
        metavar="N",
        help="at least 100 batches, unless 0",
    )
    given.add_argument("--seed", type=int, default=_SETTINGS["seed"])
    chosen = vars(given.parse_args())
    print(train(chosen.pop("data"), chosen.pop("name"), **chosen))  # noqa: T201 - the answer of the command


if __name__ == "__main__":
    main()
