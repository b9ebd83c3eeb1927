"""What someone asks of a claim. ``decide`` turns a command into events, or into a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from backend.domain.assistance.words import Assistance
from backend.domain.copies import NearCopy
from backend.domain.events import SceneFound
from backend.domain.flags.words import FlagState
from backend.domain.ids import (
    ClaimId,
    Digest,
    KeyId,
    OfficerId,
    OrganisationId,
    PayoutId,
    PhotoId,
    PolicyNumber,
)
from backend.domain.labels import LabelBox
from backend.domain.parties import Actor, Officer
from backend.domain.photos import PhotoAnnounced, PhotoChecks
from backend.domain.policy import Animal, FlockFigures
from backend.domain.ratings.events import StageScore
from backend.domain.tickets.words import ClosingReason
from backend.domain.visits.words import ExpectedFrom, VisitEnd
from backend.domain.words import (
    AcceptanceMethod,
    Cause,
    Decision,
    HoldKind,
    Lane,
    Posture,
    ReasonCode,
    Species,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """报案 by the farmer, or by somebody for the farmer; ``assistance`` where the farmer's code stands behind that."""

    name: ClassVar[str] = "report"
    claim_id: ClaimId
    policy_number: PolicyNumber
    species: Species
    heads: int
    cause: Cause
    occurred_at: datetime
    animals: tuple[Animal, ...]
    photos: tuple[PhotoAnnounced, ...]
    by: Actor
    accept_in_advance: bool = False
    note: str = ""
    photos_may_teach: bool = False
    assistance: Assistance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivePhoto:
    """All bytes of an announced photo are kept."""

    name: ClassVar[str] = "receive photo"
    photo_id: PhotoId
    bytes: int
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """More photos, or an answer in words."""

    name: ClassVar[str] = "add evidence"
    by: Actor
    photos: tuple[PhotoAnnounced, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPhotoChecks:
    """What the machine found on one photo."""

    name: ClassVar[str] = "record photo checks"
    photo_id: PhotoId
    checks: PhotoChecks


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The machine has looked at every photo that arrived: judge the whole claim.

    ``near_copies`` are what it found of other claims' photos, by photo of this claim.
    """

    name: ClassVar[str] = "triage"
    scene: SceneFound
    near_copies: Mapping[PhotoId, tuple[NearCopy, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess:
    """定损 by an officer of the insurer: heads, and each animal as the officer found it.

    ``from_handover``: the receipt's total is shared out among the animals. ``flock`` None: as it stands.
    """

    name: ClassVar[str] = "assess"
    officer: Officer
    heads: int
    animals: tuple[Animal, ...]
    reason: str
    from_handover: bool = False
    flock: FlockFigures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideLane:
    """An officer's signed decision on the evidence and the offer that were shown.

    ``on_behalf_of`` names the office in whose place it is given; None: one's own part.
    """

    name: ClassVar[str] = "decide lane"
    officer: Officer
    lane: Lane
    decision: Decision
    evidence_hash: Digest
    offer_hash: Digest
    key_id: KeyId
    signature: str
    reason_code: ReasonCode | None = None
    note: str = ""
    on_behalf_of: OrganisationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer:
    """The farmer agrees to the offer with this hash; the one-time code has been checked."""

    name: ClassVar[str] = "accept offer"
    offer_hash: Digest
    by: Actor
    method: AcceptanceMethod = AcceptanceMethod.ONE_TIME_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHandover:
    """移交: the collector took the carcasses; signature and the farmer's code have been checked."""

    name: ClassVar[str] = "record handover"
    collector: Officer
    receipt_number: str
    heads: int
    weight_kg: Decimal
    key_id: KeyId
    signature: str
    handed_over_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCertificate:
    """无害化处理证明 by the inspection office; the signature has been checked."""

    name: ClassVar[str] = "issue certificate"
    officer: Officer
    certificate_number: str
    heads: int
    key_id: KeyId
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPhoto:
    """标注 by an officer: what is on a photo, for the counter to learn from. The last label of a photo stands.

    ``heads`` None: as many as there are boxes. ``boxes`` None: only the number is known.
    """

    name: ClassVar[str] = "label photo"
    officer: Officer
    photo_id: PhotoId
    heads: int | None = None
    boxes: tuple[LabelBox, ...] | None = None
    posture: Posture | None = None
    dead: bool | None = None
    shows_people: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeConsent:
    """The farmer lets the claim's photos teach the counter, or no longer does."""

    name: ClassVar[str] = "change consent"
    by: Actor
    photos_may_teach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """A named person stops the claim until someone has looked."""

    name: ClassVar[str] = "place hold"
    officer: Officer
    reason: str
    kind: HoldKind = HoldKind.SIGNALS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """A named person of the insurer has looked and lets the claim go on."""

    name: ClassVar[str] = "release hold"
    officer: Officer
    reason: str
    kind: HoldKind = HoldKind.SIGNALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """The farmer takes the report back."""

    name: ClassVar[str] = "withdraw"
    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayout:
    """Recorded before the bank is called. Repeated, it answers with the payout already under way.

    ``bank_file`` names the payment file that an officer makes, and that the payout leaves in.
    """

    name: ClassVar[str] = "start payout"
    bank_file: str | None = None
    officer: Officer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftPaymentHolds:
    """The machine looks again whether payments are still stopped, or the day's limit used up."""

    name: ClassVar[str] = "lift payment holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAccepted:
    """The bank took the order."""

    name: ClassVar[str] = "record accepted"
    payout_id: PayoutId
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnanswered:
    """The order was sent, and no answer came."""

    name: ClassVar[str] = "record unanswered"
    payout_id: PayoutId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConfirmed:
    """The bank says that the money is on the account: callback, inquiry, or a statement that ``officer`` read."""

    name: ClassVar[str] = "record confirmed"
    payout_id: PayoutId
    bank_reference: str
    officer: Officer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFailed:
    """The bank says that no money will move (answer, callback or inquiry)."""

    name: ClassVar[str] = "record failed"
    payout_id: PayoutId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturned:
    """The bank brought the money back: callback, inquiry, or a statement that ``officer`` read."""

    name: ClassVar[str] = "record returned"
    payout_id: PayoutId
    bank_reference: str
    reason: str
    officer: Officer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPayout:
    """A person of the insurer asks for a new payout after a failed or returned one.

    ``is_missing_from_statement``: or after one that the bank never answered for, since the account's statement does not
    show it.
    """

    name: ClassVar[str] = "retry payout"
    officer: Officer
    reason: str = field(default="")
    is_missing_from_statement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeadlines:
    """A timer went off: record what the claim's clocks say now and have not said before."""

    name: ClassVar[str] = "record deadlines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recuse:
    """回避 by an officer: decide nothing on this claim, for a reason that is kept."""

    name: ClassVar[str] = "recuse"
    officer: Officer
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateLane:
    """委托 of one lane of one claim to another office of the same lane; to one's own: take it back."""

    name: ClassVar[str] = "delegate lane"
    officer: Officer
    lane: Lane
    to: OrganisationId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateClaim:
    """评价 by the farmer or by whoever holds a link; what is left out stays as it was."""

    name: ClassVar[str] = "rate"
    by: Actor
    scores: tuple[StageScore, ...] = ()
    recommend: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTicket:
    """工单转派: an officer of the insurer takes a ticket, or gives it to a colleague."""

    name: ClassVar[str] = "assign ticket"
    officer: Officer
    no: int
    to: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTicket:
    """工单办结: whoever has the ticket says what was done."""

    name: ClassVar[str] = "close ticket"
    officer: Officer
    no: int
    reason: ClosingReason
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeFlag:
    """An officer of the insurer clears or confirms the flag 警示 with this key."""

    name: ClassVar[str] = "judge flag"
    officer: Officer
    flag: str
    state: FlagState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """催办: ask whoever holds the claim to go on, with a note that is kept."""

    name: ClassVar[str] = "nudge"
    officer: Officer
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignLane:
    """指派 of the officer's own lane to one officer of the office, for a reason that is kept."""

    name: ClassVar[str] = "assign lane"
    officer: Officer
    to: OfficerId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartVisit:
    """出发: the officer is on the way to the claim's farm; ``expected_at`` None: nobody said when."""

    name: ClassVar[str] = "start visit"
    officer: Officer
    expected_at: datetime | None = None
    expected_from: ExpectedFrom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndVisit:
    """The officer's visit is over; without an officer: the machine ends the visit ``no`` that nobody ended."""

    name: ClassVar[str] = "end visit"
    how: VisitEnd
    officer: Officer | None = None
    no: int | None = None


Command = (
    Report
    | ReceivePhoto
    | AddEvidence
    | RecordPhotoChecks
    | Triage
    | Assess
    | DecideLane
    | AcceptOffer
    | RecordHandover
    | IssueCertificate
    | LabelPhoto
    | ChangeConsent
    | PlaceHold
    | ReleaseHold
    | Withdraw
    | StartPayout
    | LiftPaymentHolds
    | RecordAccepted
    | RecordUnanswered
    | RecordConfirmed
    | RecordFailed
    | RecordReturned
    | RetryPayout
    | RecordDeadlines
    | Recuse
    | DelegateLane
    | RateClaim
    | AssignTicket
    | CloseTicket
    | JudgeFlag
    | Nudge
    | AssignLane
    | StartVisit
    | EndVisit
)
