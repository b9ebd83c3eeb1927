"""Who may be given a service ticket."""

from datetime import datetime

from backend.domain.ids import OfficerId
from backend.domain.parties import Officer
from backend.domain.problems import NotFound
from backend.domain.tickets.problems import NoSuchColleague
from backend.store import people
from backend.store.engine import Transaction


def colleague_for(connection: Transaction, by: Officer, name: OfficerId, at: datetime) -> Officer:
    """The officer of one's own office who is to have a ticket.

    Raises:
        NoSuchColleague: Nobody of the office, or suspended.
    """
    try:
        found = people.officer(connection, name)
    except NotFound as unknown:
        raise NoSuchColleague(unknown.detail) from unknown
    suspended = people.suspended_at(connection, name)
    if found.organisation != by.organisation:
        # Not whose officer it is: that is nobody's business outside their office.
        raise NoSuchColleague(f"no officer {name} in your office")
    if suspended is not None and suspended <= at:
        raise NoSuchColleague(f"{name} is suspended")
    return found
