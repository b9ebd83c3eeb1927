"""The shipped pictures: complete, drawn, and true to the bands that they stand for."""

from pathlib import Path

import pytest

from backend.domain.indemnity.bands import WeightBands
from backend.domain.words import Species
from backend.products.load import products
from backend.size_bands.load import SizePicture, drawing, pictures_of, size_pictures
from backend.texts.load import Language
from scripts.draw_size_bands import FOLDER, drawn

every_picture = pytest.mark.parametrize("picture", size_pictures(), ids=lambda one: one.band.code)


@every_picture
def test_every_band_has_a_picture_as_it_is_drawn_and_words(picture: SizePicture) -> None:
    assert drawing(picture.band.code).decode() == drawn(picture)
    assert all(picture.words(language).strip() for language in Language)


def test_no_picture_lies_about_that_no_band_names() -> None:
    assert {path.stem for path in Path(FOLDER).iterdir()} == {one.band.code for one in size_pictures()}


@every_picture
def test_a_closed_band_stands_for_its_middle_and_an_open_one_for_its_lower_end(picture: SizePicture) -> None:
    band = picture.band
    middle = band.from_kg if band.to_kg is None else (band.from_kg + band.to_kg) / 2

    assert picture.weight_kg == middle


@pytest.mark.parametrize("name", ["pig-bands@1", "pig-bands-upper@1"])
def test_no_picture_of_a_pig_has_a_products_edge_inside(name: str) -> None:
    method = next(one for one in products() if one.label == name).method
    assert isinstance(method, WeightBands)

    edges = {band.from_kg for band in method.bands}

    assert not [
        one.band.code for one in pictures_of(Species.PIG) for edge in edges if one.band.straddles(edge)
    ]


def test_a_drawing_is_small_enough_for_a_bad_line() -> None:
    assert max(len(drawing(one.band.code)) for one in size_pictures()) < 2_000
