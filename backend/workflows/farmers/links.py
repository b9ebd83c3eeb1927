"""Links that read one claim 只读链接: a farmer passes them to family, a village office or a bank."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.domain.ids import ClaimId
from backend.store import claim_links
from backend.store.claim_links import Link
from backend.store.engine import Transaction
from backend.workflows.secrets import token_from, token_hash


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is to be made: its token follows from the seed, so that a retry makes the same one."""

    id: UUID
    claim_id: ClaimId
    seed: str
    ends_at: datetime

    @property
    def token(self) -> str:
        """What the holder reads with."""
        return token_from(self.seed, "link", str(self.claim_id))


def make(connection: Transaction, new: NewLink, by: str, at: datetime) -> None:
    """Let the holder of the link read the claim until it ends."""
    link = Link(new.id, new.claim_id)
    claim_links.put(connection, link, token_hash(new.token), by, at, new.ends_at)
