"""Photos of real cameras and phones, and files that have crashed other readers."""

import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from backend.evidence.photo import PhotoFacts, decode, inspect
from tests.backend.evidence.samples import all_samples, needs_samples, sample

pytestmark = needs_samples


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        ("DSCN0010", 11.885127, 43.467448),
        ("DSCN0021", 11.884538, 43.467082),
        ("DSCN0042", 11.881478, 43.464455),
    ],
)
def test_a_nikon_tells_where_it_was(name: str, lon: float, lat: float) -> None:
    facts = inspect(sample(f"gps/{name}.jpg"))

    assert facts.position is not None
    assert facts.position.lon == pytest.approx(lon, abs=1e-6)
    assert facts.position.lat == pytest.approx(lat, abs=1e-6)
    assert facts.camera == ("NIKON", "COOLPIX P6000")
    assert facts.signals == ("TIME_ZONE_ASSUMED",)


def test_a_nokia_tells_where_and_when_with_its_zone() -> None:
    facts = inspect(sample("phone/HMD_Nokia_8.3_5G.jpg"))

    assert facts.position is not None
    assert facts.position.lat == pytest.approx(60 + 8 / 60 + 48.14 / 3600)
    assert facts.taken_at == datetime(2022, 8, 14, 14, 12, 31, tzinfo=timezone(timedelta(hours=3)))
    assert facts.signals == ()


def test_an_iphones_heic_is_read_and_turned_once() -> None:
    content = sample("phone/iphone_13_pro_max.heic")

    facts, decoded = inspect(content), decode(content)

    assert (facts.format, facts.width, facts.height, facts.orientation) == ("HEIF", 3024, 4032, 6)
    assert decoded.image.shape == (4032, 3024, 3)
    assert facts.taken_at is not None
    assert facts.taken_at.isoformat() == "2022-02-16T12:55:41+01:00"
    assert facts.camera == ("Apple", "iPhone 13 Pro Max")


def test_one_scene_in_eight_orientations_is_one_picture() -> None:
    pictures = [decode(sample(f"orientation/landscape_{turn}.jpg")) for turn in range(1, 9)]

    for picture in pictures:
        assert (picture.width, picture.height) == (600, 450)
        difference = np.abs(picture.image.astype(int) - pictures[0].image.astype(int))
        # Each file has its number painted on it and was compressed apart; turned otherwise, they differ by 50.
        assert difference.mean() < 20


@pytest.mark.parametrize("turn", range(1, 9))
def test_pillow_turns_a_real_photo_the_same_way(turn: int) -> None:
    content = sample(f"orientation/landscape_{turn}.jpg")

    with Image.open(io.BytesIO(content)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(decode(content).image, expected)


def test_eight_orientations_are_reported_as_written() -> None:
    facts = [inspect(sample(f"orientation/landscape_{turn}.jpg")) for turn in range(1, 9)]

    assert [fact.orientation for fact in facts] == list(range(1, 9))


@pytest.mark.parametrize(
    ("name", "signals"),
    [
        ("odd/no_exif.jpg", ()),
        ("odd/30-type_error.jpg", ("EXIF_UNREADABLE",)),
        ("odd/45-gps_ifd.jpg", ("TIME_ZONE_ASSUMED", "GPS_UNREADABLE")),
        ("odd/67-0_length_string.jpg", ()),
        ("invalid/image02206.jpg", ()),
    ],
)
def test_odd_metadata_is_answered_with_signals(name: str, signals: tuple[str, ...]) -> None:
    assert inspect(sample(name)).signals == signals


@pytest.mark.parametrize("path", all_samples(), ids=lambda path: path.name)
def test_every_sample_is_answered_and_decoded(path: Path) -> None:
    content = path.read_bytes()

    facts, decoded = inspect(content), decode(content, target=320)

    assert isinstance(facts, PhotoFacts)
    assert json.loads(json.dumps(facts.as_json()))["width"] == decoded.width
    assert min(decoded.image.shape[:2]) > 0
