"""What people are shown of the audit log: the last checkpoint, who stands by it, and how old it is."""

import base64
from datetime import datetime

from sqlalchemy import Connection

from backend.domain.merkle.problems import NotInLogYet
from backend.domain.plain import moment
from backend.store import audit_checkpoints, audit_log, signing_keys
from backend.store.audit_checkpoints import Cosigned, Signed
from backend.store.signing_keys import PublicKey

Document = dict[str, object]


def checkpoint_document(connection: Connection, now: datetime) -> Document:
    """The newest checkpoint with the installation's signature, and each office's last co-signature.

    Raises:
        NotInLogYet: There is no checkpoint yet.
    """
    signed = audit_checkpoints.newest(connection)
    if signed is None:
        raise NotInLogYet("no checkpoint has been signed yet")
    return {
        "installation": signed.checkpoint.installation,
        "checkpoint": signed_document(signed),
        "age_seconds": max(0.0, round((now - signed.checkpoint.at).total_seconds(), 3)),
        "events_since": audit_log.size(connection) - signed.checkpoint.size,
        "cosigned": [
            cosigned_document(one)
            | {
                "events_behind": signed.checkpoint.size - one.size,
                "age_seconds": max(0.0, round((now - one.at).total_seconds(), 3)),
            }
            for one in audit_checkpoints.last_of_each(connection)
        ],
        "keys": [key_document(one) for one in signing_keys.every(connection)],
    }


def signed_document(signed: Signed) -> Document:
    """A checkpoint as it is kept and compared."""
    made = signed.checkpoint
    return {
        "size": made.size,
        "root": made.root,
        "at": moment(made.at),
        "key_id": signed.signature.key_id,
        "signature": signed.signature.value,
    }


def cosigned_document(one: Cosigned) -> Document:
    """An office's word for a checkpoint."""
    return {
        "size": one.size,
        "organisation": one.organisation,
        "lane": one.lane,
        "officer": one.officer,
        "key_id": one.signature.key_id,
        "signature": one.signature.value,
        "at": moment(one.at),
    }


def key_document(key: PublicKey) -> Document:
    """A key of the installation."""
    return {
        "key_id": key.key_id,
        "public_key": base64.b64encode(key.public_key).decode(),
        "began_at": moment(key.began_at),
        "ended_at": None if key.ended_at is None else moment(key.ended_at),
        "introduced_by": key.introduction.key_id if key.introduction else None,
        "introduction": key.introduction.value if key.introduction else None,
    }
