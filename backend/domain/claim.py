"""A claim 理赔案件: facts gathered from its events, and the one state derived from them (domain.md §1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.assessments import Assessment
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.clocks.pauses import Pauses
from backend.domain.docket import ClaimedWeight, claimed_weight
from backend.domain.duties.events import LaneDelegated
from backend.domain.events import (
    CertificateIssued,
    ClaimReported,
    EvidenceRequested,
    HandoverRecorded,
    LaneDecided,
    OfferAccepted,
    SceneFound,
)
from backend.domain.findings import Refer
from backend.domain.flags.flag import Flags
from backend.domain.ids import Digest, OfficerId, PayoutId, PhotoId
from backend.domain.lanes import LaneRecord
from backend.domain.money import Money
from backend.domain.offer import Offer
from backend.domain.parties import Actor
from backend.domain.photos import Photo
from backend.domain.policy import Animal, FlockFigures
from backend.domain.ratings.voice import SILENT, Voice
from backend.domain.tickets.ticket import Ticket
from backend.domain.visits.visit import Visits
from backend.domain.words import (
    HoldKind,
    Lane,
    LaneState,
    Path,
    PayGate,
    PayoutState,
    ReasonCode,
    State,
)

_LANES = tuple(Lane)
FOR_ALL_PAYMENTS = "all-payments"
"""Behind a hold: what keeps every claim's money back at once, no doubt about this one (domain.md §1, payee)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing may be paid for now."""

    kind: HoldKind
    since: datetime
    by: Actor
    reason: str
    because: tuple[str, ...] = ()

    @property
    def is_above_all(self) -> bool:
        """Placed by a payout that could not start, and lifted by the machine: not a doubt about this claim."""
        return FOR_ALL_PAYMENTS in self.because


