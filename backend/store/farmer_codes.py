"""One-time codes 验证码 to contact phones: bound to number and request, five tries each, used once.

Kept as an HMAC under a key that is not in the database, as the codes of claims are (``codes.py``).
"""

from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from backend.domain.ids import FarmId
from backend.domain.sign_in.codes import MOST_TRIES
from backend.domain.sign_in.words import CodeFor
from backend.store.farmer_tables import farmer_codes
from backend.store.vault import vault_of

_COLUMN = "farmer_codes.code_hash"


def put(
    connection: Connection, request_id: UUID, purpose: CodeFor, farm_id: FarmId | None, ends_at: datetime
) -> bool:
    """Note that a code was asked for, also by a number that is nobody's; False where this request is known already."""
    row = {
        "request_id": request_id,
        "purpose": purpose,
        "farm_id": farm_id,
        "code_hash": None,
        "wrong_tries": 0,
        "ends_at": ends_at,
    }
    # Not by the count of rows, which PostgreSQL's driver does not give for an insert.
    added = connection.scalar(
        insert_or_not(farmer_codes)
        .values(row)
        .on_conflict_do_nothing(index_elements=[farmer_codes.c.request_id])
        .returning(farmer_codes.c.request_id)
    )
    return added is not None


def keep(connection: Connection, request_id: UUID, code_hash: str, at: datetime) -> bool:
    """The code that is about to be sent, instead of one sent before; False where nobody waits for it any more."""
    is_it = (farmer_codes.c.request_id == request_id, farmer_codes.c.ends_at > at)
    kept = vault_of(connection).index(code_hash, _COLUMN)
    done = connection.execute(update(farmer_codes).where(*is_it).values(code_hash=kept))
    return bool(done.rowcount)


def spend(connection: Connection, request_id: UUID, purpose: CodeFor, code_hash: str, at: datetime) -> bool:
    """Whether this is the code, which is then worth nothing any more; five wrong tries end it.

    A wrong try counts with the transaction: whoever refuses it commits all the same.
    """
    codes = farmer_codes.c
    # Locked, or a hundred guesses at once would all be the first.
    row = connection.execute(
        select(farmer_codes).where(codes.request_id == request_id).with_for_update()
    ).one_or_none()
    if row is None or row.purpose != purpose or row.ends_at <= at or row.wrong_tries >= MOST_TRIES:
        return False
    could_be = vault_of(connection).indexes(code_hash, _COLUMN)
    is_right = any(compare_digest(row.code_hash or "", one) for one in could_be)
    became = {"code_hash": None, "ends_at": at} if is_right else {"wrong_tries": codes.wrong_tries + 1}
    connection.execute(update(farmer_codes).where(codes.request_id == request_id).values(became))
    return is_right


def end_of_farm(connection: Connection, farm_id: FarmId, at: datetime) -> None:
    """The farm's phone is another one: what was sent to the former opens nothing."""
    is_open = (farmer_codes.c.farm_id == farm_id, farmer_codes.c.ends_at > at)
    connection.execute(update(farmer_codes).where(*is_open).values(code_hash=None, ends_at=at))


def forget_old(connection: Connection, before: datetime) -> None:
    """Drop codes that ended before this."""
    connection.execute(delete(farmer_codes).where(farmer_codes.c.ends_at < before))
