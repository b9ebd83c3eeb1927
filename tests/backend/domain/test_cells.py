"""What spreadsheets write, and what is made of it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.money import Money
from backend.domain.register.cells import (
    CellUnusable,
    Reading,
    code,
    count,
    day,
    metres,
    money,
    one_of,
    percent,
    words,
)
from backend.domain.words import Species

ID = code(40)
NAME = words(200)
FIRST_OF_MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    "cell",
    ["2026-03-01", "2026/3/1", "20260301", "2026年3月1日", "2026-03-01 00:00:00", "２０２６－０３－０１"],
)
def test_a_day_is_read_as_people_write_it(cell: str) -> None:
    assert day(cell).value == FIRST_OF_MARCH


@pytest.mark.parametrize(
    ("read", "cell", "value", "note"),
    [
        (ID, "ＸＹ－０００１", "XY-0001", "full-width"),
        (ID, "'110105", "110105", "apostrophe"),
        (ID, "6228 4800 1234", "622848001234", "spaces"),
        (money, "700", Money(70_000), ""),
        (money, "１，２００．５０元", Money(120_050), "full-width"),
        (money, "12,000.00", Money(1_200_000), "commas"),
        (money, "¥700.00", Money(70_000), "currency"),
        (count(1), "150头", 150, ""),
        (count(1), "150.0", 150, ""),
        (percent, "12.5%", Decimal("12.5"), ""),
        (percent, "100", Decimal(100), ""),
        (percent, "0", Decimal(0), ""),
        (metres, "112.9905", 112.9905, ""),
        (one_of(Species), "PIG", Species.PIG, ""),
        (NAME, " 荷塘　猪场 ", "荷塘 猪场", ""),
    ],
)
def test_a_cell_becomes_a_value_and_rewriting_is_noted(
    read: Reading, cell: str, value: object, note: str
) -> None:
    found = read(cell)

    assert found.value == value
    assert note in found.note
    assert bool(note) == bool(found.note)


@pytest.mark.parametrize(
    ("read", "cell", "why"),
    [
        (day, "46082", "spreadsheet's day number"),
        (day, "2026-02-30", "not in the calendar"),
        (day, "03/01/2026", "not a date"),
        (day, "2026111", "not a date"),
        (ID, "1.11010E+14", "rounded"),
        (ID, "#REF!", "spreadsheet's error"),
        (ID, "a;b", "not a number or id"),
        (ID, "x" * 41, "41 characters"),
        (NAME, "=HYPERLINK(1)", "formula"),
        (NAME, "@SUM(A1)", "formula"),
        (NAME, "two\nlines", "line break"),
        (money, "700.005", "not an amount"),
        (money, "0", "not above 0.00"),
        (money, "-5", "not an amount"),
        (money, "1e3", "not an amount"),
        (count(1), "0", "whole number from 1"),
        (count(0), "12.5", "whole number"),
        (count(0), "9999999999", "whole number"),
        (percent, "101", "from 0 to 100"),
        (metres, "north", "not a number"),
        (one_of(Species), "dragon", "none of the words"),
    ],
)
def test_a_cell_that_is_no_such_value_says_why_and_what_to_do(read: Reading, cell: str, why: str) -> None:
    with pytest.raises(CellUnusable, match=why) as refused:
        read(cell)

    assert refused.value.next.endswith(".")


@given(st.text(max_size=30))
def test_no_cell_breaks_a_reading(cell: str) -> None:
    for read in (ID, NAME, day, money, count(0), percent, metres, one_of(Species)):
        try:
            read(cell)
        except CellUnusable as refused:
            assert refused.why  # noqa: PT017 - any cell may be refused, none may crash