@dataclass(frozen=True, slots=True)
class Payout:
    """支付: one transfer under one key; a claim has a second one only after a person retried a failed one.

    ``confirmed_at`` stays when the money came back later; ``bank_file`` names the payment file that it left in;
    ``heads`` are the insured heads that it pays for.
    """

    no: int
    id: PayoutId
    amount: Money
    state: PayoutState
    started_at: datetime
    bank_reference: str | None = None
    reason: str | None = None
    confirmed_at: datetime | None = None
    returned_at: datetime | None = None
    bank_file: str | None = None
    heads: int = 0

    @property
    def has_left(self) -> bool:
        """The money left the insurer's account; what came back had left, whether anyone confirmed it or not."""
        return self.state is PayoutState.CONFIRMED or self.returned_at is not None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Said by a person, with a reason; never by the machine."""

    decision: LaneDecided
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One loss event on one farm under one policy; the fold of its events up to ``version``.

    ``gathering_since`` is when the wait for announced photos began: the report, or the last added evidence.
    ``pauses`` are the stretches in which clocks may stand still; ``deadlines`` and ``escalations`` what they said.
    """

    version: int
    report: ClaimReported
    reported_at: datetime
    reported_by: Actor
    gathering_since: datetime
    heads: int
    animals: tuple[Animal, ...]
    photos: tuple[Photo, ...]
    lanes: Mapping[Lane, LaneRecord]
    notes: tuple[str, ...] = ()
    triaged_at: datetime | None = None
    is_triage_due: bool = True
    findings: tuple[Refer, ...] = ()
    scene: SceneFound | None = None
    offer: Offer | None = None
    evidence_hash: Digest | None = None
    offer_hash: Digest | None = None
    acceptance: OfferAccepted | None = None
    accepted_at: datetime | None = None
    handover: HandoverRecorded | None = None
    handed_over_at: datetime | None = None
    certificate: CertificateIssued | None = None
    holds: tuple[Hold, ...] = ()
    cleared: frozenset[str] = frozenset()
    asked: EvidenceRequested | None = None
    withdrawn: bool = False
    rejection: Rejection | None = None
    payouts: tuple[Payout, ...] = ()
    photos_may_teach: bool = False
    flock: FlockFigures | None = None
    assessments: tuple[Assessment, ...] = ()
    pauses: Pauses = ()
    deadlines: tuple[DeadlineAtRisk | DeadlineBreached, ...] = ()
    escalations: tuple[ClaimEscalated, ...] = ()
    recused: frozenset[OfficerId] = frozenset()
    delegated: Mapping[Lane, LaneDelegated] = field(default_factory=dict)
    voice: Voice = SILENT
    tickets: tuple[Ticket, ...] = ()
    flags: Flags = field(default_factory=dict)
    assigned: OfficerId | None = None
    nudged_at: datetime | None = None
    visits: Visits = ()
    # Asked many times of one version, which never changes.
    _state: State | None = field(default=None, init=False, repr=False, compare=False)
    _open_lanes: tuple[Lane, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def assisted_by(self) -> OfficerId | None:
        """Who reported in the farmer's place with the farmer's code: they neither decide nor collect."""
        return self.report.assistance.assisted_by if self.report.assistance else None

    @property
    def payout(self) -> Payout | None:
        """The payout that counts now; a retired one does not."""
        for payout in reversed(self.payouts):
            if payout.state is not PayoutState.RETIRED:
                return payout
        return None

    @property
    def paid_at(self) -> datetime | None:
        """When the money arrived that is still there."""
        payout = self.payout
        return payout.confirmed_at if payout and payout.state is PayoutState.CONFIRMED else None

    @property
    def open_ticket(self) -> Ticket | None:
        """The service ticket that waits for an answer; a claim has one at a time."""
        return next((one for one in self.tickets if one.is_open), None)

    @property
    def has_ended_unpaid(self) -> bool:
        """Rejected by a person, or taken back by the farmer."""
        return self.rejection is not None or self.withdrawn

    @property
    def is_due(self) -> bool:
        """All have agreed and the carcasses are dealt with: the sum is owed, also while payments are kept back."""
        is_settled = not (self.open_lanes or self.carcass_gaps) and self.is_accepted
        return is_settled and self.path is not Path.HOLD and self._gathering() is None

    @property
    def missing_photos(self) -> tuple[PhotoId, ...]:
        """Announced photos whose bytes have not arrived."""
        return tuple(photo.id for photo in self.photos if photo.received_at is None)

    @property
    def unchecked_photos(self) -> tuple[PhotoId, ...]:
        """Photos that arrived and that the machine has not looked at."""
        return tuple(photo.id for photo in self.photos if photo.is_unchecked)

    @property
    def path(self) -> Path | None:
        """FAST, ASSISTED or HOLD; None before triage. A released hold leaves the claim ASSISTED."""
        if self.hold(HoldKind.SIGNALS):
            return Path.HOLD
        if self.triaged_at is None:
            return None
        return Path.ASSISTED if self.findings or self.cleared else Path.FAST

    @property
    def open_lanes(self) -> tuple[Lane, ...]:
        """Lanes that have yet to approve."""
        if self._open_lanes is None:
            lanes, approved = self.lanes, LaneState.APPROVED
            found = tuple([lane for lane in _LANES if lanes[lane].state is not approved])
            object.__setattr__(self, "_open_lanes", found)
            return found
        return self._open_lanes

    @property
    def is_accepted(self) -> bool:
        """The farmer agreed to the offer that stands now, by code or in advance."""
        return self.acceptance is not None and self.acceptance.offer_hash == self.offer_hash

    @property
    def carcass_gaps(self) -> tuple[ReasonCode, ...]:
        """What stands between the carcasses 病死畜禽 and the pay gate; empty when it is complete.

        Gate HANDOVER waits for a receipt that fits the claim; gate CERTIFICATE for the disposal certificate too
        (domain.md §1).
        """
        if self.report.policy.pay_gate is PayGate.HANDOVER or self.handover is None:
            return self.receipt_gaps
        is_certified = self.certificate is not None and self.certificate.heads == self.handover.heads
        return self.receipt_gaps if is_certified else (*self.receipt_gaps, ReasonCode.DISPOSAL_MISSING)

    @property
    def receipt_gaps(self) -> tuple[ReasonCode, ...]:
        """Where the handover receipt 移交单 does not fit the claim.

        Count exact; weight as ``docket`` compares it, where every weight is known (domain.md §1).
        """
        if self.handover is None:
            return (ReasonCode.DISPOSAL_MISSING,)
        gaps = []
        if self.handover.heads != self.heads:
            gaps.append(ReasonCode.COUNT_MISMATCH)
        claimed = self.claimed_weight
        if claimed is not None and not claimed.fits(self.handover.weight_kg):
            gaps.append(ReasonCode.WEIGHT_MISMATCH)
        return tuple(gaps)

    @property
    def claimed_weight(self) -> ClaimedWeight | None:
        """The claim's total, None while any weight is unknown."""
        return claimed_weight(self.animals, self.heads)

    @property
    def has_differing_receipt(self) -> bool:
        """A receipt is recorded that does not fit: the insurer assesses again, or the collector corrects it."""
        return self.handover is not None and bool(self.receipt_gaps)

    def hold(self, kind: HoldKind) -> Hold | None:
        """The hold of this kind, if it is set."""
        for hold in self.holds:
            if hold.kind is kind:
                return hold
        return None

    def photo(self, photo_id: PhotoId) -> Photo | None:
        """The announced photo with this hash."""
        for photo in self.photos:
            if photo.id == photo_id:
                return photo
        return None

    @property
    def state(self) -> State:
        """The first thing still missing."""
        if self._state is None:
            found = self._ended() or self._paying() or self._gathering() or self._agreeing()
            object.__setattr__(self, "_state", found)
            return found
        return self._state

    def _ended(self) -> State | None:
        if self.rejection:
            return State.REJECTED
        return State.WITHDRAWN if self.withdrawn else None

    def _paying(self) -> State | None:
        payout = self.payout
        if payout is None:
            return None
        match payout.state:
            case PayoutState.CONFIRMED:
                return State.CLOSED if self.certificate else State.PAID
            case PayoutState.FAILED | PayoutState.RETURNED:
                return State.PAYMENT_FAILED
            case PayoutState.UNKNOWN:
                return State.PAYMENT_UNKNOWN
            case _:
                return State.PAYING

    def _gathering(self) -> State | None:
        if self.asked:
            return State.EVIDENCE_REQUESTED
        if not self.is_triage_due:
            return None
        has_begun = any(photo.received_at for photo in self.photos) or self.triaged_at is not None
        return State.VERIFYING if has_begun else State.REPORTED

    def _agreeing(self) -> State:
        if self.path is Path.HOLD:
            return State.TRIAGED
        if self.open_lanes:
            return State.JOINT_REVIEW
        if not self.is_accepted:
            return State.OFFERED
        if self.carcass_gaps or self.holds:
            return State.ACCEPTED
        return State.PAYABLE
