"""The installation's own key: made at the first start, refused when it is not the recorded one, replaced on demand."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from backend.adapters.signing_key import (
    FolderKey,
    KeyUnreadable,
    find_key,
    id_of,
    make_key,
    next_key,
    prepare_next,
    use_next,
)
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import KeyId
from backend.domain.installation_key import introduction_document
from backend.store import signing_keys
from backend.store.engine import DatabaseEngine, Transaction
from backend.store.signing_keys import PublicKey

OVERLAP = timedelta(minutes=1)
"""Servers that run go on with the former key until they see the new file: so long both are good."""


class SigningKeyUnusable(Exception):
    """The installation cannot sign: its key is gone, broken, or another than the database knows."""


def open_signing_key(engine: DatabaseEngine, folder: Path, at: datetime) -> FolderKey:
    """The installation's key; made and recorded where the installation has none yet.

    Raises:
        SigningKeyUnusable: The database knows a key that is not in *folder*.
    """
    try:
        return _opened(engine, folder, at)
    except (OSError, KeyUnreadable) as broken:
        raise SigningKeyUnusable(f"the signing key cannot be read: {_why(broken)}") from broken


def rotate_signing_key(engine: DatabaseEngine, folder: Path, at: datetime, *, is_lost: bool = False) -> KeyId:
    """Give the installation a new key, and return its id; what the former one signed stays valid.

    Servers may run: they take the new key into use when they see its file. Broken off and repeated, it goes on.

    Args:
        engine: Where public halves are recorded.
        folder: Where the private one is kept.
        at: From when the new key is good.
        is_lost: The former key is gone, so that it cannot vouch for the new one: everybody who keeps checkpoints is
            told so.

    Raises:
        SigningKeyUnusable: The former key is not in *folder*, and nobody said that it is lost.
    """
    current = _current(engine)
    try:
        former = None if is_lost else _opened(engine, folder, at)
        public = prepare_next(folder)
    except (OSError, KeyUnreadable) as broken:
        raise SigningKeyUnusable(f"the signing key cannot be read: {_why(broken)}") from broken
    key = PublicKey(id_of(public), public, at, None)
    if current and former:
        document = introduction_document(
            former=current.key_id, key_id=key.key_id, public_key=base64.b64encode(public).decode(), at=at
        )
        key = replace(key, introduction=former.sign(document))

    def work(connection: Transaction) -> None:
        if current:
            signing_keys.end(connection, current.key_id, at + OVERLAP)
        signing_keys.put(connection, key)

    engine.write(work).result()
    use_next(folder)
    return key.key_id


def _opened(engine: DatabaseEngine, folder: Path, at: datetime) -> FolderKey:
    current = _current(engine)
    laid_ready = next_key(folder)
    if current and laid_ready == current.public_key:
        # A rotation broke off after it was recorded.
        use_next(folder)
    found = find_key(folder)
    if current is None:
        return _recorded(engine, found or make_key(folder), at)
    if found is None:
        raise SigningKeyUnusable(f"key {current.key_id} signs for this installation, and {folder} holds none")
    if found.public_key != current.public_key:
        held = id_of(found.public_key)
        raise SigningKeyUnusable(f"key {current.key_id} signs for this installation, {folder} holds {held}")
    return found


def _recorded(engine: DatabaseEngine, key: FolderKey, at: datetime) -> FolderKey:
    public = key.public_key

    def work(connection: Transaction) -> None:
        # Another process may have been first; it found the same file.
        if not any(one.public_key == public for one in signing_keys.every(connection)):
            signing_keys.put(connection, PublicKey(id_of(public), public, at, None))

    engine.write(work).result()
    return key


def _current(engine: DatabaseEngine) -> PublicKey | None:
    known = engine.read(signing_keys.every, EVERYWHERE)
    return next((one for one in reversed(known) if one.ended_at is None), None)


def _why(broken: OSError | KeyUnreadable) -> str:
    return broken.detail if isinstance(broken, KeyUnreadable) else str(broken)
