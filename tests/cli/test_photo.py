import hashlib
import io
import json
import zlib
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from cli.photo import app

SAMPLES = (Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "exif").resolve()

SHIPPED = Path(__file__).resolve().parents[2] / "demo" / "photos"


def a_photo(folder: Path) -> Path:
    path = folder / "照片.jpg"
    Image.new("RGB", (40, 30), "brown").save(path)
    return path


def a_bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (1, 1)).save(out, "PNG")
    bomb = bytearray(out.getvalue())
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    return bytes(bomb)


def test_inspect_prints_the_document_of_the_contract(tmp_path: Path) -> None:
    photo = a_photo(tmp_path)

    done = CliRunner().invoke(app, ["inspect", str(photo), "--json"])

    assert done.exit_code == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "sha256": hashlib.sha256(photo.read_bytes()).hexdigest(),
        "width": 40,
        "height": 30,
        "format": "JPEG",
        "taken_at": None,
        "position": None,
        "orientation": 1,
        "signals": [],
    }


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared EXIF samples are not here")
def test_inspect_tells_place_and_time_of_a_real_photo() -> None:
    done = CliRunner().invoke(app, ["inspect", str(SAMPLES / "gps" / "DSCN0010.jpg"), "--json"])

    told = json.loads(done.stdout)
    assert told["position"] == {"lon": pytest.approx(11.8851267), "lat": pytest.approx(43.4674483)}
    assert told["taken_at"] == "2008-10-22T16:28:39+08:00"
    assert told["signals"] == ["TIME_ZONE_ASSUMED"]


def test_inspect_lists_the_facts_for_people(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["inspect", str(a_photo(tmp_path))])

    assert done.exit_code == 0
    assert "size         40 x 30\n" in done.stdout
    assert "position     -\n" in done.stdout


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"<html></html>", "not-a-photo", id="a page"),
        pytest.param(b"", "not-a-photo", id="nothing"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "photo-truncated", id="the beginning of a JPEG"),
        pytest.param(a_bomb(), "photo-too-many-pixels", id="a bomb"),
        pytest.param(bytes(21 * 1024 * 1024), "photo-too-big", id="21 megabytes"),
    ],
)
def test_a_photo_that_cannot_be_used_ends_with_2_and_its_problem(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(content)

    done = CliRunner().invoke(app, ["inspect", str(path), "--json"])

    assert done.exit_code == 2
    told = json.loads(done.stdout)
    assert told["code"] == code
    assert told["type"] == f"/problems/{code}"
    assert told["next"] in done.stderr


@pytest.mark.parametrize("name", ["missing.jpg", ".", "nul\0name"])
def test_a_file_that_cannot_be_read_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["inspect", name, "--json"])

    assert done.exit_code == 2
    assert json.loads(done.stdout)["code"] == "invalid-input"
    assert "cannot be read" in done.stderr


def test_without_json_a_refusal_keeps_stdout_empty(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["inspect", str(tmp_path / "missing.jpg")])

    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Next: " in done.stderr


def compared(first: Path, second: Path) -> dict[str, object]:
    done = CliRunner().invoke(app, ["compare", str(first), str(second), "--json"])
    assert (done.exit_code, done.stderr) == (0, "")
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_compare_prints_the_document_of_the_contract(tmp_path: Path) -> None:
    original = SHIPPED / "cattle-3.jpg"
    picture = Image.open(original)
    copy = tmp_path / "copy.jpg"
    picture.crop((0, 0, picture.width, round(picture.height * 0.9))).save(copy, quality=60)

    near = compared(original, copy)

    assert compared(original, original) == {"match": "exact", "distance": 0.0, "transform": None}
    assert near["match"] == "near"
    assert near["transform"] == "crop 10 %"
    assert isinstance(near["distance"], float)
    assert 0 < near["distance"] < 0.1
    assert compared(original, SHIPPED / "pig-1.jpg") == {"match": "none", "distance": 1.0, "transform": None}


def test_compare_says_it_in_a_line_for_people() -> None:
    done = CliRunner().invoke(app, ["compare", str(SHIPPED / "pig-1.jpg"), str(SHIPPED / "sheep-1.jpg")])

    assert (done.exit_code, done.stdout) == (0, "none (distance 1.00)\n")


def test_compare_ends_with_2_for_what_is_no_photo(tmp_path: Path) -> None:
    (tmp_path / "words.jpg").write_text("no photo")

    done = CliRunner().invoke(
        app, ["compare", str(SHIPPED / "pig-1.jpg"), str(tmp_path / "words.jpg"), "--json"]
    )
    missing = CliRunner().invoke(app, ["compare", str(SHIPPED / "pig-1.jpg"), "nowhere.jpg", "--json"])

    assert done.exit_code == missing.exit_code == 2
    assert json.loads(done.stdout)["code"] == "not-a-photo"
    assert "words.jpg" in done.stderr
    assert "nowhere.jpg" in json.loads(missing.stdout)["detail"]
