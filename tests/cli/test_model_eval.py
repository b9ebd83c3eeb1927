"""``flashclaim model eval`` as a user types it, on the photos that the project ships."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.model import app
from tests.models.networks import an_export
from tests.models.photos import ROOT

PHOTOS = ROOT / "demo" / "photos"
COWS = "0 0.572 0.641 0.700 0.571\n0 0.339 0.299 0.158 0.136\n0 0.838 0.299 0.105 0.112\n"


pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Three cows that are labelled, and a pig that nobody labelled: for the labels, a photo without livestock."""
    folder = tmp_path / "own farms"
    for name in ("images/train", "images/val", "labels/train"):
        (folder / name).mkdir(parents=True)
    (folder / "classes.txt").write_text("cattle\ndog\n")
    shutil.copyfile(PHOTOS / "cattle-3.jpg", folder / "images" / "train" / "cattle-3.jpg")
    shutil.copyfile(PHOTOS / "pig-1.jpg", folder / "images" / "val" / "pig-1.jpg")
    (folder / "labels" / "train" / "cattle-3.txt").write_text(COWS)
    return folder


def ran(*arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, ["eval", *arguments])
    assert done.exit_code == code, done.output
    return done


def document(*arguments: str, code: int = 0) -> Any:
    return json.loads(ran(*arguments, "--json", code=code).stdout)


def test_the_document_has_the_fields_of_the_contract_and_its_figures_are_those_of_its_photos(
    labelled: Path,
) -> None:
    told = document(str(labelled))

    assert {
        "photos",
        "boxes",
        "count_mae",
        "exact_share",
        "relative_error",
        "recall",
        "precision",
        "by_species",
        "per_photo",
    } <= set(told)
    assert (told["photos"], told["boxes"]) == (2, 3)
    off = [abs(photo["true"] - photo["counted"]) for photo in told["per_photo"]]
    assert told["count_mae"] == sum(off) / 2
    assert told["exact_share"] == off.count(0) / 2
    assert told["recall"] == told["by_species"]["cattle"]["recall"] == told["per_photo"][0]["found"] / 3
    assert {Path(photo["photo"]).name: photo["true"] for photo in told["per_photo"]} == {
        "cattle-3.jpg": 3,
        "pig-1.jpg": 0,
    }
    assert told["without_livestock"]["photos"] == 1


def test_a_photo_is_counted_as_flashclaim_count_counts_it(labelled: Path) -> None:
    from cli.count import _shown
    from cli.counters import counter_here

    told = document(str(labelled))

    for photo in told["per_photo"]:
        counted: Any = _shown(counter_here("", ""), photo["photo"])
        assert (photo["counted"], photo["unsure"]) == (counted.count.count, counted.count.unsure)


def test_people_read_tables_that_fit_and_the_number_behind_each_figure(labelled: Path) -> None:
    shown = ran(str(labelled)).stdout

    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "By species" in shown
    assert "3 heads" in shown
    assert "Without livestock: 1 photo" in shown
    assert "only scenes that it never saw tell how well it counts." in " ".join(shown.split())


def test_figures_tables_and_pictures_are_written_into_a_folder(labelled: Path, tmp_path: Path) -> None:
    told = document(str(labelled), "--into", str(tmp_path / "album"))

    assert json.loads((tmp_path / "album" / "figures.json").read_text()) == told
    wrong = [photo for photo in told["per_photo"] if photo["true"] != photo["counted"]]
    assert len(list((tmp_path / "album" / "pictures").iterdir())) == len(wrong)


def test_classes_that_are_no_livestock_are_ignored_and_named(labelled: Path) -> None:
    (labelled / "labels" / "train" / "cattle-3.txt").write_text(COWS + "1 0.5 0.5 0.1 0.1\n")

    done = ran(str(labelled))

    assert "Boxes of other classes were ignored: dog (1)." in done.stderr
    assert document(str(labelled))["ignored_classes"] == {"dog": 1}


