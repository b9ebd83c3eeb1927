"""Where a page of a list of tickets ended: the list goes on behind it, whatever became of that ticket since."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.tickets.ticket import ticket_name

_WRITTEN = re.compile(r"([0-9]{1,17}|none)~(FC-[0-9-]{1,17})-T([0-9]{1,4})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TicketPlace:
    """What tickets are listed by: when they are due (None: never, and last), then the claim's number and their own."""

    due_at: datetime | None
    number: str
    no: int

    def __str__(self) -> str:
        """As it stands in an address: microseconds of the Unix epoch, and the ticket's name."""
        due = "none" if self.due_at is None else (self.due_at - _EPOCH) // timedelta(microseconds=1)
        return f"{due}~{ticket_name(self.number, self.no)}"

    @classmethod
    def parse(cls, text: str) -> "TicketPlace":
        """The place that is written so.

        Raises:
            InvalidInput: None is.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            errors = [FieldError("/after", "is no place in this list: take next of the page before")]
            raise InvalidInput("the list cannot go on there", errors=errors)
        due, number, no = found.groups()
        due_at = None if due == "none" else _EPOCH + timedelta(microseconds=int(due))
        return cls(due_at, number, int(no))
