"""The one loader of size bands: pictures by kind of animal, and what a picked one says of a weight."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise

from backend.domain.size_bands import SizeBand
from backend.domain.words import Category, Species
from backend.texts.load import Language


@dataclass(frozen=True, slots=True)
class SizePicture:
    """One picture that a farmer can pick; ``weight_kg`` is the weight that it stands for (docs/decisions/0021)."""

    band: SizeBand
    species: Species
    category: Category | None
    weight_kg: Decimal
    en: str
    zh: str

    def words(self, language: Language) -> str:
        """What the picture shows."""
        return self.zh if language is Language.ZH else self.en


@cache
def size_pictures() -> tuple[SizePicture, ...]:
    """Every picture, by kind of animal and from small to large.

    Raises:
        ValueError: The shipped file was changed and is wrong: a weight outside its band, a gap, a code used twice.
    """
    table = tomllib.loads((files("backend.size_bands") / "bands.toml").read_text(encoding="utf-8"))
    pictures = tuple(_picture(row) for row in table["bands"])
    for before, after in pairwise(pictures):
        if before.species is after.species and before.band.to_kg != after.band.from_kg:
            raise ValueError(f"size band {after.band.code} does not begin where {before.band.code} ends")
    if len({one.band.code for one in pictures}) < len(pictures):
        raise ValueError("a code of a size band is used twice")
    return pictures


def pictures_of(species: Species) -> tuple[SizePicture, ...]:
    """The pictures of one kind of animal; none for kinds whose size decides nothing."""
    return tuple(one for one in size_pictures() if one.species is species)


def picture_named(code: str) -> SizePicture | None:
    """The picture with this code."""
    return next((one for one in size_pictures() if one.band.code == code), None)


def drawing(code: str) -> bytes:
    """The picture itself, SVG.

    Raises:
        FileNotFoundError: A band without a drawing: a bug, since a test keeps the set complete.
    """
    return (files("backend.web") / f"static/bands/{code}.svg").read_bytes()


def _picture(row: dict[str, str]) -> SizePicture:
    band = SizeBand(row["code"], Decimal(row["from_kg"]), Decimal(row["to_kg"]) if "to_kg" in row else None)
    weight_kg = Decimal(row["weight_kg"])
    if weight_kg < band.from_kg or (band.to_kg is not None and weight_kg >= band.to_kg):
        raise ValueError(f"size band {band.code} does not hold the {weight_kg} kg that it stands for")
    return SizePicture(
        band=band,
        species=Species(row["species"]),
        category=Category(row["category"]) if "category" in row else None,
        weight_kg=weight_kg,
        en=row["en"],
        zh=row["zh"],
    )
