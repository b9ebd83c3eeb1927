"""A farmer's rating 评价, and the service ticket that a bad one opens."""

from collections.abc import Iterator
from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import ClockName
from backend.domain.clocks.office_hours import NeverOpen
from backend.domain.commands import AssignTicket, CloseTicket, RateClaim
from backend.domain.decisions.facts import Facts
from backend.domain.events import Event
from backend.domain.ids import OfficerId
from backend.domain.parties import Actor
from backend.domain.policy import policy_day
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.ratings.events import ClaimRated
from backend.domain.ratings.problems import RatingStands
from backend.domain.ratings.terms import RatingTerms, terms_on
from backend.domain.ratings.voice import Answer
from backend.domain.ratings.words import HIGHEST, LEAST_LIKELY, LOWEST, MOST_LIKELY, RatedStage
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.tickets.owner import owner_of
from backend.domain.tickets.problems import NoSuchColleague, TicketIsClosed, TicketOfAnother, WordsNeeded
from backend.domain.tickets.ticket import Ticket, find
from backend.domain.words import ActorKind, LaneState


def rateable(claim: Claim) -> tuple[RatedStage, ...]:
    """The stages that are over for this claim, and so can be rated."""
    is_decided = not claim.open_lanes or claim.rejection is not None
    over = {
        RatedStage.REPORTING: True,
        RatedStage.CHECKING: claim.triaged_at is not None,
        RatedStage.DECIDING: is_decided,
        RatedStage.HANDOVER: claim.handover is not None,
        RatedStage.PAYMENT: claim.paid_at is not None,
    }
    return tuple(stage for stage in RatedStage if over[stage])


def is_recommendable(claim: Claim) -> bool:
    """Whether the farmer may be asked for a recommendation: once the money is there, or a person said no."""
    return claim.paid_at is not None or claim.rejection is not None


def may_change(answer: Answer | None, by: Actor, terms: RatingTerms, at: datetime) -> bool:
    """Whether somebody may give this figure now: where none stands, or where they may correct it."""
    return answer is None or answer.may_become(by, at, terms.change_within)


def repeats_rating(claim: Claim, command: RateClaim) -> bool:
    """Whether the same person says exactly what stands."""
    voice = claim.voice
    given: list[tuple[Answer | None, int]] = [
        (voice.scores.get(one.stage), one.score) for one in command.scores
    ]
    if command.recommend is not None:
        given.append((voice.recommend, command.recommend))
    is_said = command.words in {"", voice.words}
    return bool(given) and is_said and all(_is(answer, figure, command.by) for answer, figure in given)


def rate_claim(claim: Claim, command: RateClaim, facts: Facts, at: datetime) -> list[Event]:
    """Record a rating; where it is bad and no ticket is open, one is.

    What somebody else said, and this person could not change, stays theirs where it is merely said again.

    Raises:
        InvalidInput: A figure beyond its scale, a stage that is not over, or nothing at all.
        RatingStands: Somebody else said it before, or too long ago.
    """
    errors = tuple(_wrong(claim, command))
    if errors:
        raise InvalidInput("this rating cannot be kept", errors=errors)
    terms = terms_on(facts.clocks.timetable.ratings, policy_day(at))
    _require_changeable(claim, command, terms, at)
    rated = _own(claim, command, terms, at)
    is_nothing = not rated.scores and rated.recommend is None and not rated.words
    return [] if is_nothing else [rated, *_ticket(claim, command, terms, facts, at)]


def assign_ticket(claim: Claim, command: AssignTicket) -> list[Event]:
    """A ticket becomes an officer's.

    Raises:
        NotFound, TicketIsClosed: There is no such ticket that is open.
        NoSuchColleague: An officer of another office.
    """
    ticket = _open(claim, command.no)
    if command.to.organisation != command.officer.organisation:
        raise NoSuchColleague(f"{command.to.id} belongs to {command.to.organisation}")
    return [] if ticket.owner == command.to.id else [TicketAssigned(no=command.no, to=command.to.id)]


def close_ticket(claim: Claim, command: CloseTicket) -> list[Event]:
    """Whoever has the ticket says what was done.

    Raises:
        NotFound, TicketIsClosed: There is no such ticket that is open.
        TicketOfAnother: Somebody else has it, or nobody.
        WordsNeeded: The farmer is told in words.
    """
    ticket, words = _open(claim, command.no), command.words.strip()
    if ticket.owner != command.officer.id:
        raise TicketOfAnother(f"it is {ticket.owner}'s" if ticket.owner else "nobody has taken it yet")
    if not words:
        raise WordsNeeded("the farmer who rated badly reads what was done")
    return [TicketClosed(no=command.no, reason=command.reason, words=words, name=command.officer.name)]