def test_a_photo_that_cannot_be_read_is_named_with_exit_code_1(labelled: Path) -> None:
    (labelled / "images" / "val" / "torn.jpg").write_bytes(b"no photo")

    told = document(str(labelled), code=1)

    torn = next(photo for photo in told["per_photo"] if photo["photo"].endswith("torn.jpg"))
    assert torn["counted"] is None
    assert torn["error"]["code"] == "not-a-photo"
    assert (told["photos"], told["unreadable"]) == (2, 1)
    assert "torn.jpg" in ran(str(labelled), code=1).stderr


def test_when_no_photo_can_be_read_there_is_nothing_to_measure(labelled: Path) -> None:
    for photo in labelled.glob("images/*/*.jpg"):
        photo.write_bytes(b"no photo")

    done = ran(str(labelled), code=1)

    assert "No photo could be read" in done.stdout
    assert document(str(labelled), code=1)["count_mae"] is None


def test_corrupt_labels_are_named_by_file_and_line_and_nothing_is_written(
    labelled: Path, tmp_path: Path
) -> None:
    (labelled / "labels" / "train" / "cattle-3.txt").write_text(f"{COWS}0 0.5 0.5 0 0.1\nx\n")

    refused = document(str(labelled), "--into", str(tmp_path / "album"), code=2)

    assert [error["detail"].partition(": ")[0][-14:] for error in refused["errors"]] == [
        "cattle-3.txt:4",
        "cattle-3.txt:5",
    ]
    assert not (tmp_path / "album").exists()


@pytest.mark.parametrize("missing", ["classes.txt", "images"])
def test_a_folder_that_lacks_a_part_is_refused(labelled: Path, missing: str) -> None:
    (labelled / missing).rename(labelled / "elsewhere")

    refused = document(str(labelled), code=2)

    assert missing in refused["detail"]
    assert refused["next"]


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "classes.txt").write_text("pig\n")

    assert "there is no photo in it" in document(str(tmp_path), code=2)["detail"]


def test_a_folder_with_something_else_in_it_is_not_written_into(labelled: Path) -> None:
    refused = document(str(labelled), "--into", str(labelled), code=2)

    assert "something else" in refused["detail"]
    assert sorted(path.name for path in labelled.iterdir()) == ["classes.txt", "images", "labels"]


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_counted(
    labelled: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    taken = str(tmp_path / "letter.txt" / "album")

    refused = document(str(labelled), "--into", taken, "--model", "never-loaded@1", code=2)

    assert "album cannot be written: Not a directory" in refused["detail"]
    assert (tmp_path / "letter.txt").read_text() == "keep me"


def test_an_own_network_is_not_lost_to_its_figures(labelled: Path, tmp_path: Path) -> None:
    network = an_export(tmp_path / "own-farms")
    held = sorted(path.name for path in network.iterdir())

    refused = document(str(labelled), "--into", str(network), code=2)

    assert "something else" in refused["detail"]
    assert sorted(path.name for path in network.iterdir()) == held


def test_photos_of_which_the_number_alone_is_known_are_measured_too(labelled: Path) -> None:
    (labelled / "counted").mkdir()
    shutil.copyfile(PHOTOS / "sheep-1.jpg", labelled / "counted" / "flock.jpg")
    (labelled / "counts.csv").write_text("file,heads,species,scene\nflock.jpg,40,sheep,claim-7\n")

    told = document(str(labelled))
    shutil.rmtree(labelled / "images")
    alone = document(str(labelled))

    (flock,) = [photo for photo in told["per_photo"] if photo["photo"].endswith("flock.jpg")]
    assert (flock["true"], flock["found"], flock["scene"]) == (40, None, "claim-7")
    assert (told["photos"], told["animals"], told["boxes"]) == (3, 43, 3)
    assert (alone["photos"], alone["animals"], alone["recall"]) == (1, 40, None)
