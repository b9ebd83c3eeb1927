"""Folders of labelled photos, as people and other tools leave them."""

import csv
from pathlib import Path

import pytest
from PIL import Image

from models.labelled import LabelsUnusable, labels_without_photo, read_folder
from models.seen import Seen, Witness
from models.species import SPECIES
from models.truth import of_counted, of_labelled, of_names
from tests.models.photos import FREE, SHARED

shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not here")


def a_folder(root: Path, labels: dict[str, str], *, classes: str = "cow\nPig\n狗\n") -> Path:
    """Photos named as the labels; a label None would be no file."""
    (root / "images").mkdir(parents=True)
    (root / "labels").mkdir()
    (root / "classes.txt").write_text(classes, encoding="utf-8")
    for name, text in labels.items():
        Image.new("RGB", (20, 20)).save(root / "images" / f"{name}.jpg")
        (root / "labels" / f"{name}.txt").write_text(text, encoding="utf-8")
    return root


def test_photos_without_a_labels_file_or_with_an_empty_one_show_no_livestock(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"pen": "1 0.5 0.5 0.2 0.2\n", "yard": ""})
    Image.new("RGB", (20, 20)).save(folder / "images" / "road.PNG")

    heads = {photo.path.name: photo.heads for photo in of_labelled(read_folder(folder))}

    assert heads == {"pen.jpg": 1, "road.PNG": 0, "yard.jpg": 0}


def test_other_words_for_our_species_are_understood_and_other_classes_set_aside(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"yard": "0 0.2 0.2 0.1 0.1\n2 0.5 0.5 0.1 0.1\n1 0.8 0.8 0.1 0.1\n"})

    (photo,) = read_folder(folder, may_hold_others=True)

    assert [SPECIES[target.species] for target in photo.targets] == ["cattle", "pig"]
    assert photo.others == ("狗",)


def test_a_folder_whose_classes_are_all_unknown_is_not_taken_for_photos_without_livestock(
    tmp_path: Path,
) -> None:
    folder = a_folder(tmp_path, {"yard": "0 0.5 0.5 0.1 0.1\n"}, classes="animal\n")

    with pytest.raises(
        LabelsUnusable, match=r"classes\.txt: none of its classes is one of ours: cattle, pig"
    ):
        read_folder(folder, may_hold_others=True)


def test_training_does_not_take_an_unknown_animal_for_none(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"yard": "2 0.5 0.5 0.1 0.1\n"})

    with pytest.raises(LabelsUnusable, match=r"yard\.jpg: its labels name 狗, no species of ours"):
        read_folder(folder)


def test_every_fault_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    folder = a_folder(
        tmp_path,
        {
            "a": "0 0.5 0.5 0 0.2\n9 0.5 0.5 0.1 0.1\n",
            "b": "-1 0.5 0.5 0.1 0.1\n",
            "c": "0 nan 0.5 0.1 0.1\n",
        },
    )

    with pytest.raises(LabelsUnusable) as refusal:
        read_folder(folder)

    places = [Path(fault.partition(": ")[0]).name for fault in refusal.value.faults]
    assert places == ["a.txt:1", "a.txt:2", "b.txt:1", "c.txt:1"]
    assert "no area" in refusal.value.faults[0]
    assert "and 3 more" in str(refusal.value)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("nowhere", "no such folder"),
        ("images", "images: the folder is missing"),
        ("photos", "there is no photo in it"),
        ("classes", r"classes\.txt: the file is missing"),
        ("empty classes", r"classes\.txt: the file is empty"),
        ("gap in classes", r"classes\.txt:2: a class without a name"),
        ("bytes", r"pen\.txt: not text"),
        ("table", r"photos\.csv:1: there is no column named file"),
        ("misplaced", "farm1: photos lie in images or in its train"),
    ],
)
def test_a_folder_that_cannot_be_used_says_which_file_and_why(tmp_path: Path, broken: str, told: str) -> None:
    folder = a_folder(tmp_path / "set", {"pen": ""})
    photo = folder / "images" / "pen.jpg"
    match broken:
        case "nowhere":
            folder = tmp_path / "other"
        case "images":
            photo.unlink()
            (folder / "images").rmdir()
        case "photos":
            photo.unlink()
        case "classes":
            (folder / "classes.txt").unlink()
        case "empty classes":
            (folder / "classes.txt").write_text("\n")
        case "gap in classes":
            (folder / "classes.txt").write_text("pig\n\ncow\n")
        case "bytes":
            (folder / "labels" / "pen.txt").write_bytes(b"\xff\xfe0")
        case "table":
            (folder / "photos.csv").write_text("photo,scene\npen.jpg,pen\n")
        case _:
            (folder / "images" / "farm1").mkdir()
            photo.rename(folder / "images" / "farm1" / "pen.jpg")

    with pytest.raises(LabelsUnusable, match=told):
        read_folder(folder)


