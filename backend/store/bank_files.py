"""Payment files that were made: kept whole, so that a lost one is fetched again and never made twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, func, insert, select

from backend.domain.authority.sight import Sight
from backend.domain.ids import OfficerId
from backend.domain.money import Money
from backend.domain.problems import NotFound
from backend.store import tables
from backend.store.sights import colleagues


@dataclass(frozen=True, slots=True)
class BankFile:
    """One payment file; ``content`` holds whole account numbers."""

    message_id: str
    day: date
    serial: int
    made_at: datetime
    made_by: OfficerId
    payouts: int
    amount: Money
    content: str


def next_serial(connection: Connection, day: date) -> int:
    """The next file of this day, from 1; held by the gate of all payouts against a second writer."""
    files = tables.bank_files
    last = connection.scalar(select(func.max(files.c.serial)).where(files.c.day == day))
    return int(last or 0) + 1


def put(connection: Connection, file: BankFile) -> None:
    """Keep a new file."""
    connection.execute(
        insert(tables.bank_files),
        {
            "message_id": file.message_id,
            "day": file.day,
            "serial": file.serial,
            "made_at": file.made_at,
            "made_by": file.made_by,
            "payouts": file.payouts,
            "amount": file.amount,
            "content": file.content,
        },
    )


def content(connection: Connection, message_id: str) -> str:
    """The file, byte for byte as it was made.

    Raises:
        NotFound: No such file.
    """
    found = connection.scalar(
        select(tables.bank_files.c.content).where(tables.bank_files.c.message_id == message_id)
    )
    if found is None:
        raise NotFound("payment file", message_id)
    return str(found)


def listed(connection: Connection, most: int, sight: Sight) -> Sequence[Row[Any]]:
    """Files that officers of the counties seen have made, without their content, the newest first."""
    files = tables.bank_files
    shown = [column for column in files.c if column is not files.c.content]
    seen = files.c.made_by.in_(colleagues(sight))
    return connection.execute(select(*shown).where(seen).order_by(files.c.made_at.desc()).limit(most)).all()
