"""What refuses each command, as docs/states.md tells it: every refusal is reached, and no command knows another."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import get_args

import pytest

from backend.domain import commands as c
from backend.domain import problems as p
from backend.domain.assistance.problems import AssistedByYou
from backend.domain.duties import problems as d
from backend.domain.duties.offices import Offices
from backend.domain.duties.words import TieKind
from backend.domain.elsewhere import Elsewhere, Together
from backend.domain.ids import OfficerId, OrganisationId, PayoutId
from backend.domain.parties import Officer
from backend.domain.ratings.problems import RatingStands
from backend.domain.tickets import problems as t
from backend.domain.visits.problems import NothingToVisit, NoVisitUnderWay
from backend.domain.visits.words import VisitEnd
from backend.domain.words import HoldKind, Lane, State
from scripts.generate_docs import refusals_of
from tests.builders import (
    CLAIM_ID,
    a_digest,
    a_flag_judgement,
    a_hold,
    a_label,
    a_photo_id,
    a_release,
    a_report,
    a_retry,
    a_scene,
    acceptance,
    an_officer,
    assessment,
    certificate,
    checked,
    decision,
    evidence,
    facts,
    handover,
    received,
    rejection,
)
from tests.stories import Story, a_story, a_story_in
from tests.voices import HOLDER, a_rating, closing, taking

Refused = Callable[[], tuple[Story, c.Command]]
NOBODYS = PayoutId(CLAIM_ID)
NEIGHBOUR = OrganisationId("org-next-county")
VET = an_officer(Lane.VETERINARY)
STRANGER = an_officer(Lane.VETERINARY, name="zhao", organisation=NEIGHBOUR)
OTHER = replace(HOLDER, id="link-2")
MISCOUNT = "COUNT_MISMATCH:"
AT_HOME = Offices(home=frozenset({VET.organisation}), asked=Lane.VETERINARY)


def told(story: Story, command: Callable[[Story], c.Command]) -> tuple[Story, c.Command]:
    return story, command(story)


def in_review(command: Callable[[Story], c.Command]) -> Refused:
    return lambda: told(a_story(), command)


def in_state(state: State, command: Callable[[Story], c.Command]) -> Refused:
    return lambda: told(a_story_in(state), command)


def after(first: Callable[[Story], c.Command], then: Callable[[Story], c.Command]) -> Refused:
    """In review, once something was done first."""

    def refused() -> tuple[Story, c.Command]:
        story = a_story()
        story.give(first(story))
        return story, then(story)

    return refused


def approve(story: Story, **changes: object) -> c.DecideLane:
    return replace(decision(story.claim, Lane.VETERINARY), **changes)  # type: ignore[arg-type]


def unknown_weight(command: Callable[[Story], c.Command]) -> Refused:
    return lambda: told(a_story(report=a_report("95", None), approved_by=()), command)


def worthless(command: Callable[[Story], c.Command]) -> Refused:
    return lambda: told(a_story(report=a_report("15", "15")), command)


def insurer_approves(story: Story) -> c.Command:
    return decision(story.claim, Lane.INSURER)


def someone_of_the_insurer_in_another_lane(story: Story) -> c.Command:
    story.give(decision(story.claim, Lane.INSURER))
    return approve(story, officer=an_officer(Lane.VETERINARY, organisation="org-insurer"))


def handed_over_then(command: Callable[[Story], c.Command]) -> Refused:
    return after(lambda _: handover(), command)


def where(
    offices: Offices, command: Callable[[Story], c.Command], state: State = State.JOINT_REVIEW
) -> Refused:
    """Where the registers say so of whoever gives the command."""

    def refused() -> tuple[Story, c.Command]:
        story = a_story_in(state)
        story.facts = replace(story.facts, offices=offices)
        return story, command(story)

    return refused


def tied(command: Callable[[Story], c.Command], state: State = State.JOINT_REVIEW) -> Refused:
    return where(Offices(tie=TieKind.RELATIVE), command, state)


def reported_by(
    officer: Officer, command: Callable[[Story], c.Command], state: State = State.JOINT_REVIEW
) -> Refused:
    """Whoever gives the command had reported for the farmer."""
    held = facts(sightings={a_photo_id(): ("FC-20261120-0009",)}) if state is State.TRIAGED else None
    return lambda: told(a_story(report=a_report(by=officer.actor), world=held), command)


def met_too_often_then(command: Callable[[Story], c.Command]) -> Refused:
    """The triage found that this officer and one collector had met on most of the farm's claims."""
    pair = Together(VET.id, OfficerId("shi"), claims=5, of=5, officers=2)
    return lambda: told(a_story(world=facts(elsewhere=Elsewhere(together=pair))), command)


