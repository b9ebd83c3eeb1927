"""A bank statement as ISO 20022 camt.053 (versions 001.02 and later).

The bytes come from outside: a document type, an entity or an external reference is refused before anything is read.
Source of names: ISO 20022 message definition report, Bank-to-Customer Cash Management.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from backend.domain.money import ZERO, Money
from backend.domain.policy import policy_day
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.reconciliation import Statement, StatementLine, UnreadLine

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt\.053\.001\.\d{2})\}Document")
_BOOKED = "BOOK"


def read_camt(content: bytes) -> Statement:
    """Read every statement of the file as one.

    Raises:
        InvalidInput: Not well-formed, hostile, another message, or without a single entry and without a period.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as hostile:
        error = FieldError("", "holds a document type or entities, which no statement needs")
        raise InvalidInput("the statement is refused", errors=[error]) from hostile
    except (ParseError, ValueError) as wrong:
        raise InvalidInput(
            "the statement cannot be read", errors=[FieldError("", f"is not XML: {wrong}")]
        ) from wrong
    named = _ROOT.fullmatch(root.tag)
    if not named:
        error = FieldError("", f"is {root.tag[:100]}, not a camt.053 document")
        raise InvalidInput("this is another message", errors=[error])
    lines: list[StatementLine] = []
    unread: list[UnreadLine] = []
    pending = 0
    for place, entry in enumerate(_below(root, "BkToCstmrStmt/Stmt/Ntry"), start=1):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) != _BOOKED:
            pending += 1
            continue
        try:
            lines += _lines(entry, f"entry {place}")
        except ValueError as wrong:
            unread.append(UnreadLine(f"entry {place}", str(wrong)))
    days = [*_period(root), *(line.booked_on for line in lines)]
    if not days:
        error = FieldError("", "has neither a booked entry nor a period")
        raise InvalidInput("the statement is empty", errors=[error])
    return Statement(
        format=named[1], first_day=min(days), last_day=max(days), lines=lines, unread=unread, pending=pending
    )


def _lines(entry: "Element", row: str) -> list[StatementLine]:
    """The transactions of an entry; an entry without details is one itself.

    Raises:
        ValueError: It cannot be read, or its details do not add up to it.
    """
    whole = _line(entry, entry, row)
    details = list(_below(entry, "NtryDtls/TxDtls"))
    if len(details) <= 1:
        return [_line(entry, details[0], row)] if details else [whole]
    lines = [_line(entry, one, f"{row}, transaction {place}") for place, one in enumerate(details, start=1)]
    if Money.total(line.amount for line in lines) != whole.amount:
        total = Money.total(line.amount for line in lines)
        raise ValueError(f"its {len(lines)} transactions add up to {total}, the entry says {whole.amount}")
    return lines


def _line(entry: "Element", details: "Element", row: str) -> StatementLine:
    amount = _first(details, "Amt", "AmtDtls/TxAmt/Amt") if details is not entry else None
    if amount is None:
        amount = _first(entry, "Amt")
    if amount is None or not (amount.text or "").strip():
        raise ValueError("has no amount")
    said = _text(details, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    if said not in {"DBIT", "CRDT"}:
        raise ValueError(f"CdtDbtInd is {said or 'missing'}, neither DBIT nor CRDT")
    names = ("Refs/EndToEndId", "Refs/InstrId", "Refs/TxId", "RmtInf/Ustrd")
    words = [found for name in names for one in _below(details, name) if (found := (one.text or "").strip())]
    returned = _first(details, "RtrInf")
    reason = " ".join(
        found
        for name in ("Rsn/Cd", "Rsn/Prtry", "AddtlInf")
        if returned is not None and (found := _text(returned, name))
    )
    return StatementLine(
        row=row,
        booked_on=_booked_on(entry),
        amount=_money(amount),
        has_left=said == "DBIT",
        currency=amount.get("Ccy", ""),
        words=" ".join([*words, _text(entry, "AddtlNtryInf")]).strip(),
        bank_reference=_text(details, "Refs/AcctSvcrRef")
        or _text(entry, "AcctSvcrRef")
        or _text(entry, "NtryRef"),
        reason=reason,
        is_return=returned is not None or _text(entry, "RvslInd") in {"true", "1"},
    )


def _money(amount: "Element") -> Money:
    """Amounts have up to five decimals in ISO 20022; a fen has two, so only zeros may follow."""
    text = (amount.text or "").strip()
    whole, _, part = text.partition(".")
    found = Money.parse(f"{whole}.{part.rstrip('0').ljust(2, '0')}")
    if found <= ZERO:
        raise ValueError(f"{text} is not above 0.00")
    return found


def _booked_on(entry: "Element") -> date:
    for name in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        if text := _text(entry, name):
            return _day(text)
    raise ValueError("has no booking date")


def _period(root: "Element") -> Iterator[date]:
    for name in ("FrToDt/FrDtTm", "FrToDt/ToDtTm"):
        for one in _below(root, f"BkToCstmrStmt/Stmt/{name}"):
            try:
                yield _day((one.text or "").strip())
            except ValueError as wrong:
                error = FieldError("/FrToDt", str(wrong))
                raise InvalidInput("the statement's period cannot be read", errors=[error]) from wrong


def _day(text: str) -> date:
    """The day as the bank writes it; a moment with an offset is one of Asia/Shanghai's days."""
    moment = datetime.fromisoformat(text)
    return policy_day(moment) if moment.utcoffset() is not None else moment.date()


def _below(element: "Element", path: str) -> "Iterator[Element]":
    return element.iterfind("/".join(f"{{*}}{name}" for name in path.split("/")))


def _first(element: "Element", *paths: str) -> "Element | None":
    return next((one for path in paths for one in _below(element, path)), None)


def _text(element: "Element", path: str) -> str:
    found = _first(element, path)
    return "" if found is None else (found.text or "").strip()
