from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.evidence.exif import ExifFacts, read_exif
from backend.evidence.gps import Position
from tests.backend.evidence.samples import (
    ASCII,
    LONG,
    RATIONAL,
    SHORT,
    SRATIONAL,
    Value,
    exif,
    rationals,
    short,
    text,
)

FIX: dict[int, Value] = {
    1: text("N"),
    2: rationals((30, 1), (15, 1), (36, 1)),
    3: text("E"),
    4: rationals((120, 1), (9, 1), (0, 1)),
}


def test_no_exif_is_neutral() -> None:
    assert read_exif(None) == ExifFacts()
    assert read_exif(b"") == ExifFacts()
    assert read_exif(exif()) == ExifFacts()


def test_a_position_is_read_from_degrees_minutes_and_seconds() -> None:
    facts = read_exif(exif(gps=FIX))

    assert facts.position == Position(lon=120.15, lat=30.26)
    assert facts.signals == ()


def test_south_and_west_are_negative() -> None:
    facts = read_exif(exif(gps=FIX | {1: text("S"), 3: text("W")}))

    assert facts.position == Position(lon=-120.15, lat=-30.26)


def test_signed_fractions_are_read_as_some_phones_write_them() -> None:
    signed = rationals((120, 1), (9, 1), (0, 1), kind=SRATIONAL)

    assert read_exif(exif(gps=FIX | {4: signed})).position == Position(lon=120.15, lat=30.26)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({2: rationals((30, 0), (15, 1), (36, 1))}, id="division by zero"),
        pytest.param({2: rationals((91, 1), (0, 1), (0, 1))}, id="beyond the pole"),
        pytest.param({4: rationals((180, 1), (0, 1), (1, 1))}, id="beyond the date line"),
        pytest.param({2: rationals((30, 1), (61, 1), (0, 1))}, id="61 minutes"),
        pytest.param({2: rationals((30, 1), (15, 1))}, id="no seconds"),
        pytest.param({2: rationals()}, id="no values"),
        pytest.param({2: text("30.26")}, id="text"),
        pytest.param({2: short(30)}, id="an integer"),
        pytest.param({2: (RATIONAL, 3, b"\x00" * 4)}, id="an offset outside"),
        pytest.param({2: (RATIONAL, 0xFFFFFFFF, b"\x08\x00\x00\x00")}, id="four thousand million values"),
        pytest.param({2: (99, 3, b"\x08\x00\x00\x00")}, id="an unknown type"),
        pytest.param({4: rationals((-120, 1), (9, 1), (0, 1), kind=SRATIONAL)}, id="negative"),
        pytest.param({1: text("X")}, id="neither north nor south"),
        pytest.param({1: (ASCII, 0, b"")}, id="an empty side"),
        pytest.param({2: rationals(*[(0, 1)] * 3), 4: rationals(*[(0, 1)] * 3)}, id="exactly 0, 0"),
    ],
)
def test_a_position_that_is_no_place_is_a_signal(broken: dict[int, Value]) -> None:
    facts = read_exif(exif(gps=FIX | broken))

    assert facts.position is None
    assert facts.signals == ("GPS_UNREADABLE",)


def test_half_a_position_is_a_signal() -> None:
    latitude_only = {tag: FIX[tag] for tag in (1, 2)}

    assert read_exif(exif(gps=latitude_only)).signals == ("GPS_UNREADABLE",)


def test_a_gps_directory_without_a_position_is_neutral() -> None:
    version_only: dict[int, Value] = {0: (1, 4, b"\x02\x02\x00\x00")}

    assert read_exif(exif(gps=version_only)) == ExifFacts()


def test_a_gps_directory_outside_the_bytes_is_a_signal() -> None:
    facts = read_exif(exif({0x8825: (LONG, 1, b"\xff\xff\xff\xff")}))

    assert facts.signals == ("GPS_UNREADABLE",)


@pytest.mark.parametrize("name", ["WGS-84", "WGS-84   ", "WGS84", "wgs 84", ""])
def test_wgs84_goes_by_many_names(name: str) -> None:
    assert read_exif(exif(gps=FIX | {18: text(name)})).position is not None


@pytest.mark.parametrize("name", ["TOKYO", "GCJ-02", "BD-09", "NAD27"])
def test_another_datum_is_a_signal_and_no_position(name: str) -> None:
    facts = read_exif(exif(gps=FIX | {18: text(name)}))

    assert facts.position is None
    assert facts.signals == ("GPS_DATUM_UNSUPPORTED",)


def test_a_time_with_its_offset_is_kept_in_that_zone() -> None:
    facts = read_exif(exif(photo={0x9003: text("2026:04:02 10:00:00"), 0x9011: text("+03:00")}))

    assert facts.taken_at == datetime(2026, 4, 2, 10, tzinfo=timezone(timedelta(hours=3)))
    assert facts.signals == ()


