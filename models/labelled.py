"""Labelled photos and cut-out animals as their folders hold them."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from models.class_names import species_named
from models.species import SPECIES

SPLITS = ("train", "val", "test")
PHOTO_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})

# The first folder has no table of scenes, but its own list of credits. Both its farms come from the same two data sets
# as the second folder's.
_FIRST_FOLDERS_OWN = "ATTRIBUTION-coco.csv"
_ROW_OF_PREFIX = {
    "cattle": {"scene": "cowfarm1", "source": "dataset-ninja/cow-lie-stand-walk"},
    "pig": {"scene": "pigpen1", "source": "dataset-ninja/automatic-monitoring-pigs"},
    "neg": {"source": "lightly-ai/coco128_yolo (COCO 2017)"},
}
# What a row says of its photo.
_TOLD = ("scene", "source", "posture", "licence")
_SPECIES_OF_STAMP = {"hen": "poultry", "duck": "poultry", "lamb": "sheep"}


class LabelsUnusable(ValueError):
    """A folder of labelled photos cannot be used; each of ``faults`` names a file, and the line where it is one."""

    def __init__(self, *faults: str) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")
        self.faults = faults


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
    """A photo with every animal in it; no targets means that there is no livestock on it.

    ``split`` is ``train`` where the folder has no splits, ``scene`` the file's name where no table gives one.
    ``others`` are the classes of boxes that are no species of ours. Empty texts: nobody said.
    """

    path: Path
    split: str
    scene: str
    targets: tuple[Target, ...]
    source: str = ""
    posture: str = ""
    licence: str = ""
    others: tuple[str, ...] = ()

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
        LabelsUnusable: A line is not five numbers, names no class or none of our species, or its box has no area or
            its centre off the photo; every such line is named.
    """
    targets, others = _read_labels(path, classes)
    if others:
        raise LabelsUnusable(*(f"{place}: {name} is no species of ours" for place, name in others))
    return targets


def read_classes(root: Path) -> tuple[str, ...]:
    """Read ``classes.txt``: a class a line, its number the line's, from 0.

    Raises:
        LabelsUnusable: The file is missing, empty or no text, or a line in it is.
    """
    path = root / "classes.txt"
    lines = _text(path, missing="the file is missing: it names the classes, one a line").splitlines()
    classes = tuple(line.strip() for line in lines)
    while classes and not classes[-1]:
        classes = classes[:-1]
    if not classes:
        raise LabelsUnusable(f"{path}: the file is empty: it names the classes, one a line")
    if "" in classes:
        raise LabelsUnusable(f"{path}:{classes.index('') + 1}: a class without a name")
    return classes


def read_folder(root: Path, *, may_hold_others: bool = False) -> list[Labelled]:
    """Read ``images``, ``labels``, ``classes.txt`` and, where there is one, ``photos.csv``.

    Photos lie in ``images`` or in its splits ``train``, ``val`` and ``test``, their labels likewise in ``labels``. A
    photo without a labels file, or with an empty one, shows no livestock.

    Args:
        root: The folder.
        may_hold_others: Whether boxes of classes that are no species of ours are set aside; else they are a fault.

    Raises:
        LabelsUnusable: Something in it cannot be used; every fault is named.
    """
    _check_is_folder(root)
    classes, rows = read_classes(root), _rows(root / "photos.csv")
    is_first_folder = (root / _FIRST_FOLDERS_OWN).exists()
    photos, faults = [], [*_misplaced(root), *_misplaced_labels(root), *_about_others(root, rows)]
    for split in ("", *SPLITS):
        for path in photos_in(root / "images" / split):
            labels = _labels_of(root, path)
            row = rows.get(path.stem, {})
            if is_first_folder:
                row = _ROW_OF_PREFIX.get(path.stem.split("_")[0], {}) | row
            try:
                photos.append(_labelled(path, split, labels, classes, row))
            except LabelsUnusable as wrong:
                faults += wrong.faults
    if not may_hold_others:
        faults += (
            f"{photo.path}: its labels name {name}, no species of ours"
            for photo in photos
            for name in photo.others
        )
    if not any(map(species_named, classes)) and any(photo.others for photo in photos):
        faults.append(f"{root / 'classes.txt'}: none of its classes is one of ours: {', '.join(SPECIES)}")
    if faults:
        raise LabelsUnusable(*faults)
    if not photos:
        raise LabelsUnusable(f"{root / 'images'}: there is no photo in it, nor in its train, val or test")
    return photos


