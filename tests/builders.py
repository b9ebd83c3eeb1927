"""Builders of values and commands for tests: plain functions, and what is not said is a clean claim for two pigs.

``tests.stories`` makes claims of them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.decisions.facts import Clocks, Facts
from backend.domain.elsewhere import Elsewhere
from backend.domain.events import SceneFound
from backend.domain.flags.words import FlagState
from backend.domain.ids import (
    ClaimId,
    Digest,
    FarmId,
    KeyId,
    OfficerId,
    OrganisationId,
    PhotoId,
    PolicyNumber,
)
from backend.domain.labels import LabelBox
from backend.domain.money import Money
from backend.domain.parties import Actor, Officer, Payee, Policy
from backend.domain.photos import BoxFound, CountFound, FenceFound, PhotoAnnounced, PhotoChecks, PhotoRefused
from backend.domain.policy import Animal, Terms
from backend.domain.words import (
    ActorKind,
    Cause,
    Decision,
    HoldKind,
    Lane,
    PayGate,
    ReasonCode,
    Species,
    WeightSource,
)
from backend.products.load import products

REPORTED_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DIED_AT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WAIT = Clocks().verification_wait

CLAIM_ID = ClaimId(UUID("5b0c6e0e-6f0b-4f6e-9a53-0d5b7a6f3c11"))
NUMBER = "FC-20261123-0001"
FARMER = Actor(ActorKind.FARMER, "farmer-1")
ALL_THREE = tuple(Lane)
INSIDE = FenceFound("INSIDE", Decimal("40.000"), Decimal("0.9990"), Decimal("8.000"), "farm-1")
OUTSIDE = FenceFound(
    "OUTSIDE", Decimal("-900.000"), Decimal("0.0000"), Decimal("8.000"), None, direction="NE"
)
NO_FIX = FenceFound("UNKNOWN", None, None, None, None, signals=("NO_FIX",))


def terms(**changes: object) -> Terms:
    plain = Terms(
        incepted=date(2026, 3, 1),
        expires=date(2027, 2, 28),
        insured_heads=100,
        stock=100,
        sum_insured=Money.parse("700.00"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_policy(**changes: object) -> Policy:
    """Hundred fattening pigs, all insured for 700.00 each."""
    plain = Policy(
        number=PolicyNumber("P-2026-001"),
        farm_id=FarmId("farm-1"),
        farm_name="Willow Farm",
        county="370800",
        species=Species.PIG,
        product="pig-bands",
        terms=terms(),
        payee=Payee("Wang Fang", "6222000011112222"),
        pay_gate=PayGate.HANDOVER,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_cattle_policy(**changes: object) -> Policy:
    """Ten head of beef cattle, all insured for 12 000.00 each."""
    herd = terms(insured_heads=10, stock=10, sum_insured=Money.parse("12000.00"))
    return a_policy(
        **{
            "number": PolicyNumber("P-2026-002"),
            "species": Species.CATTLE,
            "product": "beef-fixed",
            "terms": herd,
            **changes,
        }
    )


def facts(
    policy: Policy | None = None,
    *,
    heads_paid: int = 0,
    sightings: Mapping[PhotoId, tuple[str, ...]] | None = None,
    tag_claims: Mapping[str, tuple[str, ...]] | None = None,
    elsewhere: Elsewhere | None = None,
    clocks: Clocks | None = None,
    number: str = NUMBER,
) -> Facts:
    """The world around one claim; ``heads_paid`` is what other claims have used up by now."""
    policy = policy or a_policy()
    return Facts(
        policy=policy,
        product=products().find(policy.product, policy.terms.incepted),
        terms=replace(policy.terms, heads_paid=heads_paid),
        number=number,
        clocks=clocks or Clocks(),
        elsewhere=elsewhere or Elsewhere(by_photo=dict(sightings or {}), by_tag=dict(tag_claims or {})),
    )


def a_digest(text: str) -> Digest:
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def a_photo_id(name: str = "photo-1") -> PhotoId:
    return PhotoId(a_digest(name))


def a_photo(name: str = "photo-1") -> PhotoAnnounced:
    return PhotoAnnounced(a_photo_id(name), 90_000, "image/jpeg")


def pigs(*weights: str | None) -> tuple[Animal, ...]:
    """Declared pigs with refs 1, 2, 3 …; weights in kg."""
    return tuple(
        Animal(
            str(place),
            Species.PIG,
            weight_kg=None if kg is None else Decimal(kg),
            weight_source=None if kg is None else WeightSource.DECLARED_BAND,
        )
        for place, kg in enumerate(weights, start=1)
    )


def a_report(*weights: str | None, photos: Iterable[str] = ("photo-1",), **changes: object) -> c.Report:
    """A report of pigs of these weights, or of two of 95 kg."""
    animals = pigs(*(weights or ("95", "95")))
    plain = c.Report(
        claim_id=CLAIM_ID,
        policy_number=PolicyNumber("P-2026-001"),
        species=Species.PIG,
        heads=len(animals),
        cause=Cause.ACCIDENT,
        occurred_at=DIED_AT,
        animals=animals,
        photos=tuple(a_photo(name) for name in photos),
        by=FARMER,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def an_officer(lane: Lane | None, *, name: str = "li", organisation: str | None = None) -> Officer:
    """A person of the lane's own organisation; without a lane the disposal company's collector."""
    office = organisation or {
        Lane.INSURER: "org-insurer",
        Lane.VETERINARY: "org-veterinary",
        Lane.INSPECTION: "org-inspection",
        None: "org-disposal",
    }.get(lane, "")
    return Officer(OfficerId(f"{name}@{office}"), name, OrganisationId(office), lane)


def a_count(heads: int = 2, *, unsure: bool = False, species: str = "pig") -> CountFound:
    boxes = tuple(
        BoxFound((10 * head, 10, 10 * head + 8, 30), species, Decimal("0.9000")) for head in range(heads)
    )
    return CountFound("shipped-1", heads, heads, heads, unsure, boxes=boxes)


def photo_checks(
    *,
    fence: FenceFound = INSIDE,
    count: CountFound | None = None,
    signals: tuple[str, ...] = (),
    refused: PhotoRefused | None = None,
) -> PhotoChecks:
    """What the machine found on a good photo of two pigs."""
    return PhotoChecks(
        width=1280,
        height=960,
        format="JPEG",
        taken_at=DIED_AT,
        location_grade="B",
        fence=fence,
        count=count or a_count(),
        signals=signals,
        refused=refused,
    )


def a_scene(count: int | None = 2, *, low: int | None = None, high: int | None = None) -> SceneFound:
    """A sure count, or an unsure one where *low* or *high* is given."""
    unsure = count is None or low is not None or high is not None
    return SceneFound(
        count=count, low=count if low is None else low, high=count if high is None else high, unsure=unsure
    )


# Commands on a claim as it stands.


def received(name: str = "photo-1") -> c.ReceivePhoto:
    return c.ReceivePhoto(photo_id=a_photo_id(name), bytes=90_000, by=FARMER)


def checked(name: str = "photo-1", checks: PhotoChecks | None = None) -> c.RecordPhotoChecks:
    return c.RecordPhotoChecks(photo_id=a_photo_id(name), checks=checks or photo_checks())


def evidence(*names: str, note: str = "") -> c.AddEvidence:
    return c.AddEvidence(by=FARMER, photos=tuple(a_photo(name) for name in names), note=note)


def decision(
    claim: Claim,
    lane: Lane,
    said: Decision = Decision.APPROVE,
    *,
    by: Officer | None = None,
    reason_code: ReasonCode | None = None,
    note: str = "looked at it",
) -> c.DecideLane:
    """A decision on exactly what the claim shows now."""
    return c.DecideLane(
        officer=by or an_officer(lane),
        lane=lane,
        decision=said,
        evidence_hash=claim.evidence_hash or a_digest("no evidence"),
        offer_hash=claim.offer_hash or a_digest("no offer"),
        key_id=KeyId("key-1"),
        signature="signed",
        reason_code=reason_code,
        note=note,
    )


def rejection(claim: Claim, lane: Lane = Lane.VETERINARY, **changes: object) -> c.DecideLane:
    plain = decision(
        claim, lane, Decision.REJECT, reason_code=ReasonCode.PERIL_EXCLUDED, note="drowned before the cover"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def acceptance(claim: Claim) -> c.AcceptOffer:
    return c.AcceptOffer(offer_hash=claim.offer_hash or a_digest("no offer"), by=FARMER)


def assessment(*weights: str | None, heads: int | None = None, reason: str = "weighed again") -> c.Assess:
    return c.Assess(
        officer=an_officer(Lane.INSURER),
        heads=len(weights) if heads is None else heads,
        animals=pigs(*weights),
        reason=reason,
    )


def handover(heads: int = 2, weight_kg: str = "190", *, receipt: str = "R-1") -> c.RecordHandover:
    return c.RecordHandover(
        collector=an_officer(None),
        receipt_number=receipt,
        heads=heads,
        weight_kg=Decimal(weight_kg),
        key_id=KeyId("key-2"),
        signature="signed",
        handed_over_at=REPORTED_AT,
    )


def certificate(heads: int = 2, *, number: str = "C-1") -> c.IssueCertificate:
    return c.IssueCertificate(
        officer=an_officer(Lane.INSPECTION),
        certificate_number=number,
        heads=heads,
        key_id=KeyId("key-3"),
        signature="signed",
    )


def a_label(
    *boxes: tuple[int, int, int, int],
    heads: int | None = None,
    photo: str = "photo-1",
    lane: Lane | None = Lane.INSURER,
    **changes: object,
) -> c.LabelPhoto:
    """Pigs in these boxes, or the number alone; two of them where nothing is said."""
    drawn = boxes or (((10, 10, 20, 30), (30, 10, 40, 30)) if heads is None else ())
    plain = c.LabelPhoto(
        officer=an_officer(lane),
        photo_id=a_photo_id(photo),
        heads=heads,
        boxes=tuple(LabelBox(box, "pig") for box in drawn) if drawn else None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_consent(*, given: bool = True) -> c.ChangeConsent:
    return c.ChangeConsent(by=FARMER, photos_may_teach=given)


def a_hold(kind: HoldKind = HoldKind.SIGNALS, lane: Lane | None = Lane.VETERINARY) -> c.PlaceHold:
    return c.PlaceHold(officer=an_officer(lane), kind=kind, reason="let me call the farm")


def a_release(kind: HoldKind = HoldKind.SIGNALS, lane: Lane = Lane.INSURER) -> c.ReleaseHold:
    return c.ReleaseHold(officer=an_officer(lane), kind=kind, reason="called, all well")


def a_flag_judgement(
    flag: str = "DUPLICATE_PHOTO:photo",
    *,
    confirmed: bool = False,
    lane: Lane | None = Lane.INSURER,
    **changes: object,
) -> c.JudgeFlag:
    state = FlagState.CONFIRMED if confirmed else FlagState.CLEARED
    plain = c.JudgeFlag(officer=an_officer(lane), flag=flag, state=state, reason="compared both photos")
    return replace(plain, **changes)  # type: ignore[arg-type]


def under_way(claim: Claim) -> c.RecordAccepted:
    assert claim.payout is not None
    return c.RecordAccepted(payout_id=claim.payout.id, bank_reference="B-1")


def unanswered(claim: Claim) -> c.RecordUnanswered:
    assert claim.payout is not None
    return c.RecordUnanswered(payout_id=claim.payout.id, reason="no answer in 10 s")


def confirmed_by_bank(claim: Claim) -> c.RecordConfirmed:
    assert claim.payout is not None
    return c.RecordConfirmed(payout_id=claim.payout.id, bank_reference="B-1")


def failed_at_bank(claim: Claim) -> c.RecordFailed:
    assert claim.payout is not None
    return c.RecordFailed(payout_id=claim.payout.id, reason="ACCOUNT_CLOSED")


def returned_by_bank(claim: Claim) -> c.RecordReturned:
    assert claim.payout is not None
    return c.RecordReturned(payout_id=claim.payout.id, bank_reference="B-2", reason="AC04: account closed")


def a_retry(lane: Lane = Lane.INSURER, *, missing: bool = False) -> c.RetryPayout:
    return c.RetryPayout(officer=an_officer(lane), reason="new account", is_missing_from_statement=missing)
