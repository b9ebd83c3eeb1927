"""A folder of labelled photos as trainers read it (YOLO): built beside, then put in place whole.

    INTO/
      images/<split>/*.jpg  labels/<split>/*.txt   photos with a box for each animal, and photos without livestock
      photos.csv  classes.txt                      where each comes from; the classes by number
      counted/*.jpg  counts.csv                    photos of which only the number is known: to measure on
      export.json                                  every file's sha-256: what this command wrote

Pictures are upright and made anew from pixels: no position, no device, no time is left in them.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.domain.labels import LabelBox
from backend.domain.problems import Problem
from models.species import SPECIES

_MANIFEST = "export.json"
_MADE_BY = "flashclaim model dataset export"
_QUALITY = 92
_PHOTO_COLUMNS = (
    *("file", "split", "source", "licence", "author", "species", "boxes", "posture", "dead", "scene"),
    "how_labelled",
)
_COUNT_COLUMNS = tuple("heads" if name == "boxes" else name for name in _PHOTO_COLUMNS)


class DatasetFolderTaken(Problem):
    """The folder holds something that this command did not write, and would be lost."""

    type = "/problems/dataset-folder-taken"
    status = HTTPStatus.CONFLICT
    title = "The folder holds something else"
    next = "Name a folder that is empty, is not there yet, or holds an earlier export and nothing beside it."


class DatasetUnwritable(Problem):
    """The folder cannot be made, or has no room; what was there before stands."""

    type = "/problems/dataset-unwritable"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    title = "The data set cannot be written"
    next = "Name a folder that may be written to and has room for all photos twice."


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every exported photo carries: this installation's name, the licence, the author."""

    source: str
    licence: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled photo; ``boxes`` None where only the number is known."""

    name: str
    split: str
    scene: str
    species: tuple[str, ...]
    heads: int
    boxes: tuple[LabelBox, ...] | None
    posture: str
    dead: str
    how: str


class Writing:
    """A new folder under construction."""

    def __init__(self, folder: Path, provenance: Provenance) -> None:
        self._folder = folder
        self._provenance = provenance
        self._rows: dict[str, list[tuple[object, ...]]] = {"photos.csv": [], "counts.csv": []}

    def add(self, example: Example, image: NDArray[np.uint8]) -> None:
        """Write one photo, upright RGB of shape (H, W, 3), with its label."""
        table, file = "photos.csv", f"{example.split}/{example.name}.jpg"
        picture = self._folder / "images" / file
        if example.boxes is None:
            table, file = "counts.csv", f"{example.name}.jpg"
            picture = self._folder / "counted" / file
        else:
            height, width = image.shape[:2]
            text = "".join(f"{_line(box, width, height)}\n" for box in example.boxes)
            _write(self._folder / "labels" / example.split / f"{example.name}.txt", text)
        picture.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(picture, "JPEG", quality=_QUALITY)
        origin = self._provenance
        self._rows[table].append(
            (
                *(file, example.split, origin.source, origin.licence, origin.author),
                *(" ".join(example.species) or "none", example.heads, example.posture, example.dead),
                *(example.scene, example.how),
            )
        )

    def finish(self) -> str:
        """Write the tables and the list of files; return the digest of it all."""
        _write(self._folder / "classes.txt", "".join(f"{name}\n" for name in SPECIES))
        for name, columns in (("photos.csv", _PHOTO_COLUMNS), ("counts.csv", _COUNT_COLUMNS)):
            with (self._folder / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerows([columns, *self._rows[name]])
        files = _hashes(self._folder)
        digest = _digest(files)
        document = {"made_by": _MADE_BY, "digest": digest, "files": files}
        _write(self._folder / _MANIFEST, json.dumps(document, indent=1) + "\n")
        return digest


def standing(into: Path) -> str | None:
    """The digest of the export that stands in *into*; None where there is nothing.

    Raises:
        DatasetFolderTaken: There is something else, or something beside the export.
        DatasetUnwritable: What is there cannot be read, or nothing can be called so.
    """
    try:
        return _standing(into)
    except OSError as fault:
        raise DatasetUnwritable(f"{fault.filename or into}: {fault.strerror}") from fault


def _standing(into: Path) -> str | None:
    if not into.exists():
        return None
    if not into.is_dir():
        raise DatasetFolderTaken(f"{into} is a file")
    found = _hashes(into)
    if not found and not (into / _MANIFEST).exists():
        return None
    try:
        document = json.loads((into / _MANIFEST).read_text(encoding="utf-8"))
        listed = {_MADE_BY: dict(document["files"])}[document["made_by"]]
    except (OSError, ValueError, KeyError, TypeError) as none:
        raise DatasetFolderTaken(f"{into} holds {min(found, default=_MANIFEST)}, and no export") from none
    strangers = sorted(found.keys() - listed.keys())
    if strangers:
        raise DatasetFolderTaken(f"{into} holds {strangers[0]}, which no export wrote")
    return _digest(found)


@contextmanager
def beside(into: Path, provenance: Provenance) -> Iterator[tuple[Writing, "Place"]]:
    """A new folder beside *into*, which ``Place.take`` puts there; without that nothing stays of it.

    Raises:
        DatasetUnwritable: It cannot be made, or has no room.
    """
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{into.name}-", dir=into.parent) as scratch:
            new = Path(scratch) / "new"
            new.mkdir()
            yield Writing(new, provenance), Place(into, new, Path(scratch) / "old")
    except OSError as fault:
        raise DatasetUnwritable(f"{fault.filename or into}: {fault.strerror}") from fault


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finished folder goes."""

    into: Path
    new: Path
    old: Path

    def take(self) -> None:
        """Put the new folder where the old one, or none, stood: whoever looks sees one of them whole."""
        if self.into.exists():
            self.into.rename(self.old)
        try:
            self.new.rename(self.into)
        except OSError:
            if self.old.exists():
                self.old.rename(self.into)
            raise


def _line(box: LabelBox, width: int, height: int) -> str:
    """Class, centre and size as shares of the photo."""
    left, top, right, bottom = box.xyxy
    centre = (left + right) / 2 / width, (top + bottom) / 2 / height
    size = (right - left) / width, (bottom - top) / height
    return " ".join([str(SPECIES.index(box.species)), *(f"{share:.6f}" for share in (*centre, *size))])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _hashes(folder: Path) -> dict[str, str]:
    """The sha-256 of every file but the list itself and what trainers keep beside labels (``*.cache``)."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.suffix != ".cache" and path != folder / _MANIFEST
    }


def _digest(files: dict[str, str]) -> str:
    lines: Sequence[str] = [f"{sha256}  {name}\n" for name, sha256 in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
