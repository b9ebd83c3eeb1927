"""Everything that can have happened to a claim. A claim is the fold of these, in order.

Events hold no floats, so that canonical JSON and its hash are exact: metres, degrees and shares are Decimal.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from backend.domain.assistance.words import Assistance
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.duties.events import HolderNudged, LaneAssigned, LaneDelegated, OfficerRecused
from backend.domain.duties.words import Basis
from backend.domain.elsewhere import Elsewhere
from backend.domain.findings import Refer
from backend.domain.flags.events import FlagJudged
from backend.domain.ids import ClaimId, Digest, KeyId, OfficerId, OrganisationId, PayoutId, PhotoId
from backend.domain.labels import PhotoLabel
from backend.domain.money import Money
from backend.domain.offer import Offer, OfferBasis
from backend.domain.parties import Actor, Policy
from backend.domain.photos import PhotoAnnounced, PhotoChecks
from backend.domain.policy import Animal, FlockFigures
from backend.domain.ratings.events import ClaimRated
from backend.domain.signatures import Signature
from backend.domain.tickets.events import TicketAssigned, TicketClosed, TicketOpened
from backend.domain.visits.events import VisitEnded, VisitStarted
from backend.domain.words import (
    AcceptanceMethod,
    Cause,
    Decision,
    HoldKind,
    Lane,
    Path,
    ReasonCode,
    Species,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReported:
    """报案: the farmer's manifest arrived; the payout clock starts.

    ``product`` is ``name@version``. ``lowest_sum_shown`` is what the declared animals come to, shown with the
    report; None where a weight is unknown or the loss is out of cover. ``photos_may_teach``: the farmer lets the photos
    teach the counter. ``basis`` is what that sum was computed from; None where it was not recorded. ``assistance`` is
    who reported in the farmer's place, with the farmer's code; None where nobody did.
    """

    type: ClassVar[str] = "claim-reported"
    claim_id: ClaimId
    number: str
    policy: Policy
    product: str
    species: Species
    heads: int
    cause: Cause
    occurred_at: datetime
    animals: tuple[Animal, ...]
    photos: tuple[PhotoAnnounced, ...]
    accept_in_advance: bool
    lowest_sum_shown: Money | None
    note: str
    due_at: datetime
    photos_may_teach: bool = False
    basis: OfferBasis | None = None
    assistance: Assistance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoReceived:
    """All bytes of an announced photo are kept, and their sha-256 is the announced one."""

    type: ClassVar[str] = "photo-received"
    photo_id: PhotoId
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoChecked:
    """What the machine found on one photo."""

    type: ClassVar[str] = "photo-checked"
    photo_id: PhotoId
    checks: PhotoChecks


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequested:
    """Someone needs more to go on; the clock stands with the farmer until new evidence arrives."""

    type: ClassVar[str] = "evidence-requested"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded:
    """The farmer announced more photos, or answered in words."""

    type: ClassVar[str] = "evidence-added"
    photos: tuple[PhotoAnnounced, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredError:
    """How often the counter is wrong where it says it is sure, as measured on photos it had never seen.

    ``share`` of ``photos`` answered, 0 to 1; ``low`` to ``high`` holds the true share in 95 of 100 such measurements.
    """

    share: Decimal
    low: Decimal
    high: Decimal
    photos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFound:
    """One estimate over all photos of the scene: ``count`` None when no photo could be counted.

    ``reasons`` are the counter's codes: why the count is unsure, or its interval wide. ``overlapping`` are the photos
    that show the same ground.
    """

    count: int | None
    low: int | None
    high: int | None
    unsure: bool
    reasons: tuple[str, ...] = ()
    overlapping: tuple[tuple[PhotoId, ...], ...] = ()
    answered_error: AnsweredError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTriaged:
    """The machine's checks are done: path, reasons, and the assessed sum.

    ``elsewhere`` is what the rules knew beside the claim; None where that was not recorded (rules 2026-11).
    ``evidence_hash`` is what approvals are bound to, and stays when the farmer's words are erased; None: work it out.
    """

    type: ClassVar[str] = "claim-triaged"
    path: Path
    findings: tuple[Refer, ...]
    scene: SceneFound
    offer: Offer
    rule_version: str
    elsewhere: Elsewhere | None = None
    evidence_hash: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAssessed:
    """定损 by an officer of the insurer: a new offer; approvals of another offer are void.

    ``flock`` None: as it stood. ``receipt_number`` names the handover whose total was shared out among the animals.
    """

    type: ClassVar[str] = "claim-assessed"
    heads: int
    animals: tuple[Animal, ...]
    reason: str
    offer: Offer
    flock: FlockFigures | None = None
    receipt_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDecided:
    """One office's signed decision on exactly this evidence and this offer.

    ``on_behalf_of`` is the office in whose place it was given and signed; ``basis`` by which right.
    """

    type: ClassVar[str] = "lane-decided"
    lane: Lane
    decision: Decision
    by: OfficerId
    organisation: OrganisationId
    reason_code: ReasonCode | None
    note: str
    evidence_hash: Digest
    offer_hash: Digest
    key_id: KeyId
    signature: str
    on_behalf_of: OrganisationId | None = None
    basis: Basis = Basis.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAccepted:
    """The farmer agreed to the offer with this hash.

    ``attestation`` is the installation's signature under it (``attesting``); None where it was recorded before there
    was one.
    """

    type: ClassVar[str] = "offer-accepted"
    offer_hash: Digest
    method: AcceptanceMethod
    attestation: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRecorded:
    """移交: carcasses went to harmless disposal; weighed in kg, signed by the collector, agreed to by the farmer.

    ``attestation``: the farmer's code was given for it, the installation signs; None as in ``OfferAccepted``.
    """

    type: ClassVar[str] = "handover-recorded"
    receipt_number: str
    heads: int
    weight_kg: Decimal
    collector: OfficerId
    key_id: KeyId
    signature: str
    handed_over_at: datetime
    attestation: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued:
    """无害化处理证明: the plant destroyed the carcasses."""

    type: ClassVar[str] = "certificate-issued"
    certificate_number: str
    heads: int
    issued_by: OfficerId
    key_id: KeyId
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLabelled:
    """标注: an officer said what is on a photo; a later one about the same photo stands instead."""

    type: ClassVar[str] = "photo-labelled"
    photo_id: PhotoId
    label: PhotoLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """The farmer lets the claim's photos teach the counter."""

    type: ClassVar[str] = "consent-given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn:
    """The farmer no longer lets the claim's photos teach the counter."""

    type: ClassVar[str] = "consent-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced:
    """Nothing is paid until a named person releases it. ``because`` holds the keys of the doubts behind it."""

    type: ClassVar[str] = "hold-placed"
    kind: HoldKind
    reason: str
    because: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased:
    """A named person looked and let the claim go on."""

    type: ClassVar[str] = "hold-released"
    kind: HoldKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWithdrawn:
    """The farmer took the report back."""

    type: ClassVar[str] = "claim-withdrawn"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutStarted:
    """Recorded before the bank is called: from here on a transfer under this key may exist.

    ``bank_file`` is the message id of the payment file that it left in; None where it leaves through the gateway.
    ``heads_paid`` of the cover period by then, this payout aside; None where it was not recorded. ``account_last4`` of
    the payee, empty where it was not recorded; ``attestation`` as in ``OfferAccepted``.
    """

    type: ClassVar[str] = "payout-started"
    payout_no: int
    payout_id: PayoutId
    amount: Money
    bank_file: str | None = None
    heads_paid: int | None = None
    account_last4: str = ""
    attestation: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutAccepted:
    """The bank took the order; its word that the money arrived is still to come."""

    type: ClassVar[str] = "payout-accepted"
    payout_id: PayoutId
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutUnanswered:
    """The order was sent and nobody knows whether the bank took it: ask, never send afresh."""

    type: ClassVar[str] = "payout-unanswered"
    payout_id: PayoutId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutConfirmed:
    """The money is on the account, the bank says."""

    type: ClassVar[str] = "payout-confirmed"
    payout_id: PayoutId
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutFailed:
    """The bank refused the transfer; no money moved."""

    type: ClassVar[str] = "payout-failed"
    payout_id: PayoutId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReturned:
    """退汇: the money had left, and the bank brought it back."""

    type: ClassVar[str] = "payout-returned"
    payout_id: PayoutId
    bank_reference: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRetried:
    """A person asked for a new payout after a failed or returned one; the old key is never used again."""

    type: ClassVar[str] = "payout-retried"
    payout_id: PayoutId
    reason: str


Event = (
    ClaimReported
    | PhotoReceived
    | PhotoChecked
    | EvidenceRequested
    | EvidenceAdded
    | ClaimTriaged
    | ClaimAssessed
    | LaneDecided
    | OfferAccepted
    | HandoverRecorded
    | CertificateIssued
    | PhotoLabelled
    | ConsentGiven
    | ConsentWithdrawn
    | HoldPlaced
    | HoldReleased
    | ClaimWithdrawn
    | PayoutStarted
    | PayoutAccepted
    | PayoutUnanswered
    | PayoutConfirmed
    | PayoutFailed
    | PayoutReturned
    | PayoutRetried
    | DeadlineAtRisk
    | DeadlineBreached
    | ClaimEscalated
    | OfficerRecused
    | LaneDelegated
    | ClaimRated
    | TicketOpened
    | TicketAssigned
    | TicketClosed
    | FlagJudged
    | HolderNudged
    | LaneAssigned
    | VisitStarted
    | VisitEnded
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place: ``seq`` counts a claim's events from 1; ``at`` is aware UTC."""

    seq: int
    at: datetime
    actor: Actor
    event: Event
