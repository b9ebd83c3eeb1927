"""The one table of moves: in which states each command may be given. Everything else asks it.

``docs/states.md`` is generated from here. A command outside its states is refused by name (``MoveNotAllowed``);
an exact repeat of what is already recorded is never refused (see ``decide``).
"""

from collections.abc import Mapping

from backend.domain import commands as c
from backend.domain.words import State as S  # noqa: N817 - the table is read as a table

BEFORE_REVIEW = frozenset({S.REPORTED, S.VERIFYING, S.EVIDENCE_REQUESTED})
IN_REVIEW = frozenset({S.TRIAGED, S.JOINT_REVIEW, S.OFFERED, S.ACCEPTED})
BEFORE_PAYMENT = BEFORE_REVIEW | IN_REVIEW | {S.PAYABLE}
IN_PAYMENT = frozenset({S.PAYING, S.PAYMENT_UNKNOWN})
EVERY_STATE = frozenset(S)

MOVES: Mapping[type[c.Command], frozenset[S]] = {
    c.Report: frozenset(),
    c.ReceivePhoto: BEFORE_REVIEW | IN_REVIEW,
    c.AddEvidence: BEFORE_REVIEW | IN_REVIEW,
    c.RecordPhotoChecks: BEFORE_REVIEW | IN_REVIEW,
    c.Triage: frozenset({S.REPORTED, S.VERIFYING}),
    # Also on hold: a sum that other claims have overtaken is assessed anew before anyone releases it.
    c.Assess: IN_REVIEW,
    c.DecideLane: frozenset({S.TRIAGED, S.JOINT_REVIEW}),
    c.AcceptOffer: frozenset({S.JOINT_REVIEW, S.OFFERED}),
    # The truck may come before the vet, and a carcass is disposed of even when nothing is paid.
    c.RecordHandover: EVERY_STATE - {S.CLOSED},
    c.IssueCertificate: EVERY_STATE - {S.CLOSED},
    # About the counter, not about the claim: past claims are what it learns from.
    c.LabelPhoto: EVERY_STATE,
    # What a farmer lent can be taken back at any time.
    c.ChangeConsent: EVERY_STATE,
    c.PlaceHold: BEFORE_PAYMENT,
    c.ReleaseHold: BEFORE_PAYMENT,
    c.Withdraw: BEFORE_PAYMENT,
    c.StartPayout: frozenset({S.PAYABLE}),
    # Also where new evidence came while the money waited.
    c.LiftPaymentHolds: BEFORE_PAYMENT,
    c.RecordAccepted: IN_PAYMENT,
    c.RecordUnanswered: IN_PAYMENT,
    # A bank that first refuses and then pays has paid: nothing may go out a second time, also where a retried claim
    # was stopped, asked about or assessed anew before it could be paid again, or ended without.
    c.RecordConfirmed: BEFORE_PAYMENT | IN_PAYMENT | {S.PAYMENT_FAILED, S.REJECTED, S.WITHDRAWN},
    c.RecordFailed: IN_PAYMENT,
    # Money that came back is a fact, whatever has become of the claim.
    c.RecordReturned: EVERY_STATE,
    # While the bank has not answered, only with the statement in hand and after its memory of keys is over.
    c.RetryPayout: IN_PAYMENT | {S.PAYMENT_FAILED},
    # A carcass has its deadline whatever becomes of the money.
    c.RecordDeadlines: EVERY_STATE,
    c.Recuse: BEFORE_PAYMENT,
    c.DelegateLane: BEFORE_REVIEW | IN_REVIEW,
    # Each stage once it is over (``decisions.rating``); a farmer who was refused has a voice too.
    c.RateClaim: EVERY_STATE,
    c.AssignTicket: EVERY_STATE,
    c.CloseTicket: EVERY_STATE,
    # Fraud is found after the payment too.
    c.JudgeFlag: EVERY_STATE,
    # Where somebody still has something to do.
    c.Nudge: EVERY_STATE - {S.CLOSED, S.REJECTED, S.WITHDRAWN},
    c.AssignLane: BEFORE_REVIEW | IN_REVIEW,
    # A carcass is fetched whatever becomes of the money; surveyors come while there is something to decide.
    c.StartVisit: EVERY_STATE - {S.CLOSED},
    # Whoever arrives, or turns back, says so whatever has become of the claim meanwhile.
    c.EndVisit: EVERY_STATE,
}
"""``Report`` begins a claim and so stands in no state."""


def is_allowed(command: type[c.Command], state: S) -> bool:
    """Whether this kind of command may be given in this state."""
    return state in MOVES[command]
