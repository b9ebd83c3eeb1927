"""Labels become a data set: what farmers lent, as trainers read it, whole or not at all."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.adapters.blobs import local_blobs
from backend.domain.ids import FarmId
from backend.domain.labels import LabelBox
from backend.domain.words import Posture
from backend.store import tables
from backend.workflows.dataset_export import Exported, LeftOut, Order, export, split_of
from backend.workflows.yolo_folder import DatasetFolderTaken, DatasetUnwritable, Provenance
from models.labelled import read_folder
from models.species import SPECIES
from models.truth import of_counted
from tests.backend.store.county import County
from tests.backend.workflows.labelled import Archive, a_picture, digest
from tests.builders import a_consent

AT = datetime(2026, 11, 25, 4, tzinfo=UTC)
OURS = Provenance("willow county", "own use", "Willow Insurance")
PIG = LabelBox((8, 4, 24, 36), "pig")
Export = Callable[..., Exported]


@pytest.fixture
def archive(county: County, tmp_path: Path) -> Archive:
    return Archive(county, local_blobs(tmp_path / "photos"))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "out" / "set"


@pytest.fixture
def run(archive: Archive, into: Path) -> Export:
    def exported(**changes: Any) -> Exported:
        order = Order(**{"into": into, "since": None, "provenance": OURS, "by": "root", "at": AT} | changes)
        return export(archive.county.store.engine, archive.blobs, order, lambda _done, _of: None)

    return exported


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_labelled_photo_comes_out_as_our_own_trainer_reads_it(
    archive: Archive, into: Path, run: Export
) -> None:
    photo, empty = a_picture(1), a_picture(2)
    claim = archive.claim(photo, empty)
    archive.label(claim, photo, boxes=(PIG,), posture=Posture.LYING, dead=True)
    archive.label(claim, empty, heads=0)

    done = run()

    drawn, nothing = sorted(read_folder(into), key=lambda one: -len(one.targets))
    assert drawn.split == nothing.split == split_of(FarmId("farm-1"))
    assert drawn.scene == nothing.scene == f"claim-{claim.hex[:12]}"
    (target,) = drawn.targets
    assert SPECIES[target.species] == "pig"
    assert (target.x, target.y, target.width, target.height) == (0.25, 0.5, 0.25, 0.8)
    assert nothing.targets == ()
    row = next(row for row in rows(into / "photos.csv") if row["boxes"] == "1")
    assert row == {
        "file": f"{drawn.split}/{drawn.name}.jpg",
        "split": drawn.split,
        "source": "willow county",
        "licence": "own use",
        "author": "Willow Insurance",
        "species": "pig",
        "boxes": "1",
        "posture": "lying",
        "dead": "yes",
        "scene": drawn.scene,
        "how_labelled": "drawn by an officer",
    }
    assert (done.photos, done.boxes, done.claims, done.changed) == (2, 1, 1, True)


def test_the_picture_is_upright_and_says_nothing_of_place_or_device(
    archive: Archive, into: Path, run: Export
) -> None:
    photo = a_picture(3, turned=True)
    claim = archive.claim(photo)
    archive.label(claim, photo, boxes=(LabelBox((20, 0, 40, 16), "pig"),))

    run()

    (path,) = (into / "images").rglob("*.jpg")
    with Image.open(path) as picture:
        assert picture.size == (40, 64)
        assert dict(picture.getexif()) == {}
        assert "exif" not in picture.info
        # The white corner that the camera wrote top left stands top right, inside the box.
        assert np.asarray(picture.convert("L"))[4, 30] > 200
    (labels,) = (into / "labels").rglob("*.txt")
    assert labels.read_text() == "1 0.750000 0.125000 0.500000 0.250000\n"


def test_what_the_counter_drew_and_an_officer_confirmed_says_so(
    archive: Archive, into: Path, run: Export
) -> None:
    photo = a_picture(4)
    claim = archive.claim(photo)
    found = archive.county.claim(claim).photos[0].checks
    assert found is not None
    assert found.count is not None
    boxes = tuple(LabelBox(box.xyxy, box.species) for box in found.count.boxes)

    archive.label(claim, photo, boxes=boxes)
    run()
    confirmed = rows(into / "photos.csv")[0]["how_labelled"]
    archive.label(claim, photo, boxes=(boxes[0], PIG))
    run()

    assert confirmed == "boxes of shipped-1, confirmed by an officer"
    assert rows(into / "photos.csv")[0]["how_labelled"] == "boxes of shipped-1, corrected by an officer"


def test_a_number_alone_stands_apart_to_measure_on(archive: Archive, into: Path, run: Export) -> None:
    photo = a_picture(5)
    archive.label(archive.claim(photo), photo, heads=40)

    done = run()

    (row,) = rows(into / "counts.csv")
    assert (row["heads"], row["species"]) == ("40", "pig")
    assert (into / "counted" / row["file"]).exists()
    assert rows(into / "photos.csv") == []
    assert not (into / "images").exists()
    assert (done.photos, done.counted_only) == (0, 1)
    (to_measure_on,) = of_counted(into)
    assert (to_measure_on.species, to_measure_on.boxes) == (("pig",) * 40, None)
    assert to_measure_on.scene == row["scene"]


def test_without_consent_nothing_leaves_and_each_reason_is_counted(
    archive: Archive, into: Path, run: Export
) -> None:
    kept, seen, people, lost, broken = (a_picture(number) for number in range(10, 15))
    archive.label(archive.claim(kept, lent=False), kept, boxes=(PIG,))
    claim = archive.claim(seen, people, lost, broken)
    for photo in (seen, people, lost, broken):
        archive.label(claim, photo, boxes=(PIG,), shows_people=photo is people)
    again = archive.claim(seen)
    archive.label(again, seen, boxes=(PIG,))
    folder = Path(str(into.parents[1] / "photos"))
    for photo, change in ((lost, None), (broken, b"broken")):
        path = folder / digest(photo)[:2] / digest(photo)[2:4] / digest(photo)
        path.unlink()
        if change:
            path.write_bytes(change)

    done = run()

    assert done.photos == 1
    assert dict(done.left_out) == {
        LeftOut.NO_CONSENT: 1,
        LeftOut.SHOWS_PEOPLE: 1,
        LeftOut.TWICE: 1,
        LeftOut.UNREADABLE: 2,
    }


def test_only_labels_since_a_day_in_shanghai(archive: Archive, run: Export) -> None:
    photo = a_picture(6)
    archive.label(archive.claim(photo), photo, boxes=(PIG,))  # on 2026-11-23

    assert run(since=date(2026, 11, 24)).left_out[LeftOut.BEFORE_SINCE] == 1
    assert run(since=date(2026, 11, 23)).photos == 1


def test_the_same_labels_give_the_same_bytes_and_are_recorded_once(
    archive: Archive, into: Path, run: Export
) -> None:
    photo = a_picture(7)
    claim = archive.claim(photo)
    archive.label(claim, photo, boxes=(PIG,))

    first = run()
    before = content(into)
    again = run(at=datetime(2026, 12, 1, tzinfo=UTC))
    elsewhere = run(into=into.with_name("other"))

    assert (first.changed, again.changed, elsewhere.changed) == (True, False, True)
    assert content(into) == before == content(into.with_name("other"))
    assert [row.digest for row in archive.county.rows(tables.dataset_exports)] == [first.digest] * 2
    left = archive.county.rows(tables.dataset_export_photos)
    assert [(row.claim_id, row.photo_id) for row in left] == [(claim, digest(photo))] * 2


def test_what_is_withdrawn_is_not_exported_any_more_and_named_where_it_went(
    archive: Archive, into: Path, run: Export
) -> None:
    photo = a_picture(8)
    claim = archive.claim(photo)
    archive.label(claim, photo, boxes=(PIG,))
    run()

    archive.county.give(a_consent(given=False), claim)
    done = run()

    assert list((into / "images").rglob("*.jpg")) == []
    assert done.changed
    (gone,) = done.withdrawn
    assert (gone.claim_number, gone.photo_id) == (archive.county.claim(claim).report.number, digest(photo))
    assert (gone.folder, gone.exported_at) == (str(into), AT)
    archive.county.give(a_consent(), claim)
    assert run().withdrawn == ()


def test_what_is_withdrawn_while_it_is_written_is_named_at_once(archive: Archive, into: Path) -> None:
    photo = a_picture(22)
    claim = archive.claim(photo)
    archive.label(claim, photo, boxes=(PIG,))

    def withdraw(_done: int, _of: int) -> None:
        archive.county.give(a_consent(given=False), claim)

    order = Order(into=into, since=None, provenance=OURS, by="root", at=AT)
    done = export(archive.county.store.engine, archive.blobs, order, withdraw)

    assert [(one.photo_id, one.folder) for one in done.withdrawn] == [(digest(photo), str(into))]


def test_where_nothing_is_labelled_nothing_is_written(into: Path, run: Export) -> None:
    done = run()

    assert (done.into, done.photos, done.digest) == (None, 0, None)
    assert not into.exists()
    assert done.as_json()["splits"] == {"train": 0, "val": 0, "test": 0}


def test_a_folder_of_something_else_is_refused_and_stays(archive: Archive, into: Path, run: Export) -> None:
    photo = a_picture(9)
    archive.label(archive.claim(photo), photo, boxes=(PIG,))
    into.mkdir(parents=True)
    (into / "thesis.txt").write_text("years of work")

    with pytest.raises(DatasetFolderTaken, match=r"thesis\.txt"):
        run()
    (into / "thesis.txt").unlink()
    run()
    (into / "labels" / "train.cache").write_text("what trainers leave")
    assert not run().changed
    (into / "notes.txt").write_text("mine")
    with pytest.raises(DatasetFolderTaken, match=r"notes\.txt, which no export wrote"):
        run()

    assert (into / "notes.txt").read_text() == "mine"
    assert [path.name for path in into.parent.iterdir()] == [into.name]


def test_an_export_that_breaks_off_leaves_the_earlier_one_whole(
    archive: Archive, into: Path, run: Export
) -> None:
    photo, second = a_picture(20), a_picture(21)
    archive.label(archive.claim(photo), photo, boxes=(PIG,))
    run()
    before = content(into)
    archive.label(archive.claim(second), second, boxes=(PIG,))

    class Full(Exception):
        """The disk, in the middle of it."""

    def break_off(done: int, _of: int) -> None:
        if done == 2:
            raise Full

    order = Order(into=into, since=None, provenance=OURS, by="root", at=AT)
    with pytest.raises(Full):
        export(archive.county.store.engine, archive.blobs, order, break_off)

    assert content(into) == before
    assert [path.name for path in into.parent.iterdir()] == [into.name]


def test_a_place_that_cannot_be_written_is_named(archive: Archive, tmp_path: Path, run: Export) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(DatasetUnwritable, match="file"):
        run(into=tmp_path / "file" / "set")
    with pytest.raises(DatasetFolderTaken, match="is a file"):
        run(into=tmp_path / "file")
    with pytest.raises(DatasetUnwritable, match="File name too long"):
        run(into=tmp_path / ("far too long" * 30))


def test_of_many_farms_seventy_in_a_hundred_train() -> None:
    splits = [split_of(FarmId(f"farm-{number}")) for number in range(2000)]

    assert 1300 < splits.count("train") < 1500
    assert 240 < splits.count("val") < 360
