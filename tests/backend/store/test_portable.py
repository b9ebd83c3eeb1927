"""Rows as lines: every column has a form, and what comes back is what went in."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Interval, MetaData, Table

from backend.domain.money import Money
from backend.store import tables
from backend.store.portable import KINDS, Tally, columns_of, lines_of, row_of

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "moment": st.datetimes(timezones=st.just(UTC)),
    "fen": st.integers(-(2**53), 2**53).map(Money),
    "day": st.dates(),
    "uuid": st.uuids(),
    "bytes": st.binary(max_size=40),
    "json": st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ),
    "flag": st.booleans(),
    "whole": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "text": st.text(max_size=20),
}
COLUMNS = {kind: kind for kind in KINDS}
rows = st.tuples(*(st.none() | VALUES[kind] for kind in COLUMNS))


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_of_every_table_has_a_form(table: Table) -> None:
    assert [*columns_of(table)] == table.columns.keys()


def test_a_type_without_a_form_stops_the_backup_and_names_the_column() -> None:
    with pytest.raises(TypeError, match=r"shifts\.length"):
        columns_of(Table("shifts", MetaData(), Column("length", Interval())))


@settings(max_examples=60, deadline=None)
@given(rows)
def test_a_row_comes_back_from_its_line_exactly(row: tuple[Any, ...]) -> None:
    [line] = lines_of(COLUMNS, [row])

    assert b"\n" not in line
    assert tuple(row_of(COLUMNS, line).values()) == row


@settings(max_examples=30, deadline=None)
@given(st.lists(rows, max_size=4), st.randoms(use_true_random=False))
def test_a_fingerprint_does_not_depend_on_the_order_of_rows(several: list[Any], chance: Any) -> None:
    forth, back = Tally(), Tally()
    shuffled = chance.sample(several, len(several))
    for tally, order in ((forth, several), (back, shuffled)):
        for line in lines_of(COLUMNS, order):
            tally.add(line)

    assert forth == back
    assert (forth.rows, forth.fingerprint) == (back.rows, back.fingerprint)


def test_one_changed_value_or_a_row_twice_changes_the_fingerprint() -> None:
    def tally(*numbers: int) -> Tally:
        counted = Tally()
        for line in lines_of({"n": "whole"}, [(number,) for number in numbers]):
            counted.add(line)
        return counted

    assert len({tally(1, 2).fingerprint, tally(1, 3).fingerprint, tally(1, 2, 2).fingerprint}) == 3


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"{",
        b'{"id":"x"}',
        b'{"id":"x","at":"yesterday"}',
        b'{"id":1,"at":null}',
        b'{"other":1,"at":null}',
    ],
)
def test_a_line_of_another_table_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        row_of({"id": "uuid", "at": "moment"}, line)


def test_lines_are_plain_json_that_anyone_can_read() -> None:
    columns = {"at": "moment", "paid": "fen", "born": "day", "id": "uuid", "shape": "bytes"}
    row = (datetime(2026, 11, 23, 4, tzinfo=UTC), Money(70_000), date(2026, 1, 2), UUID(int=1), b"\x00\xff")

    assert [*lines_of(columns, [row])] == [
        (
            b'{"at":"2026-11-23T04:00:00Z","born":"2026-01-02","id":"00000000-0000-0000-0000-000000000001",'
            b'"paid":70000,"shape":"AP8="}'
        )
    ]
