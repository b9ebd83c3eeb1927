"""Farmers' phones 设备密钥: registered with a session, given nonces, met again behind the records that they sign."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from backend.domain.capturing.signals import KEPT_FOR, Witness
from backend.domain.ids import ClaimId, FarmId, KeyId
from backend.store import tables
from backend.store.device_tables import device_farms, device_keys, device_nonces
from backend.store.farmer_tables import farmer_sessions

_MOST_NEAR = 20
"""A village agent reports fewer in two days; a farm in a plague more, and then its newest say enough."""


def register(
    connection: Connection, key_id: KeyId, public_key: bytes, session_id: UUID, nonce: str, at: datetime
) -> None:
    """Know this device from now on, and give it a nonce; again is fine, and gives it another one."""
    row = {"key_id": key_id, "public_key": public_key, "session_id": session_id, "registered_at": at}
    connection.execute(insert_or_not(device_keys).values(row).on_conflict_do_nothing())
    connection.execute(delete(device_nonces).where(device_nonces.c.issued_at < at - KEPT_FOR))
    connection.execute(insert_or_not(device_nonces).values(nonce=nonce, key_id=key_id, issued_at=at))


def meet(
    connection: Connection,
    key_id: KeyId,
    nonce: str | None,
    farm_id: FarmId,
    at: datetime,
    *,
    fits: Callable[[bytes], bool],
) -> Witness:
    """What is known of the device behind a record, which took a photo for this farm; *nonce* None: it had none.

    *fits* says whether the device's key signed it: whoever only names another's phone brings it to no farm.
    """
    known = select(device_keys.c.public_key).where(device_keys.c.key_id == key_id)
    public_key = connection.scalar(known)
    if public_key is None:
        return Witness(None, None, 0)
    if fits(bytes(public_key)):
        row = {"key_id": key_id, "farm_id": farm_id, "first_at": at}
        connection.execute(insert_or_not(device_farms).values(row).on_conflict_do_nothing())
    nonce_at = None
    if nonce is not None:
        given = (device_nonces.c.nonce == nonce, device_nonces.c.key_id == key_id)
        nonce_at = connection.scalar(select(device_nonces.c.issued_at).where(*given))
    farms = connection.scalar(
        select(func.count()).select_from(device_farms).where(device_farms.c.key_id == key_id)
    )
    return Witness(bytes(public_key), nonce_at, int(farms or 0))


def claims_near(connection: Connection, key_id: KeyId, since: datetime) -> tuple[ClaimId, ...]:
    """The newest claims since then of the farms that this device took photos for."""
    claims = tables.claims
    found = connection.scalars(
        select(claims.c.id)
        .join(device_farms, device_farms.c.farm_id == claims.c.farm_id)
        .where(device_farms.c.key_id == key_id, claims.c.reported_at >= since)
        .order_by(claims.c.reported_at.desc())
        .limit(_MOST_NEAR)
    )
    return tuple(ClaimId(one) for one in found)


def of_farm(connection: Connection, farm_id: FarmId) -> Sequence[Any]:
    """The phones that took photos for a farm: ``key_id`` and ``first_at``; the first one first."""
    return connection.execute(
        select(device_farms.c.key_id, device_farms.c.first_at)
        .where(device_farms.c.farm_id == farm_id)
        .order_by(device_farms.c.first_at, device_farms.c.key_id)
    ).all()


def forget_farm(connection: Connection, farm_id: FarmId) -> int:
    """Know no longer which phones were on a farm, nor those that were on no other; how many rows that were.

    The phone of somebody who reports for farmers stays known: it is theirs.
    """
    keys = connection.scalars(select(device_farms.c.key_id).where(device_farms.c.farm_id == farm_id)).all()
    connection.execute(delete(device_farms).where(device_farms.c.farm_id == farm_id))
    elsewhere = select(device_farms.c.key_id)
    agents = select(farmer_sessions.c.id).where(farmer_sessions.c.officer_id.is_not(None))
    alone = (
        device_keys.c.key_id.in_(keys),
        device_keys.c.key_id.not_in(elsewhere),
        device_keys.c.session_id.not_in(agents),
    )
    gone = connection.scalars(select(device_keys.c.key_id).where(*alone)).all()
    connection.execute(delete(device_nonces).where(device_nonces.c.key_id.in_(gone)))
    connection.execute(delete(device_keys).where(device_keys.c.key_id.in_(gone)))
    return len(keys) + len(gone)
