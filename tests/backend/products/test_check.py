"""What ``product check`` says about a file: every fault, its line and the rule."""

from importlib.resources import files

import pytest

from backend.products.check import LARGEST_FILE, check_file, check_files
from backend.products.load import products

TARIFF = (files("backend.products") / "pig-bands-1.toml").read_text(encoding="utf-8")


def line_of(text: str, written: str) -> int:
    """The line on which *written* stands."""
    return next(place for place, line in enumerate(text.splitlines(), start=1) if written in line)


@pytest.mark.parametrize(
    ("written", "instead", "rule"),
    [
        ('{ from_kg = "30"', '{ from_kg = "25"', "overlaps the band before it"),
        ('{ from_kg = "30"', '{ from_kg = "35"', "leaves a gap"),
        ('{ from_kg = "90",', '{ from_kg = "90", to_kg = "120",', "open above"),
        ('pig = "800.00"', 'pig = "-800.00"', "above 0.00"),
        ("effective_from = 2017-01-01", 'effective_from = "2017-02-30"', "not in the calendar"),
        ("observation_days = 20", "waiting = 20", "not a field here"),
        ('percent = "60"', "percent = 60.5", "not exact"),
        ('kind = "weight-bands"', 'kind = "guess"', "one of weight-bands"),
        ('name = "pig-bands"', 'name = "Pig Bands"', "small letters"),
        ("version = 1", "version = 1 2", "after a statement"),
    ],
)
def test_a_fault_is_named_by_its_line_and_rule(written: str, instead: str, rule: str) -> None:
    assert TARIFF.count(written) == 1
    text = TARIFF.replace(written, instead)

    found = check_file("own.toml", text.encode())

    assert found.product is None
    assert (line_of(text, instead), True) in [(fault.line, rule in fault.rule) for fault in found.faults]


def test_a_last_day_before_the_first_is_named_where_it_stands() -> None:
    text = TARIFF.replace("2017-01-01", "2017-01-01\neffective_to = 2016-12-31")

    found = check_file("own.toml", text.encode())

    assert [(fault.line, fault.pointer) for fault in found.faults] == [
        (line_of(text, "effective_to"), "/effective_to")
    ]


def test_bands_that_are_missing_are_named_at_their_method() -> None:
    text = TARIFF[: TARIFF.index("bands = [")] + "[subsidies]\npig = 800\n"

    (fault,) = check_file("own.toml", text.encode()).faults

    assert (fault.line, fault.rule) == (line_of(text, "[method]"), "must hold at least one band")


def test_all_faults_of_a_file_are_named_at_once() -> None:
    text = TARIFF.replace('"60", to_kg', '"65", to_kg').replace('"100" }', '"101" }').replace("800.00", "0")

    found = check_file("own.toml", text.encode())

    assert [fault.pointer for fault in found.faults] == [
        "/method/bands/3/from_kg",
        "/method/bands/4/percent",
        "/subsidies/pig",
    ]


def test_two_versions_that_begin_on_one_day_are_named_in_the_second_file() -> None:
    second = TARIFF.replace("version = 1", "version = 2").replace("2017-01-01", "2026-03-01")
    third = second.replace("version = 2", "version = 3")

    checked = check_files({"two.toml": second.encode(), "three.toml": third.encode()}, products())

    assert checked[0].faults == ()
    (fault,) = checked[1].faults
    assert (fault.line, fault.pointer) == (line_of(third, "effective_from"), "/effective_from")
    assert "same day as pig-bands@2 (two.toml)" in fault.rule


def test_another_content_of_a_known_version_is_a_fault_and_the_same_is_none() -> None:
    changed = TARIFF.replace('percent = "60"', 'percent = "61"')

    same, other = (
        check_files({"own.toml": text.encode()}, products())[0] for text in (f"# again\n{TARIFF}", changed)
    )

    assert same.faults == ()
    assert [fault.rule for fault in other.faults] == ["pig-bands@1 is there already"]


@pytest.mark.parametrize(
    ("content", "line", "rule"),
    [
        (b'name = "a"\n# \xff\n', 2, "UTF-8"),
        (b"name = ", 1, "Invalid value"),
        (b"a = " + b"[" * 20_000, 1, ""),
        (b"#" * (LARGEST_FILE + 1), 1, "bytes"),
    ],
)
def test_what_is_no_toml_has_a_line_too(content: bytes, line: int, rule: str) -> None:
    (fault,) = check_file("own.toml", content).faults

    assert fault.line == line
    assert rule in fault.rule
