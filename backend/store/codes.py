"""One-time codes 验证码 for the farmer: bound to what they agree to, five tries each.

Six digits are soon tried out: what is kept of one is an HMAC under a key that is not in the database (``vault.py``).
"""

from hmac import compare_digest

from sqlalchemy import Connection, delete, insert, select, update

from backend.domain.ids import ClaimId
from backend.domain.words import CodePurpose
from backend.store import tables
from backend.store.vault import vault_of

MOST_WRONG_TRIES = 5
_COLUMN = "codes.code_hash"


def put(
    connection: Connection, claim_id: ClaimId, purpose: CodePurpose, bound_to: str, code_hash: str
) -> None:
    """Issue a code; an older one for the same purpose is worth nothing from now on."""
    codes = tables.codes
    kept = vault_of(connection).index(code_hash, _COLUMN)
    connection.execute(delete(codes).where(codes.c.claim_id == claim_id, codes.c.purpose == purpose))
    connection.execute(
        insert(codes),
        {"claim_id": claim_id, "purpose": purpose, "bound_to": bound_to, "code_hash": kept},
    )


def try_code(connection: Connection, claim_id: ClaimId, purpose: CodePurpose, code_hash: str) -> str | None:
    """What the right code is bound to; None for a wrong one, and after five wrong tries for any.

    A right code may be tried again: the retry of a request that was answered into nowhere.
    """
    codes = tables.codes
    is_it = (codes.c.claim_id == claim_id, codes.c.purpose == purpose)
    # Locked, or a hundred guesses at once would all be the first.
    row = connection.execute(select(codes).where(*is_it).with_for_update()).one_or_none()
    if row is None or row.wrong_tries >= MOST_WRONG_TRIES:
        return None
    if any(compare_digest(row.code_hash, one) for one in vault_of(connection).indexes(code_hash, _COLUMN)):
        return str(row.bound_to)
    connection.execute(update(codes).where(*is_it).values(wrong_tries=codes.c.wrong_tries + 1))
    return None
