"""Whose a new ticket is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backend.domain.ids import OfficerId


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service officer 服务官 of the insurer's office of the claim's county; ``open_tickets`` are theirs now."""

    officer: OfficerId
    level: int
    open_tickets: int


def owner_of(candidates: Sequence[Candidate], decided: Collection[OfficerId]) -> OfficerId | None:
    """Who answers a bad rating: of the lowest level that is there, whoever has the fewest tickets.

    Nobody answers for their own work where somebody else can: officers who *decided* on the claim come last.

    Args:
        candidates: Those who may be asked, none twice.
        decided: Officers who filled a lane of this claim or assessed it.
    """
    order = sorted(
        candidates, key=lambda one: (one.officer in decided, one.level, one.open_tickets, one.officer)
    )
    return order[0].officer if order else None