def miscounted(command: Callable[[Story], c.Command]) -> Refused:
    return lambda: told(a_story(scene=a_scene(7)), command)


def recused_then(command: Callable[[Story], c.Command], state: State = State.JOINT_REVIEW) -> Refused:
    """Whoever gives the command had stepped back."""

    def refused() -> tuple[Story, c.Command]:
        story = a_story_in(state)
        asked = command(story)
        story.give(recusal(asked.officer))  # type: ignore[arg-type, union-attr]
        return story, asked

    return refused


def recusal(officer: Officer = VET, reason: str = "my brother's farm") -> c.Recuse:
    return c.Recuse(officer=officer, reason=reason)


def delegation(officer: Officer = VET, reason: str = "our vet is ill") -> c.DelegateLane:
    return c.DelegateLane(officer=officer, lane=Lane.VETERINARY, to=NEIGHBOUR, reason=reason)


def assignment(officer: Officer | None = None, reason: str = "on leave") -> c.AssignLane:
    """To somebody who is not there: no story here says otherwise."""
    return c.AssignLane(officer=officer or an_officer(Lane.INSURER), to=OfficerId("li"), reason=reason)


def nudged_a_minute_ago(story: Story) -> c.Command:
    asked = c.Nudge(officer=an_officer(Lane.INSURER))
    story.facts = replace(story.facts, holders=(VET.id,))
    story.give(asked, after=timedelta(minutes=1))
    return asked


def here(story: Story) -> Story:
    """The story of somebody whose office is of the claim's county."""
    story.facts = replace(story.facts, office_county=story.claim.report.policy.county)
    return story


def a_survey(_: Story) -> c.StartVisit:
    return c.StartVisit(officer=an_officer(Lane.INSURER))


def surveyor_who_stepped_back(story: Story) -> c.Command:
    story.give(c.Recuse(officer=an_officer(Lane.INSURER), reason="my brother's farm"))
    return a_survey(story)


def visited(command: Callable[[Story], c.Command], state: State = State.JOINT_REVIEW) -> Refused:
    return lambda: told(here(a_story_in(state)), command)


def neighbour_who_was_asked_names_nobody(story: Story) -> c.Command:
    story.give(delegation())
    return approve(story, officer=STRANGER)


def certified_then(command: Callable[[Story], c.Command]) -> Refused:
    def refused() -> tuple[Story, c.Command]:
        story = a_story(handed_over=True)
        story.give(certificate())
        return story, command(story)

    return refused


def taken_then(command: Callable[[Story], c.Command]) -> Refused:
    """A bad rating's ticket is somebody's."""

    def refused() -> tuple[Story, c.Command]:
        story = a_story()
        for before in (a_rating(), taking()):
            story.give(before)
        return story, command(story)

    return refused


def answered_then(command: Callable[[Story], c.Command]) -> Refused:
    """And it has been closed."""

    def refused() -> tuple[Story, c.Command]:
        story, _ = taken_then(command)()
        story.give(closing())
        return story, command(story)

    return refused


def nobodys_payout(kind: type[c.Command], **more: object) -> Callable[[Story], c.Command]:
    return lambda _: kind(payout_id=NOBODYS, **more)  # type: ignore[call-arg]


