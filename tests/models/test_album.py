import json
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.album import FolderTaken, worst, write_album
from models.evaluation import Document, evaluation
from models.plots import calibration_plot, selective_risk_plot
from tests.models.counted import SIDE, a_box, a_photo, an_animal

WRONG = a_photo([an_animal(0), an_animal(30)], [a_box(0)], name="wrong | pen")
RIGHT = a_photo([an_animal(0)], [a_box(0)], name="right")


def grey(_path: Path) -> NDArray[np.uint8]:
    return np.full((SIDE, SIDE, 3), 128, np.uint8)


def a_document() -> Document:
    about: Document = {"model": "one@1", "predictor": "onnx", "sha256": "0" * 64, "folder": "labelled"}
    return about | evaluation([WRONG, RIGHT], lines={})


def test_an_album_shows_figures_curves_and_the_photos_counted_worst(tmp_path: Path) -> None:
    write_album(tmp_path / "album", a_document(), [WRONG, RIGHT], grey)

    page = (tmp_path / "album" / "figures.md").read_text()
    (picture,) = (tmp_path / "album" / "pictures").iterdir()
    assert "| with animals | 2 / 1 (3 heads) | 0.50 |" in page
    assert "wrong | pen.jpg: true 2, counted 1" in page
    assert "* Photos that the network was trained on" in page
    assert picture.name == "01-wrong | pen.jpg"
    assert "(pictures/01-wrong%20%7C%20pen.jpg)" in page
    for name in ("calibration.png", "selective-risk.png"):
        with Image.open(tmp_path / "album" / name) as curve:
            assert curve.size == (720, 460)


def test_true_and_counted_boxes_are_drawn_in_their_own_colours(tmp_path: Path) -> None:
    write_album(tmp_path / "album", a_document(), [WRONG], grey)

    (picture,) = (tmp_path / "album" / "pictures").iterdir()
    pixels = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    scale = 960 / SIDE
    missed, found = pixels[:, round(30 * scale) + 4][30:60], pixels[round(10 * scale) - 4, 20:60]
    assert missed.mean(axis=0)[2] > missed.mean(axis=0)[0] + 60  # bluish: true alone
    assert found.mean(axis=0)[0] > found.mean(axis=0)[2] + 60  # orange: counted


def test_an_album_replaces_an_album_and_nothing_else(tmp_path: Path) -> None:
    album, letters = tmp_path / "album", tmp_path / "letters"
    letters.mkdir()
    (letters / "letter.txt").write_text("keep me")

    write_album(album, a_document(), [WRONG], grey)
    write_album(album, a_document(), [RIGHT], grey)
    with pytest.raises(FolderTaken, match="something else"):
        write_album(letters, a_document(), [WRONG], grey)

    assert list((album / "pictures").iterdir()) == []
    assert [path.name for path in letters.iterdir()] == ["letter.txt"]


def test_a_networks_folder_with_its_figures_is_no_album(tmp_path: Path) -> None:
    network = tmp_path / "own-farms"
    network.mkdir()
    for name in ("counter.onnx", "figures.json", "manifest.json"):
        (network / name).write_text(name)

    with pytest.raises(FolderTaken, match="something else"):
        write_album(network, a_document(), [WRONG], grey)

    assert sorted(path.name for path in network.iterdir()) == [
        "counter.onnx",
        "figures.json",
        "manifest.json",
    ]


def test_an_album_is_written_into_the_empty_folder_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    write_album(Path(), a_document(), [WRONG], grey)

    assert (tmp_path / "here" / "figures.md").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


@pytest.mark.parametrize(
    ("name", "told", "link"),
    [
        ("猪 (1)#[x]", "猪 (1)#\\[x\\]", "%E7%8C%AA%20%281%29%23%5Bx%5D"),
        (os.fsdecode("猪".encode("gbk")), "\\udcd6\\udced", "%D6%ED"),
    ],
)
def test_a_photos_name_cannot_break_the_page(tmp_path: Path, name: str, told: str, link: str) -> None:
    odd = a_photo([an_animal(0)], name=name)
    document = a_document() | {"per_photo": [{"photo": str(odd.truth.path)}]}

    write_album(tmp_path / "album", document, [odd], grey)

    page = (tmp_path / "album" / "figures.md").read_text(encoding="utf-8")
    figures = json.loads((tmp_path / "album" / "figures.json").read_text(encoding="utf-8"))
    assert f"![{told}.jpg: true 1, counted 0](pictures/01-{link}.jpg)" in page
    assert figures["per_photo"] == [{"photo": f"{name}.jpg"}]


def test_an_album_that_cannot_be_finished_leaves_nothing(tmp_path: Path) -> None:
    def gone(path: Path) -> NDArray[np.uint8]:
        raise FileNotFoundError(path)

    with pytest.raises(FileNotFoundError):
        write_album(tmp_path / "album", a_document(), [WRONG], gone)

    assert list(tmp_path.iterdir()) == []


def test_the_worst_come_first_and_those_counted_right_not_at_all() -> None:
    photos = [a_photo([an_animal(0)] * heads, name=f"{heads}") for heads in range(13)]

    assert [photo.error for photo in worst(photos)] == list(range(12, 2, -1))


def test_curves_of_nothing_are_drawn_too() -> None:
    nothing = evaluation([], lines={})

    for draw, part in ((calibration_plot, "calibration"), (selective_risk_plot, "selective_risk")):
        told = nothing[part]
        assert isinstance(told, dict)
        assert draw(told).size == (720, 460)
