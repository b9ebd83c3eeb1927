"""What happens to a service ticket, as it is recorded on its claim."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from backend.domain.ids import OfficerId
from backend.domain.ratings.words import RatedStage
from backend.domain.tickets.words import ClosingReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened:
    """工单开立: a bad rating has to be answered.

    Attributes:
        no: Counts the claim's tickets from 1.
        about: Stages that were rated badly; empty where the recommendation alone was bad.
        recommend: The bad recommendation, None where it was not bad.
        owner: Whose it is; None where the county has no service officer of the insurer's.
        due_at: By when it has to be closed; None where the timetable says nothing.
    """

    type: ClassVar[str] = "ticket-opened"
    no: int
    about: tuple[RatedStage, ...]
    recommend: int | None
    owner: OfficerId | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAssigned:
    """工单转派: whoever acts took it, or gave it to a colleague."""

    type: ClassVar[str] = "ticket-assigned"
    no: int
    to: OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClosed:
    """工单办结: what was done, in a word and in words; ``name`` is of whoever did it, for the farmer to read."""

    type: ClassVar[str] = "ticket-closed"
    no: int
    reason: ClosingReason
    words: str
    name: str
