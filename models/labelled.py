"""Labelled photos and cut-out animals as their folders hold them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.species import SPECIES

SPLITS = ("train", "val", "test")

# The first folder has no table of scenes. Both its farms come from the same two data sets as the second folder's.
_FARM_OF_PREFIX = {"cattle": "cowfarm1", "pig": "pigpen1"}
_SPECIES_OF_STAMP = {"hen": "poultry", "duck": "poultry", "lamb": "sheep"}


class LabelsUnusable(ValueError):
    """A labels file is corrupt; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Target:
    """One animal: the index of its species and its box as shares of the photo's width and height."""

    species: int
    x: float
    y: float
    width: float
    height: float

    def as_line(self) -> str:
        """The line of a YOLO labels file: class, centre and size."""
        return f"{self.species} {self.x:.5f} {self.y:.5f} {self.width:.5f} {self.height:.5f}"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photo with every animal in it; no targets means that there is no livestock on it."""

    path: Path
    split: str
    scene: str
    targets: tuple[Target, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Cutout:
    """One animal with a transparent ground, and the scene it was cut from."""

    path: Path
    species: int
    scene: str


def read_targets(path: Path, classes: tuple[str, ...]) -> tuple[Target, ...]:
    """Read a YOLO labels file.

    Args:
        path: Lines of class, centre x, centre y, width, height, the last four as shares of the photo.
        classes: Names of the classes by number, as the folder's ``classes.txt`` lists them.

    Raises:
        LabelsUnusable: A line is not five numbers, names no class, or its box has no area or leaves the photo.
    """
    targets = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        try:
            first, *shares = line.split()
            x, y, width, height = map(float, shares)
            species = SPECIES.index(classes[int(first)])
        except (ValueError, IndexError) as wrong:
            raise LabelsUnusable(f"{path}:{number}: expected class, x, y, width, height: {line!r}") from wrong
        if not (0 <= x <= 1 and 0 <= y <= 1 and 0 < width <= 1 and 0 < height <= 1):
            raise LabelsUnusable(f"{path}:{number}: the box has no area or leaves the photo: {line!r}")
        targets.append(Target(species, x, y, width, height))
    return tuple(targets)


def read_folder(root: Path) -> list[Labelled]:
    """Read ``images/<split>``, ``labels/<split>``, ``classes.txt`` and, where there is one, ``photos.csv``."""
    classes = tuple((root / "classes.txt").read_text().split())
    scenes = _scenes(root / "photos.csv")
    return [
        Labelled(
            path=path,
            split=split,
            scene=scenes.get(path.stem) or _FARM_OF_PREFIX.get(path.stem.split("_")[0], path.stem),
            targets=read_targets(root / "labels" / split / f"{path.stem}.txt", classes),
        )
        for split in SPLITS
        for path in sorted((root / "images" / split).glob("*.jpg"))
    ]


def read_cutouts(root: Path) -> Iterator[Cutout]:
    """Read the cut-outs that ``cutouts.csv`` lists beside the folder."""
    scenes = _scenes(root / "photos.csv")
    with (root / "cutouts.csv").open(newline="") as table:
        for row in csv.DictReader(table):
            species = SPECIES.index(row["class"])
            yield Cutout(root / "cutouts" / row["file"], species, scenes[row["from_photo"]])


def read_stamps(root: Path) -> Iterator[Cutout]:
    """Read cut-outs whose file names begin with the animal; one that shows two animals is left out."""
    for path in sorted((root / "cutouts").glob("*.png")):
        animal = path.stem.split("-")[0]
        species = _SPECIES_OF_STAMP.get(animal, animal)
        if species in SPECIES:
            yield Cutout(path, SPECIES.index(species), scene=f"stamp-{path.stem}")


def _scenes(table: Path) -> dict[str, str]:
    if not table.exists():
        return {}
    with table.open(newline="") as rows:
        return {Path(row["file"]).stem: row["scene"] for row in csv.DictReader(rows)}