def repeats_closing(claim: Claim, command: CloseTicket) -> bool:
    """Whether the ticket was closed by this officer in these very words."""
    return any(
        one.no == command.no
        and one.closing is not None
        and one.closing.by == command.officer.actor
        and (one.closing.closed.reason, one.closing.closed.words) == (command.reason, command.words.strip())
        for one in claim.tickets
    )


def _open(claim: Claim, no: int) -> Ticket:
    ticket = find(claim.tickets, no, claim.report.claim_id)
    if not ticket.is_open:
        raise TicketIsClosed(f"ticket {no} of {claim.report.number} is closed")
    return ticket


def _wrong(claim: Claim, command: RateClaim) -> Iterator[FieldError]:
    if not command.scores and command.recommend is None:
        yield FieldError("/scores", "rate at least one stage")
    over = rateable(claim)
    for one in command.scores:
        if one.stage not in over:
            yield FieldError(f"/scores/{one.stage}", "is not over yet")
        elif not LOWEST <= one.score <= HIGHEST:
            yield FieldError(f"/scores/{one.stage}", f"{one.score} is not between {LOWEST} and {HIGHEST}")
    if command.recommend is None:
        return
    if not is_recommendable(claim):
        yield FieldError("/recommend", "is asked once the money is there")
    elif not LEAST_LIKELY <= command.recommend <= MOST_LIKELY:
        yield FieldError("/recommend", f"{command.recommend} is not between {LEAST_LIKELY} and {MOST_LIKELY}")


def _require_changeable(claim: Claim, command: RateClaim, terms: RatingTerms, at: datetime) -> None:
    voice = claim.voice
    given = [(one.stage.value, voice.scores.get(one.stage), one.score) for one in command.scores]
    if command.recommend is not None:
        given.append(("recommend", voice.recommend, command.recommend))
    for name, answer, figure in given:
        if answer and answer.figure != figure and not may_change(answer, command.by, terms, at):
            raise RatingStands(f"{name} stands at {answer.figure} since {answer.since:%Y-%m-%d %H:%M} UTC")
    first, words = voice.words_by, command.words.strip()
    is_anothers = first is not None and first != command.by and command.by.kind is ActorKind.LINK
    if is_anothers and words not in {"", voice.words}:
        raise RatingStands("somebody else has written how it was: a link changes nobody's words")


def _own(claim: Claim, command: RateClaim, terms: RatingTerms, at: datetime) -> ClaimRated:
    """What this person adds: whoever could take over another's figure by repeating it could then change it."""
    voice, words = claim.voice, command.words.strip()

    def is_own(answer: Answer | None) -> bool:
        return answer is None or answer.by == command.by or may_change(answer, command.by, terms, at)

    return ClaimRated(
        scores=tuple(one for one in command.scores if is_own(voice.scores.get(one.stage))),
        recommend=command.recommend if is_own(voice.recommend) else None,
        words="" if voice.words_by != command.by and words == voice.words else words,
    )


def _ticket(
    claim: Claim, command: RateClaim, terms: RatingTerms, facts: Facts, at: datetime
) -> Iterator[TicketOpened]:
    """A ticket for what is bad now and was not said before; while one is open, it is about this too."""
    voice = claim.voice
    about = tuple(
        one.stage
        for one in command.scores
        if one.score <= terms.bad_at_most and not _stood(voice.scores.get(one.stage), one.score)
    )
    most = terms.bad_recommend_at_most
    said = command.recommend
    is_warned = said is not None and most is not None and said <= most and not _stood(voice.recommend, said)
    if claim.open_ticket is not None or not (about or is_warned):
        return
    yield TicketOpened(
        no=len(claim.tickets) + 1,
        about=about,
        recommend=said if is_warned else None,
        owner=owner_of(facts.candidates, _decided(claim)),
        due_at=_due_at(claim, facts, at),
    )


def _due_at(claim: Claim, facts: Facts, at: datetime) -> datetime | None:
    timetable = facts.clocks.timetable
    rows = timetable.on(policy_day(claim.reported_at))
    found = next((row for row in rows if row.clock is ClockName.TICKET), None)
    if found is None:
        return None
    try:
        return timetable.hours_of(found).after(at, found.length)
    except NeverOpen:
        # A timetable that shuts for months must not keep a farmer's voice out.
        return None


def _decided(claim: Claim) -> frozenset[OfficerId]:
    lanes = {
        record.decided.by
        for record in claim.lanes.values()
        if record.decided and record.state is not LaneState.OPEN
    }
    return frozenset(lanes | {OfficerId(one.by.id) for one in claim.assessments})


def _is(answer: Answer | None, figure: int, by: Actor) -> bool:
    return answer is not None and answer.figure == figure and answer.by == by


def _stood(answer: Answer | None, figure: int) -> bool:
    return answer is not None and answer.figure == figure
