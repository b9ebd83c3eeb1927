"""What is truly on a photo that a counter is measured on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.class_names import species_named
from models.labelled import Labelled, LabelsUnusable, Target, photos_in, read_table
from models.species import SPECIES

_NUMBER = re.compile(r"(?P<species>.+)-(?P<heads>\d+)")
_NOTHING = "negative-"
_HEADS = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Truth:
    """A photo and the animals on it.

    ``species`` has a name for each of the ``heads``. ``boxes`` are theirs in the same order, None where nobody drew
    them: such a photo has a count to be right about, but no places. Photos of one ``scene`` resemble one another.
    """

    path: Path
    species: tuple[str, ...]
    boxes: tuple[Target, ...] | None
    scene: str
    source: str = ""
    posture: str = ""

    @property
    def heads(self) -> int:
        """How many animals there are."""
        return len(self.species)


def of_labelled(photos: Sequence[Labelled]) -> list[Truth]:
    """Return what labelled photos show."""
    return [
        Truth(
            path=photo.path,
            species=tuple(SPECIES[target.species] for target in photo.targets),
            boxes=photo.targets,
            scene=photo.scene,
            source=photo.source,
            posture=photo.posture,
        )
        for photo in photos
    ]


def of_counted(root: Path) -> list[Truth]:
    """Read the photos of ``counted`` that ``counts.csv`` lists: their number is known, and no animal's place.

    Args:
        root: A folder as ``flashclaim model dataset export`` writes it; none of the two need be there.

    Raises:
        LabelsUnusable: A row names no photo, no number, or animals of no one species of ours; each is named.
    """
    photos, faults = [], []
    for place, row in read_table(root / "counts.csv", ("file", "heads", "species")):
        path = root / "counted" / row["file"]
        heads = int(row["heads"]) if _HEADS.fullmatch(row["heads"]) else None
        species = species_named(row["species"])
        if not path.is_file():
            faults.append(f"{place}: there is no photo {path}")
        elif heads is None or (heads and species is None):
            faults.append(f"{place}: expected a number of heads and their species, found {row['heads']!r}")
        else:
            told = {name: row.get(name, "") for name in ("source", "posture")}
            scene = row.get("scene") or path.stem
            photos.append(Truth(path, (species or "",) * heads, None if heads else (), scene, **told))
    if faults:
        raise LabelsUnusable(*faults)
    return photos


def of_names(folder: Path, *, source: str) -> list[Truth]:
    """Read photos whose names say what they show: ``horse-5.jpg`` five animals, ``negative-owl.jpg`` no livestock.

    Raises:
        LabelsUnusable: There is none, or a name says neither.
    """
    photos, faults = [], []
    for path in photos_in(folder):
        says = _NUMBER.fullmatch(path.stem)
        species = species_named(says["species"]) if says else None
        if path.stem.startswith(_NOTHING):
            photos.append(Truth(path, (), (), scene=path.stem, source=source))
        elif says and species:
            photos.append(Truth(path, (species,) * int(says["heads"]), None, scene=path.stem, source=source))
        else:
            faults.append(f"{path}: the name says no animal and number (horse-5.jpg)")
    if faults or not photos:
        raise LabelsUnusable(*(faults or [f"{folder}: there is no photo in it"]))
    return photos
