"""Builders of ratings and tickets for tests."""

from backend.domain import commands as c
from backend.domain.parties import Actor, Officer
from backend.domain.ratings.events import StageScore
from backend.domain.ratings.words import RatedStage
from backend.domain.tickets.words import ClosingReason
from backend.domain.words import ActorKind, Lane
from tests.builders import FARMER, an_officer

SERVICE = an_officer(Lane.INSURER, name="he")
HOLDER = Actor(ActorKind.LINK, "link-1")


def a_rating(
    *, by: Actor = FARMER, recommend: int | None = None, words: str = "", **scores: int
) -> c.RateClaim:
    """``a_rating(reporting=5)``; a bad one of the report where nothing is said."""
    if not scores and recommend is None:
        scores = {"reporting": 1}
    given = tuple(StageScore(RatedStage(stage), score) for stage, score in scores.items())
    return c.RateClaim(by=by, scores=given, recommend=recommend, words=words)


def taking(officer: Officer = SERVICE, *, no: int = 1, to: Officer | None = None) -> c.AssignTicket:
    """The officer takes the ticket, or gives it to somebody."""
    return c.AssignTicket(officer=officer, no=no, to=to or officer)


def closing(
    officer: Officer = SERVICE, *, no: int = 1, words: str = "called, and explained the sum"
) -> c.CloseTicket:
    """The officer closes the ticket."""
    return c.CloseTicket(officer=officer, no=no, reason=ClosingReason.EXPLAINED, words=words)