def labels_without_photo(root: Path, photos: Sequence[Labelled]) -> list[Path]:
    """Return the labels files of *root* that belong to none of *photos*; some tools put ``classes.txt`` there."""
    own = {_labels_of(root, photo.path) for photo in photos}
    return [path for path in _labels_in(root) if path not in own]


def photos_in(folder: Path) -> list[Path]:
    """Return the files of *folder* that are named as photos are, by name; none where there is no such folder."""
    if not folder.is_dir():
        return []
    # What begins with a dot is some system's own: ._pen.jpg is no photo.
    named = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in named if path.suffix.lower() in PHOTO_ENDINGS)


def read_table(table: Path, needed: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """Read a table of photos, a row a photo, each with its place (file and line); no rows where there is no table.

    Args:
        table: Comma-separated, with a line of names.
        needed: The columns that have to be there, the first of them not empty in any row.

    Raises:
        LabelsUnusable: It is no table, a column is missing, or a row says nothing in the first one.
    """
    if not table.exists():
        return []
    rows = csv.DictReader(StringIO(_text(table), newline=""))
    found = []
    try:
        columns = rows.fieldnames or ()
        if missing := [name for name in needed if name not in columns]:
            raise LabelsUnusable(f"{table}:1: there is no column named {missing[0]}")
        for row in rows:
            told = {key: row[key] or "" for key in columns}
            if not told[needed[0]]:
                raise LabelsUnusable(f"{table}:{rows.line_num}: no {needed[0]} is named")
            found.append((f"{table}:{rows.line_num}", told))
    except csv.Error as wrong:
        raise LabelsUnusable(f"{table}:{rows.line_num + 1}: not a table ({wrong})") from wrong
    return found


def read_cutouts(root: Path) -> Iterator[Cutout]:
    """Read the cut-outs that ``cutouts.csv`` lists beside the folder."""
    rows = _rows(root / "photos.csv")
    with (root / "cutouts.csv").open(newline="") as table:
        for row in csv.DictReader(table):
            species = SPECIES.index(row["class"])
            yield Cutout(root / "cutouts" / row["file"], species, rows[row["from_photo"]]["scene"])


def read_stamps(root: Path) -> Iterator[Cutout]:
    """Read cut-outs whose file names begin with the animal; one that shows two animals is left out."""
    for path in sorted((root / "cutouts").glob("*.png")):
        animal = path.stem.split("-")[0]
        species = _SPECIES_OF_STAMP.get(animal, animal)
        if species in SPECIES:
            yield Cutout(path, SPECIES.index(species), scene=f"stamp-{path.stem}")


def _read_labels(
    path: Path, classes: tuple[str, ...]
) -> tuple[tuple[Target, ...], tuple[tuple[str, str], ...]]:
    """The animals, and place and class of each box that is no species of ours."""
    targets, others, faults = [], [], []
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            first, *shares = line.split()
            x, y, width, height = map(float, shares)
            number_of_class = int(first)
        except ValueError:
            faults.append(f"{place}: expected class, x, y, width, height: {line!r}")
            continue
        name = dict(enumerate(classes)).get(number_of_class)
        if name is None:
            faults.append(f"{place}: classes.txt names no class {number_of_class}: {line!r}")
        elif not (0 <= x <= 1 and 0 <= y <= 1 and 0 < width <= 1 and 0 < height <= 1):
            faults.append(f"{place}: the box has no area or lies off the photo: {line!r}")
        elif (species := species_named(name)) is None:
            others.append((place, name))
        else:
            targets.append(Target(SPECIES.index(species), x, y, width, height))
    if faults:
        raise LabelsUnusable(*faults)
    return tuple(targets), tuple(others)


def _check_is_folder(root: Path) -> None:
    if not root.is_dir():
        raise LabelsUnusable(f"{root}: there is no such folder")
    if not (root / "images").is_dir():
        raise LabelsUnusable(f"{root / 'images'}: the folder is missing: it holds the photos")


def _labelled(
    path: Path, split: str, labels: Path, classes: tuple[str, ...], row: Mapping[str, str]
) -> Labelled:
    targets, others = _read_labels(labels, classes) if labels.exists() else ((), ())
    return Labelled(
        path=path,
        split=split or "train",
        scene=row.get("scene") or path.stem,
        targets=targets,
        source=row.get("source", ""),
        posture=row.get("posture", ""),
        licence=row.get("licence", ""),
        others=tuple(name for _, name in others),
    )


def _misplaced(root: Path) -> Iterator[str]:
    """Folders whose photos would not be read, and photos that would be read with another one's labels."""
    images = root / "images"
    read = {images, *(images / split for split in SPLITS)}
    for folder in sorted({images, *(path for path in images.rglob("*") if path.is_dir())}):
        photos = photos_in(folder)
        if folder not in read and photos:
            yield f"{folder}: photos lie in images or in its train, val or test"
        first = {path.stem: path for path in reversed(photos)}
        for path in photos:
            if path != first[path.stem] and _labels_of(root, path).exists():
                yield f"{path}: it has one labels file with {first[path.stem].name}; only one can be meant"


def _misplaced_labels(root: Path) -> Iterator[str]:
    """Labels that lie elsewhere than their photo says: it would be taken for a photo without livestock."""
    photos = [path for split in ("", *SPLITS) for path in photos_in(root / "images" / split)]
    wanting = {path.stem: _labels_of(root, path) for path in photos if not _labels_of(root, path).exists()}
    own = {_labels_of(root, path) for path in photos}
    for path in _labels_in(root):
        if path not in own and path.stem in wanting:
            yield f"{path}: the labels of this photo belong in {wanting[path.stem]}"


def _about_others(root: Path, rows: Mapping[str, object]) -> Iterator[str]:
    """A table that names none of the photos: each would be a scene of its own, and figures surer than they are."""
    photos = {path.stem for split in ("", *SPLITS) for path in photos_in(root / "images" / split)}
    if rows and photos and photos.isdisjoint(rows):
        yield f"{root / 'photos.csv'}: none of its rows names a photo that is here, such as {min(photos)}"


def _labels_of(root: Path, photo: Path) -> Path:
    """Where the labels of a photo in ``images`` lie."""
    return root / "labels" / photo.parent.relative_to(root / "images") / f"{photo.stem}.txt"


def _labels_in(root: Path) -> list[Path]:
    found = sorted((root / "labels").rglob("*.txt"))
    return [path for path in found if path.stem != "classes" and not path.name.startswith(".")]


def _rows(table: Path) -> dict[str, dict[str, str]]:
    """The rows of ``photos.csv`` by the photo's name without folder and ending."""
    found: dict[str, dict[str, str]] = {}
    for place, told in read_table(table, ("file",)):
        name = Path(told["file"]).stem
        if name in found and any(found[name].get(key) != told.get(key) for key in _TOLD):
            raise LabelsUnusable(f"{place}: {name} has another row that says otherwise")
        found[name] = told
    return found


def _text(path: Path, missing: str = "the file is missing") -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as gone:
        raise LabelsUnusable(f"{path}: {missing}") from gone
    except UnicodeDecodeError as wrong:
        raise LabelsUnusable(f"{path}: not text in UTF-8 ({wrong.reason})") from wrong
