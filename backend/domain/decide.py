"""``decide``: from a claim, a command and the facts to events, or a problem. Pure: the time comes in."""

from datetime import datetime
from typing import assert_never

from backend.domain import commands as c
from backend.domain.attesting import attested
from backend.domain.claim import Claim
from backend.domain.decisions import (
    assessing,
    disposing,
    flagging,
    gathering,
    labelling,
    paying,
    prompting,
    rating,
    reporting,
    reviewing,
    standing_in,
    timing,
    visiting,
)
from backend.domain.decisions.facts import Facts
from backend.domain.events import Event, Recorded
from backend.domain.fold import apply
from backend.domain.moves import is_allowed
from backend.domain.parties import BANK, MACHINE, Actor
from backend.domain.problems import ClaimDiffers, MoveNotAllowed, PhotoNotAnnounced
from backend.domain.signatures import Seal


def decide(claim: Claim | None, command: c.Command, facts: Facts, at: datetime) -> list[Event]:
    """Return the events that *command* comes to now; none if they are already recorded.

    Args:
        claim: The claim as it stands, None only for a report.
        command: What is asked.
        facts: What the decision needs to know beyond the claim.
        at: The moment of the decision, aware.

    Raises:
        MoveNotAllowed: The claim's state does not allow this command (``moves``).
        Problem: As each decision says.
    """
    if isinstance(command, c.Report):
        if claim is not None:
            raise ClaimDiffers(command.claim_id)
        return reporting.report(command, facts, at)
    if claim is None:
        raise ValueError(f"{command.name} needs a claim")
    if _is_repeat(claim, command):
        return []
    if isinstance(command, c.ReceivePhoto | c.RecordPhotoChecks) and claim.photo(command.photo_id) is None:
        raise PhotoNotAnnounced(command.photo_id)
    if not is_allowed(type(command), claim.state):
        raise MoveNotAllowed(command=command.name, state=claim.state)
    return _decided(claim, command, facts, at)


def decide_and_apply(
    claim: Claim | None, command: c.Command, facts: Facts, at: datetime, *, seal: Seal | None = None
) -> tuple[Claim | None, list[Recorded]]:
    """Decide, and apply what was decided: the claim afterwards and its new events in their place.

    ``seal`` puts the installation's signature under those that carry one.
    """
    recorded: list[Recorded] = []
    for event in decide(claim, command, facts, at):
        signed = attested(claim.report.claim_id, event, at, seal) if claim else event
        entry = Recorded((claim.version if claim else 0) + 1, at, _actor(command), signed)
        claim = apply(claim, entry)
        recorded.append(entry)
    return claim, recorded


def _decided(claim: Claim, command: c.Command, facts: Facts, at: datetime) -> list[Event]:  # noqa: C901, PLR0911, PLR0912 - one arm per command is the point
    match command:
        case c.Report():
            raise ClaimDiffers(command.claim_id)
        case c.ReceivePhoto():
            return gathering.receive_photo(claim, command)
        case c.AddEvidence():
            return gathering.add_evidence(claim, command)
        case c.RecordPhotoChecks():
            return gathering.record_photo_checks(claim, command)
        case c.Triage():
            return gathering.triage(claim, command, facts, at)
        case c.Assess():
            return assessing.assess(claim, command, facts)
        case c.DecideLane():
            return reviewing.decide_lane(claim, command, facts)
        case c.AcceptOffer():
            return reviewing.accept_offer(claim, command)
        case c.RecordHandover():
            return disposing.record_handover(claim, command)
        case c.IssueCertificate():
            return disposing.issue_certificate(claim, command)
        case c.LabelPhoto():
            return labelling.label_photo(claim, command)
        case c.ChangeConsent():
            return labelling.change_consent(claim, command)
        case c.PlaceHold():
            return reviewing.place_hold(claim, command)
        case c.ReleaseHold():
            return reviewing.release_hold(claim, command, facts)
        case c.Withdraw():
            return reviewing.withdraw(claim, command)
        case c.StartPayout():
            return paying.start_payout(claim, command, facts, at)
        case c.LiftPaymentHolds():
            return paying.lift_payment_holds(claim, facts)
        case c.RecordAccepted():
            return paying.record_accepted(claim, command)
        case c.RecordUnanswered():
            return paying.record_unanswered(claim, command)
        case c.RecordConfirmed():
            return paying.record_confirmed(claim, command)
        case c.RecordFailed():
            return paying.record_failed(claim, command)
        case c.RecordReturned():
            return paying.record_returned(claim, command)
        case c.RetryPayout():
            return paying.retry_payout(claim, command, facts, at)
        case c.RecordDeadlines():
            return timing.record_deadlines(claim, facts, at)
        case c.Recuse():
            return standing_in.recuse(command)
        case c.DelegateLane():
            return standing_in.delegate_lane(claim, command, facts)
        case c.RateClaim():
            return rating.rate_claim(claim, command, facts, at)
        case c.AssignTicket():
            return rating.assign_ticket(claim, command)
        case c.CloseTicket():
            return rating.close_ticket(claim, command)
        case c.JudgeFlag():
            return flagging.judge_flag(claim, command, facts)
        case c.Nudge():
            return prompting.nudge(claim, command, facts, at)
        case c.AssignLane():
            return prompting.assign_lane(claim, command, facts)
        case c.StartVisit():
            return visiting.start_visit(claim, command, facts, at)
        case c.EndVisit():
            return visiting.end_visit(claim, command, at)
        case _:
            assert_never(command)


