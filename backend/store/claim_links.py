"""Links that read one claim until they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from backend.domain.ids import ClaimId
from backend.domain.problems import FieldError, InvalidInput, NotFound
from backend.store.farmer_tables import claim_links

_LINKS = claim_links.c


@dataclass(frozen=True, slots=True)
class Link:
    """A link and the claim that it reads."""

    id: UUID
    claim_id: ClaimId


def put(
    connection: Connection, link: Link, token_hash: str, made_by: str, at: datetime, until: datetime
) -> None:
    """Let whoever has this token read the claim for a while.

    Raises:
        InvalidInput: Another link has it: its seed was used before.
    """
    if connection.scalar(select(_LINKS.id).where(claim_links.c.token_hash == token_hash)) is not None:
        errors = [FieldError("/seed", "was used before: take a fresh random one")]
        raise InvalidInput("the link cannot be made", errors=errors)
    row = {
        "id": link.id,
        "claim_id": link.claim_id,
        "token_hash": token_hash,
        "made_by": made_by,
        "made_at": at,
        "ends_at": until,
    }
    connection.execute(insert(claim_links), row)


def link_of(connection: Connection, token_hash: str, at: datetime) -> Link | None:
    """The link with this token, while it lasts."""
    row = connection.execute(
        select(_LINKS.id, _LINKS.claim_id).where(
            claim_links.c.token_hash == token_hash, _LINKS.ends_at > at, _LINKS.ended_at.is_(None)
        )
    ).one_or_none()
    return None if row is None else Link(row.id, ClaimId(row.claim_id))


def of_claim(connection: Connection, claim_id: ClaimId, most: int) -> Sequence[Row[Any]]:
    """A claim's links, the newest first, ended ones too."""
    listed = select(claim_links).where(_LINKS.claim_id == claim_id)
    return connection.execute(listed.order_by(_LINKS.made_at.desc(), _LINKS.id).limit(most)).all()


def end(connection: Connection, claim_id: ClaimId, link_id: UUID, by: str, at: datetime) -> None:
    """The link reads nothing from now on; one that has ended stays so.

    Raises:
        NotFound: The claim has no such link.
    """
    is_it = (_LINKS.id == link_id, _LINKS.claim_id == claim_id)
    if connection.scalar(select(_LINKS.id).where(*is_it)) is None:
        raise NotFound("link", link_id)
    connection.execute(
        update(claim_links).where(*is_it, _LINKS.ended_at.is_(None)).values(ended_at=at, ended_by=by)
    )
