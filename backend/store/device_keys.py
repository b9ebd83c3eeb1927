"""Farmers' phones 设备密钥: registered with a session, given nonces, met again behind the records that they sign."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from backend.domain.capturing.signals import KEPT_FOR, Witness
from backend.domain.ids import FarmId, KeyId
from backend.store.device_tables import device_farms, device_keys, device_nonces


def register(
    connection: Connection, key_id: KeyId, public_key: bytes, session_id: UUID, nonce: str, at: datetime
) -> None:
    """Know this device from now on, and give it a nonce; again is fine, and gives it another one."""
    row = {"key_id": key_id, "public_key": public_key, "session_id": session_id, "registered_at": at}
    connection.execute(insert_or_not(device_keys).values(row).on_conflict_do_nothing())
    connection.execute(delete(device_nonces).where(device_nonces.c.issued_at < at - KEPT_FOR))
    connection.execute(insert_or_not(device_nonces).values(nonce=nonce, key_id=key_id, issued_at=at))


def meet(connection: Connection, key_id: KeyId, nonce: str | None, farm_id: FarmId, at: datetime) -> Witness:
    """What is known of the device behind a record, which took a photo for this farm; *nonce* None: it had none."""
    known = select(device_keys.c.public_key).where(device_keys.c.key_id == key_id)
    public_key = connection.scalar(known)
    if public_key is None:
        return Witness(None, None, 0)
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
