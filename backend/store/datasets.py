"""Labelled claims, and which of their photos left the installation for training."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, text

from backend.domain.events import ConsentWithdrawn
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.words import State
from backend.store import events, tables

_AGREED = (
    *(State.OFFERED, State.ACCEPTED, State.PAYABLE, State.PAYING),
    *(State.PAYMENT_UNKNOWN, State.PAYMENT_FAILED, State.PAID, State.CLOSED),
)
_IS_LABEL = text("type = 'photo-labelled'")


@dataclass(frozen=True, slots=True)
class Left:
    """A photo that was exported, and whose consent has been withdrawn since."""

    claim_number: str
    photo_id: PhotoId
    exported_at: datetime
    folder: str

    def as_json(self) -> dict[str, object]:
        """For ``model dataset export --json``."""
        return {
            "claim": self.claim_number,
            "photo": self.photo_id,
            "exported_at": self.exported_at.isoformat(),
            "folder": self.folder,
        }


def labelled_claims(connection: Connection) -> Sequence[ClaimId]:
    """Claims with a label, in the order in which they were reported."""
    claims = tables.claims
    labelled = select(tables.events.c.claim_id).where(_IS_LABEL)
    found = (
        select(claims.c.id).where(claims.c.id.in_(labelled)).order_by(claims.c.reported_at, claims.c.number)
    )
    return [ClaimId(claim_id) for claim_id in connection.scalars(found)]


def past_claims(connection: Connection, most: int) -> Sequence[ClaimId]:
    """The newest claims of which somebody said what is on their photos: labelled, or agreed to by all three lanes."""
    claims = tables.claims
    labelled = select(tables.events.c.claim_id).where(_IS_LABEL)
    found = (
        select(claims.c.id)
        .where(or_(claims.c.state.in_(_AGREED), claims.c.id.in_(labelled)))
        .order_by(claims.c.number.desc())
        .limit(most)
    )
    return [ClaimId(claim_id) for claim_id in connection.scalars(found)]


def record_export(
    connection: Connection,
    *,
    by: str,
    at: datetime,
    folder: str,
    digest: str,
    photos: Iterable[tuple[ClaimId, PhotoId]],
) -> bool:
    """Write down which photos leave; False where this folder held exactly these already."""
    exports = tables.dataset_exports
    last = select(exports.c.digest).where(exports.c.folder == folder).order_by(exports.c.id.desc()).limit(1)
    if connection.scalar(last) == digest:
        return False
    row = {"at": at, "by": by, "folder": folder, "digest": digest}
    export_id = connection.execute(insert(exports).returning(exports.c.id), row).scalar_one()
    left = [{"export_id": export_id, "claim_id": claim, "photo_id": photo} for claim, photo in photos]
    if left:
        connection.execute(insert(tables.dataset_export_photos), left)
    return True


def withdrawn_since(connection: Connection) -> tuple[Left, ...]:
    """Exported photos whose claim's consent does not stand any more, in the order in which they left."""
    gone, exports = tables.dataset_export_photos, tables.dataset_exports
    once = (
        select(gone.c.claim_id)
        .distinct()
        .join(tables.events, tables.events.c.claim_id == gone.c.claim_id)
        .where(tables.events.c.type == ConsentWithdrawn.type)
    )
    # Given again after all: the claim says so.
    withdrawn = [
        one for one in connection.scalars(once) if not events.load(connection, ClaimId(one)).photos_may_teach
    ]
    rows = connection.execute(
        select(tables.claims.c.number, gone.c.photo_id, exports.c.at, exports.c.folder)
        .join(gone, gone.c.claim_id == tables.claims.c.id)
        .join(exports, exports.c.id == gone.c.export_id)
        .where(gone.c.claim_id.in_(withdrawn))
        .order_by(exports.c.id, tables.claims.c.number, gone.c.photo_id)
    )
    return tuple(Left(row.number, PhotoId(row.photo_id), row.at, row.folder) for row in rows)
