import json
import os
from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from cli.count import count
from cli.counters import weights_problem
from models.manifest import WeightsUnusable
from tests.models.photos import FREE, ROOT

app = typer.Typer()
app.command()(count)

shared = pytest.mark.skipif(not FREE.is_dir(), reason="the shared photos are not here")


def a_photo(path: Path, size: tuple[int, int] = (640, 480)) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    return path


def test_the_document_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    photo = a_photo(tmp_path / "圈舍.jpg")

    done = CliRunner().invoke(app, [str(photo), "--json"])

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert done.stderr == ""
    assert list(told) == ["model", "photos", "scene"]
    assert told["model"].count("@") == 1
    assert set(told["photos"][0]) == {"photo", "count", "unsure", "reasons", "by_species", "boxes", "ms"}
    assert told["photos"][0]["photo"] == str(photo)
    assert told["photos"][0]["reasons"] == ["BLURRED", "DRAWN", "NO_ANIMAL"]
    assert told["scene"] == {
        "count": 0,
        "low": 0,
        "high": 0,
        "unsure": True,
        "reasons": ["BLURRED", "DRAWN", "NO_ANIMAL"],
        "overlapping": [],
    }


@shared
def test_boxes_are_in_pixels_of_the_upright_photo_whatever_its_orientation(tmp_path: Path) -> None:
    upright = Image.open(FREE / "cattle-3.jpg").resize((2048, 1532))
    upright.save(tmp_path / "upright.jpg", quality=95)
    orientation = Image.Exif()
    orientation[274] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=orientation, quality=95)

    done = CliRunner().invoke(app, [str(tmp_path / "upright.jpg"), str(tmp_path / "turned.jpg"), "--json"])

    straight, turned = json.loads(done.stdout)["photos"]
    assert straight["count"] == turned["count"] == 3
    for one, other in zip(straight["boxes"], turned["boxes"], strict=True):
        assert one["xyxy"] == pytest.approx(other["xyxy"], abs=25)
    assert max(box["xyxy"][2] for box in straight["boxes"]) > 1800


@shared
def test_two_photos_of_a_scene_are_not_added_up() -> None:
    photo = str(FREE / "cattle-3.jpg")

    done = CliRunner().invoke(app, [photo, photo, "--json"])

    scene = json.loads(done.stdout)["scene"]
    assert (scene["count"], scene["low"], scene["high"], scene["unsure"]) == (3, 3, 3, False)
    assert scene["overlapping"] == [[photo, photo]]


def test_photos_of_the_same_ground_are_named(tmp_path: Path) -> None:
    whole = Image.open(ROOT / "demo" / "photos" / "cattle-3.jpg")
    whole.crop((0, 0, 680, whole.height)).save(tmp_path / "left.png")
    whole.crop((400, 0, whole.width, whole.height)).save(tmp_path / "right.png")
    a_photo(tmp_path / "yard.png")
    photos = [str(tmp_path / name) for name in ("left.png", "yard.png", "right.png")]

    shown = json.loads(CliRunner().invoke(app, [*photos, "--json"]).stdout)
    table = CliRunner().invoke(app, photos).stdout

    assert shown["scene"]["overlapping"] == [[photos[0], photos[2]]]
    assert "the same ground" in table


def test_an_unreadable_photo_has_a_problem_instead_of_a_count_and_the_others_are_counted(
    tmp_path: Path,
) -> None:
    text = tmp_path / "note.jpg"
    text.write_text("no photo")
    photo, missing = a_photo(tmp_path / "pen.jpg"), tmp_path / "gone.jpg"

    done = CliRunner().invoke(app, [str(text), str(photo), str(missing), "--json"])

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [answer["count"] for answer in told["photos"]] == [None, 0, None]
    assert [answer.get("error", {}).get("code") for answer in told["photos"]] == [
        "not-a-photo",
        None,
        "photo-file-unreadable",
    ]
    assert all(set(told["photos"][index]["error"]) == {"code", "title", "next"} for index in (0, 2))
    assert told["scene"]["unsure"]
    assert told["scene"]["reasons"][-1] == "UNREAD"
    assert "note.jpg" in done.stderr


def test_a_name_that_no_file_can_have_is_answered() -> None:
    done = CliRunner().invoke(app, ["a\0b.jpg", "--json"])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["photos"][0]["error"]["code"] == "photo-file-unreadable"


def test_no_photo_is_a_usage_error() -> None:
    assert CliRunner().invoke(app, []).exit_code == 2


def test_people_get_a_table(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(a_photo(tmp_path / "pen.jpg"))])

    assert done.exit_code == 0
    assert "NO_ANIMAL" in done.stdout
    assert "a person counts" in " ".join(done.stdout.split())


def test_weights_that_cannot_be_used_are_a_problem_with_file_and_fix() -> None:
    problem = weights_problem(
        WeightsUnusable(Path("models/shipped/counter.onnx"), "it has changed", "Install again")
    )

    assert (problem["code"], problem["next"]) == ("weights-unusable", "Install again")
    assert problem["detail"] == "models/shipped/counter.onnx: it has changed"


def test_a_photo_may_have_any_name_that_a_file_can_have(tmp_path: Path) -> None:
    named = tmp_path / os.fsdecode("猪[red]舍".encode("gbk") + b".jpg")
    a_photo(named)

    as_json = CliRunner().invoke(app, [str(named), str(named), "--json"])
    told = CliRunner().invoke(app, [str(named), str(named)])

    assert as_json.exit_code == told.exit_code == 0
    assert json.loads(as_json.stdout)["photos"][0]["photo"] == str(named)
    assert "[red]" in told.stdout.replace("\n", "")