@pytest.mark.parametrize(
    ("added", "text", "told"),
    [
        ("labels/pen.txt", "7 0.5 0.5 0.1 0.1\n", r"pen\.txt:1: classes\.txt names no class 7"),
        ("labels/val/road.txt", "", r"val/road\.txt: the labels of this photo belong in .*labels/road\.txt"),
        ("images/train/farm1/yard.jpg", "", "train/farm1: photos lie in images or in its train"),
        ("images/pen.png", "", r"pen\.png: it has one labels file with pen\.jpg"),
        ("photos.csv", "scene,file\nfarm7,pen.jpg\nfarm8\n", r"photos\.csv:3: no file is named"),
        ("photos.csv", "file,scene\npen.jpg,farm7\npen.jpg,farm8\n", r"photos\.csv:3: pen has another row"),
        ("photos.csv", "file,scene\ntrain\\pen.jpg,farm7\n", r"photos\.csv: none of its rows names a photo"),
    ],
)
def test_nothing_that_would_be_left_out_or_taken_wrongly_is_passed_over(
    tmp_path: Path, added: str, text: str, told: str
) -> None:
    folder = a_folder(tmp_path, {"pen": ""})
    Image.new("RGB", (20, 20)).save(folder / "images" / "road.jpg")
    (folder / added).parent.mkdir(parents=True, exist_ok=True)
    (folder / added).write_text(text)

    with pytest.raises(LabelsUnusable, match=told):
        read_folder(folder)


def test_a_table_that_cannot_be_one_is_named_by_its_line(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"pen": ""})
    (folder / "photos.csv").write_text(f"file,scene\npen.jpg,{'x' * 2_000}\n")

    longest = csv.field_size_limit(1_000)
    try:
        with pytest.raises(LabelsUnusable, match=r"photos\.csv:2: not a table"):
            read_folder(folder)
    finally:
        csv.field_size_limit(longest)


def test_a_table_of_photos_gives_scene_source_and_posture(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"pen": "", "yard": ""})
    (folder / "photos.csv").write_text("file,scene,source,posture,licence\npen.jpg,farm7,ours,lying,CC0\n")

    pen, yard = read_folder(folder)

    assert (pen.scene, pen.source, pen.posture, pen.licence) == ("farm7", "ours", "lying", "CC0")
    assert (yard.scene, yard.source) == ("yard", "")


def test_somebody_elses_photos_named_pig_are_not_all_one_pen(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"pig_1": "", "pig_2": ""})

    assert {photo.scene for photo in read_folder(folder)} == {"pig_1", "pig_2"}


def test_labels_whose_photo_is_gone_are_told(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"pen": ""})
    (folder / "labels" / "gone.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    (folder / "labels" / "classes.txt").write_text("cow\n")
    (folder / "labels" / "val" / "farm1").mkdir(parents=True)
    for name in ("val/pen.txt", "val/farm1/yard.txt"):
        (folder / "labels" / name).write_text("0 0.5 0.5 0.1 0.1\n")

    orphans = labels_without_photo(folder, read_folder(folder))

    assert [str(path.relative_to(folder / "labels")) for path in orphans] == [
        *("gone.txt", "val/farm1/yard.txt", "val/pen.txt")
    ]


def test_photos_of_one_name_in_two_splits_have_their_own_labels(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"a": ""})
    for split, text in (("train", "0 0.5 0.5 0.1 0.1\n"), ("val", "")):
        for kind in ("images", "labels"):
            (folder / kind / split).mkdir()
        Image.new("RGB", (20, 20)).save(folder / "images" / split / "pen.jpg")
        (folder / "labels" / split / "pen.txt").write_text(text)

    heads = {(photo.split, photo.name): len(photo.targets) for photo in read_folder(folder)}

    assert heads == {("train", "a"): 0, ("train", "pen"): 1, ("val", "pen"): 0}


@shared
def test_names_that_say_the_number_are_read() -> None:
    heads = {photo.path.stem: (photo.heads, photo.species[:1]) for photo in of_names(FREE, source="free")}

    assert heads["horse-5"] == (5, ("horse",))
    assert heads["duck-1"] == (1, ("poultry",))
    assert heads["negative-owl"] == (0, ())


def test_a_name_without_a_number_is_a_fault(tmp_path: Path) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "cow.jpg")

    with pytest.raises(LabelsUnusable, match=r"cow\.jpg: the name says no animal and number"):
        of_names(tmp_path, source="")


def test_every_row_of_a_number_alone_that_says_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "counted").mkdir()
    Image.new("RGB", (20, 20)).save(tmp_path / "counted" / "pile.jpg")
    rows = ["pile.jpg,many,pig", "pile.jpg,4,cow pig", "gone.jpg,4,pig", "pile.jpg,-4,pig", "pile.jpg,4,猪"]
    (tmp_path / "counts.csv").write_text("\n".join(["file,heads,species", *rows]), encoding="utf-8")

    with pytest.raises(LabelsUnusable) as refusal:
        of_counted(tmp_path)

    places = [Path(fault.partition(": ")[0]).name for fault in refusal.value.faults]
    assert places == ["counts.csv:2", "counts.csv:3", "counts.csv:4", "counts.csv:5"]


@shared
def test_only_scenes_without_a_trained_photo_are_never_seen() -> None:
    photos = read_folder(SHARED / "livestock2")

    shipped, twin = (Witness.of({"held_out": held}, photos) for held in ((), ("pigpen1",)))

    pens = [photo for photo in photos if photo.scene == "pigpen1"]
    assert {shipped.seen(photo) for photo in pens} == {Seen.TRAINED, Seen.SAME_SCENE}
    assert {twin.seen(photo) for photo in pens} == {Seen.NEVER}
    assert {twin.seen(photo) for photo in photos if photo.scene == "cowfarm1"} == {
        Seen.TRAINED,
        Seen.SAME_SCENE,
    }
