"""Bank statements as files: CSV in two encodings, camt.053 in two versions, and what must not be read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.adapters.statements.read import read_statement
from backend.domain.money import Money
from backend.domain.problems import InvalidInput
from tests.backend.adapters.statements import camt_of, csv_of, entry

DAY = date(2026, 11, 25)
REFERENCE = "FC-20261125-0001/1-1a2b3c4d"
OUT = f'2026-11-25,借,"1,400.00",CNY,赔款 {REFERENCE},B-77'


def refusal(content: bytes) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_statement(content)
    return [f"{error.pointer} {error.detail}" for error in refused.value.errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_chinese_banks_csv_is_read_in_either_encoding(encoding: str) -> None:
    read = read_statement(csv_of(OUT, encoding=encoding))

    [line] = read.lines
    assert (read.format, read.first_day, read.last_day) == ("csv", DAY, DAY)
    assert (line.row, line.booked_on, line.amount, line.has_left) == (
        "row 2",
        DAY,
        Money.parse("1400.00"),
        True,
    )
    assert line.references == (REFERENCE,)
    assert (line.currency, line.bank_reference, line.is_return) == ("CNY", "B-77", False)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_columns_may_be_english_parted_otherwise_and_in_any_order(delimiter: str) -> None:
    header = delimiter.join(["reference", "credit", "debit", "date"])
    rows = [[REFERENCE, "", "1400", "20261125"], [f"退汇 {REFERENCE}", "1400.00", "0.00", "2026/11/26"]]

    read = read_statement(csv_of(*(delimiter.join(row) for row in rows), header=header))

    assert [(line.has_left, line.is_return, line.currency) for line in read.lines] == [
        (True, False, "CNY"),
        (False, True, "CNY"),
    ]
    assert (read.first_day, read.last_day) == (DAY, date(2026, 11, 26))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("25.11.2026,借,1.00,CNY,x,B", "'25.11.2026' is not a day"),
        ("2026-11-25,?,1.00,CNY,x,B", "neither out nor in"),
        ("2026-11-25,借,-1.00,CNY,x,B", "is not above 0.00"),
        ("2026-11-25,借,1.001,CNY,x,B", "is not an amount"),
        ("2026-11-25,借,,CNY,x,B", "is not an amount"),
        ("2026-11-25", "exactly one of debit and credit"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_row_and_the_rest_is_read(row: str, why: str) -> None:
    read = read_statement(csv_of(OUT, "", row, OUT))

    assert len(read.lines) == 2
    [unread] = read.unread
    assert unread.row == "row 4"
    assert why in unread.why


def test_an_amount_without_a_direction_is_refused_and_every_missing_column_is_named() -> None:
    assert refusal(csv_of("1400.00", header="amount")) == [
        "/date no such column",
        "/reference no such column",
        "/amount needs columns amount and direction, or debit and credit",
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", csv_of(), b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfe\x00"])
def test_what_is_no_statement_is_refused(content: bytes) -> None:
    assert refusal(content)


@pytest.mark.parametrize(
    ("version", "status"),
    [("02", "<Sts>BOOK</Sts>"), ("08", "<Sts><Cd>BOOK</Cd></Sts>"), ("13", "<Sts><Cd>BOOK</Cd></Sts>")],
)
def test_camt_053_is_read_in_old_and_new_versions(version: str, status: str) -> None:
    back = entry(REFERENCE, side="CRDT", status=status, returned="AC04", number="SB2")
    period = (
        "<FrToDt><FrDtTm>2026-11-24T16:00:00Z</FrDtTm><ToDtTm>2026-11-26T23:59:59+08:00</ToDtTm></FrToDt>"
    )

    read = read_statement(camt_of([entry(REFERENCE, status=status), back], version=version, period=period))

    out, returned = read.lines
    assert read.format == f"camt.053.001.{version}"
    assert (read.first_day, read.last_day) == (DAY, date(2026, 11, 26))
    assert (out.has_left, out.amount, out.references, out.bank_reference) == (
        True,
        Money.parse("1400.00"),
        (REFERENCE,),
        "SB1",
    )
    assert (returned.has_left, returned.is_return, returned.reason) == (False, True, "AC04")


def test_an_entry_of_many_transactions_is_read_one_by_one_and_has_to_add_up() -> None:
    def batch(total: str) -> str:
        details = "".join(
            f"<TxDtls><Refs><EndToEndId>FC-20261125-000{place}/1-1a2b3c4d</EndToEndId></Refs>"
            f'<Amt Ccy="CNY">{amount}</Amt></TxDtls>'
            for place, amount in ((1, "1400.00"), (2, "700.50"))
        )
        return (
            f'<Ntry><Amt Ccy="CNY">{total}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
            f"<BookgDt><DtTm>2026-11-25T18:00:00Z</DtTm></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
        )

    read = read_statement(camt_of([batch("2100.50"), batch("2100.51")]))

    assert [str(line.amount) for line in read.lines] == ["1400.00", "700.50"]
    assert {line.booked_on for line in read.lines} == {date(2026, 11, 26)}
    assert [unread.row for unread in read.unread] == ["entry 2"]
    assert "add up to 2100.50" in read.unread[0].why


def test_entries_that_are_not_booked_are_counted_and_left_out() -> None:
    read = read_statement(camt_of([entry(REFERENCE), entry(REFERENCE, status="<Sts><Cd>PDNG</Cd></Sts>")]))

    assert (len(read.lines), read.pending) == (1, 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount": "1400.001"}, "is not an amount"),
        ({"amount": ""}, "has no amount"),
        ({"amount": "0"}, "is not above 0.00"),
        ({"side": "BOTH"}, "neither DBIT nor CRDT"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(change: dict[str, str], why: str) -> None:
    [unread] = read_statement(camt_of([entry(REFERENCE), entry(REFERENCE, **change)])).unread  # type: ignore[arg-type]

    assert unread.row == "entry 2"
    assert why in unread.why


def test_trailing_zeros_are_no_fraction_of_a_fen() -> None:
    assert str(read_statement(camt_of([entry(REFERENCE, "1400.50000")])).lines[0].amount) == "1400.50"


BOMB = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
THIEF = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("before", [BOMB, THIEF, "<!DOCTYPE d>"])
def test_hostile_xml_is_refused_before_anything_is_read(before: str) -> None:
    assert refusal(camt_of([entry("&x;")], before=before)) == [
        " holds a document type or entities, which no statement needs"
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"<Document>",
        b"<html><body>Please sign in</body></html>",
        camt_of([]),
        camt_of([]).replace(b"camt.053.001.08", b"pain.001.001.09"),
        camt_of([entry(REFERENCE)], period="<FrToDt><FrDtTm>soon</FrDtTm></FrToDt>"),
    ],
)
def test_xml_that_is_no_statement_is_refused(content: bytes) -> None:
    assert refusal(content)


@given(st.binary(max_size=400) | st.text(max_size=200).map(csv_of))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read = read_statement(content)
    except InvalidInput:
        return
    assert all(line.amount > Money(0) for line in read.lines)
