"""Photos arrive, are checked, and the claim is triaged."""

from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.commands import AddEvidence, ReceivePhoto, RecordPhotoChecks, Triage
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.offering import accepted_in_advance, basis_of, loss_of, offer_from, quote_for
from backend.domain.decisions.payee_holds import held_for_payee
from backend.domain.decisions.reporting import MOST_PHOTOS, NO_PHOTO, too_many_photos, wrong_photos
from backend.domain.events import (
    ClaimTriaged,
    Event,
    EvidenceAdded,
    EvidenceRequested,
    HoldPlaced,
    PhotoChecked,
    PhotoReceived,
)
from backend.domain.evidence import evidence_hash
from backend.domain.problems import FieldError, InvalidInput, PhotoNotAnnounced
from backend.domain.replacing import replace
from backend.domain.rules.rule import Case
from backend.domain.rules.triage import judge, path_for
from backend.domain.rules.versions import CURRENT
from backend.domain.words import HoldKind, Path

NO_PHOTO_CAME = "none of the announced photos has arrived"


def receive_photo(claim: Claim, command: ReceivePhoto) -> list[Event]:
    """The photo is whole; the same photo again changes nothing.

    Raises:
        PhotoNotAnnounced: No manifest of this claim named it.
    """
    photo = claim.photo(command.photo_id)
    if photo is None:
        raise PhotoNotAnnounced(command.photo_id)
    if photo.received_at is not None:
        return []
    return [PhotoReceived(photo_id=command.photo_id, bytes=command.bytes)]


def add_evidence(claim: Claim, command: AddEvidence) -> list[Event]:
    """More photos or an answer in words take the claim back to VERIFYING.

    Raises:
        InvalidInput: Neither a photo nor a word, or a photo that cannot be right.
    """
    errors = list(wrong_photos(command.photos))
    if not command.photos and not command.note.strip():
        errors.append(FieldError("/note", "give photos or a note"))
    if errors:
        raise InvalidInput("this evidence cannot be used", errors=errors)
    known = {photo.id for photo in claim.photos}
    new = tuple(photo for photo in command.photos if photo.photo_id not in known)
    if len(known) + len(new) > MOST_PHOTOS:
        raise InvalidInput("this evidence cannot be used", errors=[too_many_photos(len(known) + len(new))])
    # While the farmer is being asked, the same words or photos are an answer too: "I have no other".
    if not claim.asked and not new and (not command.note or command.note in claim.notes):
        return []
    return [EvidenceAdded(photos=new, note=command.note)]


def record_photo_checks(claim: Claim, command: RecordPhotoChecks) -> list[Event]:
    """One photo's findings, once; before its bytes have arrived there is nothing to find.

    Raises:
        PhotoNotAnnounced: No manifest of this claim named it.
    """
    photo = claim.photo(command.photo_id)
    if photo is None:
        raise PhotoNotAnnounced(command.photo_id)
    return [PhotoChecked(photo_id=command.photo_id, checks=command.checks)] if photo.is_unchecked else []


def triage(claim: Claim, command: Triage, facts: Facts, at: datetime) -> list[Event]:
    """Judge the whole claim once every photo that arrived has been checked.

    While photos are on their way and the wait is not over, nothing happens yet. When it is over and none came, the
    farmer is asked (domain.md §1, VERIFYING).
    """
    if claim.unchecked_photos:
        return []
    has_photo = any(photo.received_at for photo in claim.photos)
    wait_ends = claim.gathering_since + facts.clocks.verification_wait
    if claim.missing_photos and at < wait_ends:
        return []
    if not has_photo:
        return [EvidenceRequested(reason=NO_PHOTO_CAME if claim.photos else NO_PHOTO)]
    return _judged(claim, command, facts, at)


def _judged(claim: Claim, command: Triage, facts: Facts, at: datetime) -> list[Event]:
    basis = basis_of(facts, loss_of(claim))
    quote = quote_for(facts.product, basis, claim.report.species, claim.heads, claim.animals)
    beside = replace(facts.elsewhere, programme=facts.programme, near_copies=dict(command.near_copies))
    case = Case(
        claim=claim,
        scene=command.scene,
        quote=quote,
        product=facts.product,
        elsewhere=beside,
        at=at,
    )
    doubts = judge(case, CURRENT)
    path = path_for(doubts)
    offer = offer_from(quote, basis, claim.heads, claim.animals)
    events: list[Event] = [
        ClaimTriaged(
            path=path,
            findings=doubts,
            scene=command.scene,
            offer=offer,
            rule_version=CURRENT.version,
            elsewhere=beside,
            evidence_hash=evidence_hash(claim, doubts, command.scene),
        )
    ]
    holding = tuple(doubt for doubt in doubts if doubt.holds)
    if path is Path.HOLD and not claim.hold(HoldKind.SIGNALS):
        reason = ", ".join(sorted({doubt.code for doubt in holding}))
        events.append(
            HoldPlaced(kind=HoldKind.SIGNALS, reason=reason, because=tuple(doubt.key for doubt in holding))
        )
    return events + held_for_payee(claim, facts, at) + accepted_in_advance(claim, offer)