def _is_repeat(claim: Claim, command: c.Command) -> bool:  # noqa: C901, PLR0911, PLR0912 - one arm per command is the point
    """Whether the command only says again what is recorded: a retry is answered, never refused."""
    match command:
        case c.ReceivePhoto(photo_id=photo_id):
            photo = claim.photo(photo_id)
            return photo is not None and photo.received_at is not None
        case c.RecordPhotoChecks(photo_id=photo_id):
            photo = claim.photo(photo_id)
            return photo is not None and photo.checks is not None
        case c.DecideLane():
            return reviewing.repeats_decision(claim, command)
        case c.RecordHandover():
            return disposing.repeats_handover(claim, command)
        case c.IssueCertificate():
            return disposing.repeats_certificate(claim, command)
        case c.LabelPhoto():
            return labelling.repeats_label(claim, command)
        case c.ChangeConsent(photos_may_teach=photos_may_teach):
            return claim.photos_may_teach == photos_may_teach
        case c.AcceptOffer(offer_hash=offer_hash):
            return claim.is_accepted and claim.offer_hash == offer_hash
        case c.Withdraw():
            return claim.withdrawn
        case c.Recuse(officer=officer):
            return officer.id in claim.recused
        case c.DelegateLane(lane=lane, to=to):
            delegated = claim.delegated.get(lane)
            return delegated is not None and delegated.to == to
        case c.RateClaim():
            return rating.repeats_rating(claim, command)
        case c.CloseTicket():
            return rating.repeats_closing(claim, command)
        case c.JudgeFlag():
            return flagging.repeats_judgement(claim, command)
        case c.AssignLane(to=officer_id):
            return claim.assigned == officer_id
        case c.StartPayout():
            return claim.payout is not None and claim.payout.state not in paying.SENT_BACK
        case (
            c.RecordAccepted()
            | c.RecordUnanswered()
            | c.RecordConfirmed()
            | c.RecordFailed()
            | c.RecordReturned()
        ):
            return paying.repeats_news(claim, command)
        case _:
            return False


def _actor(command: c.Command) -> Actor:
    match command:
        case (
            c.Report()
            | c.ReceivePhoto()
            | c.AddEvidence()
            | c.Withdraw()
            | c.AcceptOffer()
            | c.ChangeConsent()
            | c.RateClaim()
        ):
            return command.by
        case (
            c.Assess()
            | c.DecideLane()
            | c.IssueCertificate()
            | c.LabelPhoto()
            | c.PlaceHold()
            | c.ReleaseHold()
            | c.RetryPayout()
            | c.Recuse()
            | c.DelegateLane()
            | c.AssignTicket()
            | c.CloseTicket()
            | c.JudgeFlag()
            | c.Nudge()
            | c.AssignLane()
            | c.StartVisit()
        ):
            return command.officer.actor
        case c.RecordHandover():
            return command.collector.actor
        case c.RecordConfirmed() | c.RecordReturned():
            return command.officer.actor if command.officer else BANK
        case c.RecordAccepted() | c.RecordFailed():
            return BANK
        case c.StartPayout(officer=officer) | c.EndVisit(officer=officer) if officer is not None:
            return officer.actor
        case _:
            return MACHINE
