"""One service ticket as it stands."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.ids import ClaimId, OfficerId
from backend.domain.parties import Actor
from backend.domain.problems import NotFound
from backend.domain.tickets.events import TicketClosed, TicketOpened


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended, when, and by whom."""

    closed: TicketClosed
    at: datetime
    by: Actor


@dataclass(frozen=True, slots=True)
class Ticket:
    """服务工单: ``owner`` is whose it is now."""

    opened: TicketOpened
    opened_at: datetime
    owner: OfficerId | None
    closing: Closing | None = None

    @property
    def no(self) -> int:
        """Counts the claim's tickets from 1."""
        return self.opened.no

    @property
    def is_open(self) -> bool:
        """Whether the farmer still waits for an answer."""
        return self.closing is None

    def is_late(self, at: datetime) -> bool:
        """Closed after it was due, or still open by then."""
        due, ended = self.opened.due_at, self.closing.at if self.closing else at
        return due is not None and ended > due


def ticket_name(number: str, no: int) -> str:
    """What people call it, such as ``FC-20261123-0042-T1``."""
    return f"{number}-T{no}"


def claim_and_no(name: str) -> tuple[str, int]:
    """The claim's number (or id) and the ticket's own number in it, from its name.

    Raises:
        NotFound: No ticket is called so.
    """
    claim, _, no = name.rpartition("-T")
    if not claim or not no.isascii() or not no.isdigit() or len(no) > 4:  # noqa: PLR2004 - no claim has ten thousand
        raise NotFound("ticket", name)
    return claim, int(no)


def find(tickets: tuple[Ticket, ...], no: int, claim_id: ClaimId) -> Ticket:
    """The ticket with this number.

    Raises:
        NotFound: The claim has none.
    """
    found = next((one for one in tickets if one.no == no), None)
    if found is None:
        raise NotFound("ticket", f"{claim_id}-T{no}")
    return found