def late(story: Story, command: c.Command) -> c.Command:
    """The bank's memory of keys is over."""
    story.at += 2 * story.facts.clocks.bank_key_memory
    return command


REFUSED: Mapping[tuple[type[c.Command], type[p.Problem]], Refused] = {
    (c.Report, p.InvalidInput): lambda: (Story(), a_report(heads=0, animals=())),
    (c.ReceivePhoto, p.PhotoNotAnnounced): in_review(lambda _: received("nobody's")),
    (c.AddEvidence, p.InvalidInput): in_review(lambda _: evidence()),
    (c.RecordPhotoChecks, p.PhotoNotAnnounced): in_review(lambda _: checked("nobody's")),
    (c.Assess, p.WrongLane): in_review(
        lambda _: replace(assessment("95"), officer=an_officer(Lane.VETERINARY))
    ),
    (c.Assess, p.InvalidInput): in_review(lambda _: assessment("-1")),
    (c.Assess, p.ReasonNeeded): in_review(lambda _: assessment("95", reason=" ")),
    (c.Assess, p.HandoverMissing): in_review(lambda _: replace(assessment("95"), from_handover=True)),
    (c.Assess, d.OfficerHasRecused): recused_then(lambda _: assessment("95")),
    (c.Assess, d.TiedToFarm): tied(lambda _: assessment("95")),
    (c.Assess, AssistedByYou): reported_by(an_officer(Lane.INSURER), lambda _: assessment("95")),
    (c.DecideLane, p.WrongLane): in_review(lambda story: approve(story, officer=an_officer(Lane.INSURER))),
    (c.DecideLane, p.OnePersonOneLane): in_review(someone_of_the_insurer_in_another_lane),
    (c.DecideLane, p.ClaimOnHold): in_state(State.TRIAGED, approve),
    (c.DecideLane, p.StaleApproval): in_review(lambda story: approve(story, evidence_hash=a_digest("older"))),
    (c.DecideLane, p.LaneAlreadyDecided): after(
        approve, lambda story: approve(story, officer=an_officer(Lane.VETERINARY, name="zhao"))
    ),
    (c.DecideLane, p.OfferIncomplete): unknown_weight(insurer_approves),
    (c.DecideLane, p.NothingToPay): worthless(insurer_approves),
    (c.DecideLane, p.NoteNeeded): worthless(lambda story: approve(story, note="")),
    (c.DecideLane, p.ReasonNeeded): in_review(lambda story: rejection(story.claim, reason_code=None)),
    (c.DecideLane, d.OfficerHasRecused): recused_then(approve),
    (c.DecideLane, d.TiedToFarm): tied(approve),
    (c.DecideLane, AssistedByYou): reported_by(VET, approve),
    (c.DecideLane, d.SecondLookNeeded): met_too_often_then(approve),
    (c.DecideLane, d.AnotherOfficesPart): where(AT_HOME, lambda story: approve(story, officer=STRANGER)),
    (c.DecideLane, d.OfficeNotNamed): where(AT_HOME, neighbour_who_was_asked_names_nobody),
    (c.AcceptOffer, p.OfferChanged): in_review(
        lambda story: replace(acceptance(story.claim), offer_hash=a_digest("older"))
    ),
    (c.AcceptOffer, p.OfferIncomplete): unknown_weight(lambda story: acceptance(story.claim)),
    (c.AcceptOffer, p.NothingToPay): worthless(lambda story: acceptance(story.claim)),
    (c.RecordHandover, p.NotAllowed): in_review(
        lambda _: replace(handover(), collector=an_officer(Lane.INSURER))
    ),
    (c.RecordHandover, AssistedByYou): reported_by(an_officer(None), lambda _: handover()),
    (c.RecordHandover, p.InvalidInput): in_review(lambda _: replace(handover(), weight_kg=Decimal(-1))),
    (c.RecordHandover, p.HandoverAlreadyRecorded): handed_over_then(lambda _: handover(receipt="R-2")),
    (c.IssueCertificate, p.NotAllowed): handed_over_then(
        lambda _: replace(certificate(), officer=an_officer(Lane.INSURER))
    ),
    (c.IssueCertificate, p.HandoverMissing): in_review(lambda _: certificate()),
    (c.IssueCertificate, p.InvalidInput): handed_over_then(lambda _: certificate(7)),
    (c.IssueCertificate, p.CertificateAlreadyRecorded): certified_then(lambda _: certificate(number="C-2")),
    (c.LabelPhoto, p.NotAllowed): in_review(lambda _: a_label(lane=None)),
    (c.LabelPhoto, p.InvalidInput): in_review(lambda _: a_label(heads=-1)),
    (c.JudgeFlag, p.WrongLane): in_review(lambda _: a_flag_judgement(MISCOUNT, lane=Lane.VETERINARY)),
    (c.JudgeFlag, p.InvalidInput): in_review(lambda _: a_flag_judgement(MISCOUNT)),
    (c.JudgeFlag, p.ReasonNeeded): miscounted(lambda _: a_flag_judgement(MISCOUNT, reason="")),
    (c.JudgeFlag, p.NotAllowed): met_too_often_then(
        lambda _: a_flag_judgement(
            "EVIDENCE_MISSING:people", officer=replace(an_officer(Lane.INSURER), id=VET.id)
        )
    ),
    (c.JudgeFlag, d.OfficerHasRecused): recused_then(lambda _: a_flag_judgement(MISCOUNT), State.TRIAGED),
    (c.JudgeFlag, AssistedByYou): reported_by(an_officer(Lane.INSURER), lambda _: a_flag_judgement(MISCOUNT)),
    (c.JudgeFlag, d.TiedToFarm): tied(lambda _: a_flag_judgement(MISCOUNT), State.TRIAGED),
    (c.PlaceHold, p.NotAllowed): in_review(lambda _: a_hold(lane=None)),
    (c.PlaceHold, p.ReasonNeeded): in_review(lambda _: replace(a_hold(), reason="")),
    (c.ReleaseHold, p.WrongLane): in_state(State.TRIAGED, lambda _: a_release(lane=Lane.VETERINARY)),
    (c.ReleaseHold, p.HoldNotSet): in_review(lambda _: a_release(HoldKind.QUARANTINE)),
    (c.ReleaseHold, p.ReasonNeeded): in_state(State.TRIAGED, lambda _: replace(a_release(), reason="")),
    (c.ReleaseHold, d.OfficerHasRecused): recused_then(lambda _: a_release(), State.TRIAGED),
    (c.ReleaseHold, AssistedByYou): reported_by(
        an_officer(Lane.INSURER), lambda _: a_release(), State.TRIAGED
    ),
    (c.ReleaseHold, d.TiedToFarm): tied(lambda _: a_release(), State.TRIAGED),
    (c.RecordAccepted, p.WrongPayout): in_state(
        State.PAYING, nobodys_payout(c.RecordAccepted, bank_reference="B")
    ),
    (c.RecordUnanswered, p.WrongPayout): in_state(
        State.PAYING, nobodys_payout(c.RecordUnanswered, reason="")
    ),
    (c.RecordConfirmed, p.WrongPayout): in_state(
        State.PAYING, nobodys_payout(c.RecordConfirmed, bank_reference="B")
    ),
    (c.RecordFailed, p.WrongPayout): in_state(State.PAYING, nobodys_payout(c.RecordFailed, reason="")),
    (c.RecordReturned, p.WrongPayout): in_state(
        State.PAID, nobodys_payout(c.RecordReturned, bank_reference="B", reason="")
    ),
    (c.RetryPayout, p.WrongLane): in_state(State.PAYMENT_FAILED, lambda _: a_retry(Lane.VETERINARY)),
    (c.RetryPayout, p.PayoutUnderWay): in_state(State.PAYING, lambda _: a_retry()),
    (c.RetryPayout, p.ReasonNeeded): in_state(
        State.PAYMENT_UNKNOWN, lambda story: late(story, replace(a_retry(missing=True), reason=" "))
    ),
    (c.Recuse, p.NotAllowed): in_review(lambda _: recusal(an_officer(None))),
    (c.Recuse, p.ReasonNeeded): in_review(lambda _: recusal(reason=" ")),
    (c.DelegateLane, p.WrongLane): where(AT_HOME, lambda _: delegation(an_officer(Lane.INSURER))),
    (c.DelegateLane, d.AnotherOfficesPart): where(AT_HOME, lambda _: delegation(STRANGER)),
    (c.DelegateLane, d.CannotStandIn): where(replace(AT_HOME, asked=None), lambda _: delegation()),
    (c.DelegateLane, p.ReasonNeeded): where(AT_HOME, lambda _: delegation(reason=" ")),
    (c.RateClaim, p.InvalidInput): in_review(lambda _: a_rating(reporting=6)),
    (c.RateClaim, RatingStands): after(
        lambda _: a_rating(by=HOLDER), lambda _: a_rating(by=OTHER, reporting=5)
    ),
    (c.AssignTicket, p.NotFound): in_review(lambda _: taking()),
    (c.AssignTicket, t.TicketIsClosed): answered_then(lambda _: taking()),
    (c.AssignTicket, t.NoSuchColleague): after(lambda _: a_rating(), lambda _: taking(to=STRANGER)),
    (c.CloseTicket, p.NotFound): in_review(lambda _: closing()),
    (c.CloseTicket, t.TicketIsClosed): answered_then(lambda _: closing(words="called again")),
    (c.CloseTicket, t.TicketOfAnother): after(lambda _: a_rating(), lambda _: closing()),
    (c.CloseTicket, t.WordsNeeded): taken_then(lambda _: closing(words=" ")),
    (c.Nudge, p.NotAllowed): in_review(lambda _: c.Nudge(officer=an_officer(None))),
    (c.Nudge, d.NobodyToNudge): in_review(lambda _: c.Nudge(officer=an_officer(Lane.INSURER))),
    (c.Nudge, d.NudgedAlready): in_review(nudged_a_minute_ago),
    (c.StartVisit, p.NotAllowed): in_review(lambda _: c.StartVisit(officer=an_officer(None))),
    (c.StartVisit, d.OfficerHasRecused): visited(surveyor_who_stepped_back),
    (c.StartVisit, d.TiedToFarm): where(
        Offices(tie=TieKind.RELATIVE), lambda story: a_survey(here(story)), State.JOINT_REVIEW
    ),
    (c.StartVisit, NothingToVisit): visited(a_survey, State.PAID),
    (c.EndVisit, NoVisitUnderWay): in_review(
        lambda _: c.EndVisit(how=VisitEnd.ARRIVED, officer=an_officer(None))
    ),
    (c.AssignLane, p.WrongLane): in_review(lambda _: assignment(VET)),
    (c.AssignLane, p.ReasonNeeded): in_review(lambda _: assignment(reason=" ")),
    (c.AssignLane, d.CannotBeAssigned): in_review(lambda _: assignment()),
}
"""By command and refusal a story that is refused so."""


def test_every_refusal_that_the_document_names_is_reached_here_and_no_other() -> None:
    named = {
        (kind.__name__, name)
        for kind in get_args(c.Command)
        for names, _ in refusals_of(kind)
        for name in names
    }

    assert {(command.__name__, problem.__name__) for command, problem in REFUSED} == named


@pytest.mark.parametrize(("command", "problem"), REFUSED, ids=lambda kind: kind.__name__)
def test_the_command_is_refused_and_nothing_is_recorded(
    command: type[c.Command], problem: type[p.Problem]
) -> None:
    story, asked = REFUSED[command, problem]()
    before, seen = story.current, len(story.events)

    with pytest.raises(p.Problem) as refusal:
        story.give(asked)

    assert isinstance(asked, command)
    assert type(refusal.value) is problem
    assert refusal.value.next
    assert (story.current, len(story.events)) == (before, seen)