@pytest.mark.parametrize("offset", [None, "", "   :  ", "+99:00", "+0300", "Shanghai"])
def test_a_time_without_a_usable_offset_is_shanghai_and_says_so(offset: str | None) -> None:
    photo = {0x9003: text("2026:04:02 10:00:00")} | ({} if offset is None else {0x9011: text(offset)})

    facts = read_exif(exif(photo=photo))

    assert facts.taken_at == datetime(2026, 4, 2, 2, tzinfo=UTC)
    assert facts.taken_at is not None
    assert facts.taken_at.isoformat() == "2026-04-02T10:00:00+08:00"
    assert facts.signals == ("TIME_ZONE_ASSUMED",)


def test_the_time_of_digitizing_stands_in_for_a_missing_one() -> None:
    photo = {
        0x9003: text("    :  :     :  :  "),
        0x9004: text("2026:04:02 10:00:00"),
        0x9012: text("Z"),
    }

    assert read_exif(exif(photo=photo)).taken_at == datetime(2026, 4, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("blank", ["", "    :  :     :  :  ", "                   "])
def test_a_blank_time_is_unknown_and_neutral(blank: str) -> None:
    assert read_exif(exif(photo={0x9003: text(blank)})) == ExifFacts()


@pytest.mark.parametrize(
    "written",
    ["0000:00:00 00:00:00", "2026:13:01 00:00:00", "2026:02:30 10:00:00", "0001:01:01 00:00:00", "yesterday"],
)
def test_a_time_that_is_none_is_a_signal(written: str) -> None:
    facts = read_exif(exif(photo={0x9003: text(written)}))

    assert facts.taken_at is None
    assert facts.signals == ("TIME_UNREADABLE",)


def test_a_time_of_the_wrong_type_is_a_signal() -> None:
    assert read_exif(exif(photo={0x9003: short(7)})).signals == ("TIME_UNREADABLE",)


def test_the_cameras_name_is_trimmed_and_cleaned() -> None:
    facts = read_exif(exif({0x010F: text(" HMD Global \x1b[31m"), 0x0110: text("Nokia 8.3")}))

    assert facts.camera == ("HMD Global [31m", "Nokia 8.3")


@pytest.mark.parametrize(("written", "read"), [(1, 1), (6, 6), (8, 8), (0, 1), (9, 1), (65535, 1)])
def test_an_orientation_out_of_range_is_upright(written: int, read: int) -> None:
    assert read_exif(exif({0x0112: short(written)})).orientation == read


def test_an_orientation_of_the_wrong_type_is_upright() -> None:
    assert read_exif(exif({0x0112: text("6")})).orientation == 1


def test_directories_that_point_at_themselves_end() -> None:
    circular = exif({0x8769: (LONG, 1, b"\x08\x00\x00\x00"), 0x8825: (LONG, 1, b"\x08\x00\x00\x00")})

    assert read_exif(circular) == ExifFacts()


def test_a_directory_of_65535_entries_in_few_bytes_is_read_as_far_as_it_goes() -> None:
    short_of_it = b"II*\x00\x08\x00\x00\x00\xff\xff" + exif({0x0112: short(6)})[10:]

    assert read_exif(short_of_it).orientation == 6


@pytest.mark.parametrize(
    "raw", [b"II", b"II*\x00", b"II*\x00\xff\xff\xff\xff", b"garbage-garbage", b"\x00" * 64]
)
def test_exif_without_directories_is_a_signal(raw: bytes) -> None:
    assert read_exif(raw) == ExifFacts(signals=("EXIF_UNREADABLE",))


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(noise: bytes) -> None:
    read_exif(noise)
    read_exif(b"II*\x00\x08\x00\x00\x00" + noise)


TAGS = st.sampled_from(
    [0x010F, 0x0110, 0x0112, 0x8769, 0x8825, 0x9003, 0x9004, 0x9011, 0x9012, 1, 2, 3, 4, 18]
)
VALUES = st.tuples(
    st.sampled_from([0, 1, ASCII, SHORT, LONG, RATIONAL, 7, SRATIONAL, 129, 65535]),
    st.one_of(st.integers(0, 8), st.integers(0, 2**32 - 1)),
    st.binary(max_size=40),
)
DIRECTORIES = st.dictionaries(TAGS, VALUES, max_size=8)


@given(root=DIRECTORIES, photo=DIRECTORIES, gps=DIRECTORIES)
def test_any_values_are_answered_with_facts_in_range(
    root: dict[int, Value], photo: dict[int, Value], gps: dict[int, Value]
) -> None:
    facts = read_exif(exif(root, photo=photo, gps=gps))

    assert facts.orientation in range(1, 9)
    assert facts.taken_at is None or facts.taken_at.astimezone(UTC)
    if facts.position:
        assert abs(facts.position.lon) <= 180
        assert abs(facts.position.lat) <= 90
