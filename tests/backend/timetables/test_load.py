"""Timetables: the shipped ones can be used, an installation's own take their place, a wrong one is named."""

from datetime import date
from pathlib import Path

import pytest

from backend.timetables.load import office_hours
from backend.timetables.unusable import TimetableUnusable

WEEK = "\n".join(
    f"{day} = []" for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "make_up")
)


def test_the_shipped_year_has_the_holidays_of_its_notice() -> None:
    hours = office_hours()

    assert len(hours.closed) == 33
    assert len(hours.make_up) == 6
    assert hours.published == {2026}
    assert {day.weekday() for day in hours.make_up} <= {5, 6}


def test_an_installation_s_own_hours_take_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "office_hours.toml").write_text(f'monday = ["09:00-10:00"]\n{WEEK}\n')

    hours = office_hours(tmp_path)

    assert len(hours.openings_on(date(2026, 11, 23))) == 1
    assert hours.openings_on(date(2026, 11, 24)) == ()
    assert date(2026, 10, 1) in hours.closed


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("monday = 3", "monday"),
        ('monday = ["9-5"]', "monday"),
        ('monday = ["10:00-09:00"]', "monday"),
        ('monday = ["08:00-12:00", "11:00-13:00"]', "overlap"),
        ('montag = ["08:00-12:00"]', "montag"),
        ("monday = [", "office_hours.toml"),
    ],
)
def test_wrong_hours_are_refused_naming_the_key(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "office_hours.toml").write_text(f"{text}\n{WEEK}\n")

    with pytest.raises(TimetableUnusable, match=named):
        office_hours(tmp_path)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[year]]\nyear = 2027\nholidays = []\nworked = []", "source"),
        ('[[year]]\nyear = 2027\nsource = "x"\nholidays = [{ name = "?" }]\nworked = []', "first and a last"),
        ('[[year]]\nyear = 2027\nsource = "x"\nholidays = []\nworked = ["soon"]', "worked"),
        (
            '[[year]]\nyear = 2027\nsource = "x"\nworked = []\nholidays = [{ first = 2026-01-01, last = 2026-01-03 }]',
            "2026-01-01",
        ),
    ],
)
def test_a_wrong_holiday_is_refused_naming_its_year(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "holidays.toml").write_text(text)

    with pytest.raises(TimetableUnusable, match=named):
        office_hours(tmp_path)
