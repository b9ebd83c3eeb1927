"""A bank statement as CSV, in UTF-8 or GBK, with the columns that Chinese banks export.

    date        日期 记账日期 交易日期 入账日期          2026-11-25, 2026/11/25 or 20261125
    direction   收支 借贷 借贷标志 方向                 out 支出 借 D, or in 收入 贷 C; or two columns instead of one:
    debit       借方金额 支出 支出金额 借方发生额
    credit      贷方金额 收入 收入金额 贷方发生额
    amount      金额 交易金额 发生额                    with ``direction``; 1,400.00 may be grouped
    currency    币种 货币                              CNY where left out
    reference   附言 摘要 用途 备注 业务编号             what names our payout; several such columns are read together
    bank_reference  流水号 交易流水号 凭证号
    reason      退汇原因

An amount without a direction is refused: money in must never be taken for money out.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from backend.domain.money import ZERO, Money
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.reconciliation import CURRENCY, Statement, StatementLine, UnreadLine

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "booked_on", "日期", "记账日期", "交易日期", "入账日期"),
    "direction": ("direction", "收支", "借贷", "借贷标志", "方向"),
    "debit": ("debit", "借方金额", "支出", "支出金额", "借方发生额"),
    "credit": ("credit", "贷方金额", "收入", "收入金额", "贷方发生额"),
    "amount": ("amount", "金额", "交易金额", "发生额"),
    "currency": ("currency", "币种", "货币"),
    "reference": ("reference", "end_to_end_id", "purpose", "附言", "摘要", "用途", "备注", "业务编号"),
    "bank_reference": ("bank_reference", "流水号", "交易流水号", "凭证号"),
    "reason": ("reason", "退汇原因"),
}
_NAMES = {name: column for column, names in _COLUMNS.items() for name in names}
_OUT, _IN = frozenset({"out", "支出", "借", "d", "debit"}), frozenset({"in", "收入", "贷", "c", "credit"})
_CURRENCIES = {"": CURRENCY, "人民币": CURRENCY, "rmb": CURRENCY, "cny": CURRENCY, "156": CURRENCY}
_RETURN_WORD = "退汇"
_DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
_LONGEST_FIELD = 10_000

Places = Mapping[str, Sequence[int]]


def read_table(content: bytes) -> Statement:
    """Read a CSV statement.

    Raises:
        InvalidInput: Neither UTF-8 nor GBK, no header with the columns that are needed, or no line at all.
    """
    rows = list(_rows(_text(content)))
    if not rows:
        raise InvalidInput("the statement is empty", errors=[FieldError("", "has no header")])
    places = _places(rows[0][1])
    lines: list[StatementLine] = []
    unread: list[UnreadLine] = []
    for number, cells in rows[1:]:
        try:
            lines.append(_line(f"row {number}", cells, places))
        except ValueError as wrong:
            unread.append(UnreadLine(f"row {number}", str(wrong)))
    if not lines and not unread:
        raise InvalidInput("the statement is empty", errors=[FieldError("", "has no line below its header")])
    days = [line.booked_on for line in lines] or [date.min]
    return Statement(format="csv", first_day=min(days), last_day=max(days), lines=lines, unread=unread)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidInput(
        "the statement cannot be read", errors=[FieldError("", "is neither UTF-8 nor GBK text")]
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, with the line of the file that each ends on."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as wrong:
        error = FieldError("", f"row {reader.line_num}: {wrong}")
        raise InvalidInput("the statement cannot be read", errors=[error]) from wrong


def _places(header: Sequence[str]) -> Places:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        column = _NAMES.get(name.lower().strip("* "))
        if column:
            places.setdefault(column, []).append(place)
    has_amount = {"amount", "direction"} <= places.keys() or {"debit", "credit"} <= places.keys()
    errors = [FieldError(f"/{one}", "no such column") for one in ("date", "reference") if one not in places]
    if not has_amount:
        errors.append(FieldError("/amount", "needs columns amount and direction, or debit and credit"))
    if errors:
        raise InvalidInput(f"the header names {', '.join(header)[:200]}", errors=errors)
    return places


def _line(row: str, cells: Sequence[str], places: Places) -> StatementLine:
    def text(column: str) -> str:
        found = [cells[place] for place in places.get(column, ()) if place < len(cells)]
        whole = " ".join(one for one in found if one)
        if len(whole) > _LONGEST_FIELD:
            raise ValueError(f"{column} is longer than {_LONGEST_FIELD} characters")
        return whole

    amount, has_left = _amount(text)
    currency = text("currency")
    words, reason = text("reference"), text("reason")
    return StatementLine(
        row=row,
        booked_on=_day(text("date")),
        amount=amount,
        has_left=has_left,
        currency=_CURRENCIES.get(currency.lower(), currency.upper()),
        words=words,
        bank_reference=text("bank_reference"),
        reason=reason or (words if _RETURN_WORD in words else ""),
        is_return=bool(reason) or _RETURN_WORD in words,
    )


def _amount(text: Callable[[str], str]) -> tuple[Money, bool]:
    """The amount, and whether it left the account."""
    said = text("direction").lower()
    if said:
        if said not in _OUT | _IN:
            raise ValueError(f"direction {said!r} is neither out nor in")
        return _money(text("amount")), said in _OUT
    out, into = _filled(text("debit")), _filled(text("credit"))
    if bool(out) == bool(into):
        raise ValueError("exactly one of debit and credit holds an amount")
    return _money(out or into), bool(out)


def _filled(text: str) -> str:
    return "" if text in {"0", "0.00", "-", "--"} else text


def _money(text: str) -> Money:
    amount = Money.parse(text.replace(",", "").removeprefix("¥").removeprefix("￥").strip())
    if amount <= ZERO:
        raise ValueError(f"{text} is not above 0.00")
    return amount


def _day(text: str) -> date:
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text[:10].strip(), form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a day such as 2026-11-25")
