"""One claim as people and scripts read it: ``claim show`` and ``claim timeline`` (formats.md)."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from backend.domain.claim import Claim, Hold
from backend.domain.events import ClaimAssessed, Recorded, SceneFound
from backend.domain.fold import apply
from backend.domain.ids import ClaimId
from backend.domain.personal.masks import masked_name
from backend.domain.photos import FenceFound, Photo
from backend.domain.plain import plain
from backend.domain.problems import NotFound
from backend.domain.rules.count import verdict_on
from backend.domain.rules.place import worst_fence
from backend.domain.rules.weights import is_answered
from backend.domain.spending import PaymentStop
from backend.domain.stages import INSURER, Stage, stage_of, whole_stages
from backend.domain.words import HoldKind, Lane, State
from backend.insight.assessments import (
    animal_documents,
    assessment_document,
    flock_document,
    offer_document,
    receipt_reasons,
    voided_words,
)
from backend.insight.clocks import with_clocks
from backend.insight.link_view import claim_seen, timeline_seen
from backend.insight.path_why import path_document
from backend.insight.proposals import with_rejection
from backend.insight.standing import assisted_by, lane_standing, stepped_back, told_of_time
from backend.insight.tickets import rating_document
from backend.insight.told import notices_told
from backend.store import events, payment_gate, projection
from backend.texts.events import event_sentence
from backend.texts.load import Language, Table, sentence

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language, and whether the sentences are for the farmer or for an officer.

    ``is_link``: whoever holds a link to the claim, who sees less (``link_view``).
    """

    language: Language
    table: Table
    is_link: bool = False


def show(connection: Connection, claim_id: ClaimId, reader: Reader) -> Document:
    """The claim as it stands.

    Raises:
        NotFound: No such claim.
    """
    claim = events.load(connection, claim_id)
    document = with_clocks(connection, claim_id, claim_document(claim, reader))
    if reader.table is Table.OFFICER and any(hold.is_above_all for hold in claim.holds):
        document["holds"] = [_hold(hold, payment_gate.standing(connection)) for hold in claim.holds]
    document |= with_rejection(connection, claim_id, reader.table)
    return claim_seen(document) if reader.is_link else document


def timeline(connection: Connection, claim_id: ClaimId, reader: Reader, now: datetime) -> Document:
    """The claim's events in the reader's words, where the seconds went, and what the farmer was told.

    Raises:
        NotFound: No such claim.
    """
    history = events.history(connection, claim_id)
    told: list[Document] = []
    claim: Claim | None = None
    for entry in history:
        # Told as it stood then: a later offer must not change which sum the farmer had agreed to.
        claim = apply(claim, entry)
        told.append(event_document(entry, claim, reader.language))
    if claim is None:
        raise NotFound("claim", claim_id)
    document: Document = {
        "number": claim.report.number,
        "id": str(claim_id),
        "state": claim.state,
        "events": told,
        "stages": [_stage(stage, now) for stage in whole_stages(projection.stages(connection, claim_id))],
        "seconds_to_paid": seconds_to_paid(claim),
        "notices": notices_told(connection, claim_id),
    }
    return timeline_seen(document, reader.language) if reader.is_link else document


def claim_document(claim: Claim, reader: Reader) -> Document:
    """``claim show``: every field of formats.md, and what a screen needs beside it."""
    report = claim.report
    scene = claim.scene
    now_held = stage_of(claim)
    return {
        "number": report.number,
        "id": str(report.claim_id),
        "state": claim.state,
        "path": claim.path,
        "path_because": path_document(claim, reader.language),
        "holds": [_hold(hold) for hold in claim.holds],
        "reasons": [*_reasons(claim, reader), *receipt_reasons(claim, reader.language)],
        "heads_claimed": report.heads,
        "heads_assessed": claim.heads,
        "heads_counted": scene.count if scene else None,
        "count": None if scene is None else _count(claim, scene, reader),
        "fence": _fence(worst_fence(claim)),
        "offer": offer_document(claim),
        "evidence_hash": claim.evidence_hash,
        "lanes": {lane.value: _lane(claim, lane, reader.language) for lane in Lane},
        "acceptance": _acceptance(claim),
        "handover": _handover(claim),
        "certificate": None
        if claim.certificate is None
        else {
            "certificate_number": claim.certificate.certificate_number,
            "heads": claim.certificate.heads,
            "issued_by": claim.certificate.issued_by,
        },
        "payout": _payout(claim),
        "due_at": report.due_at.isoformat(),
        "reported_at": claim.reported_at.isoformat(),
        "assisted_by": assisted_by(claim),
        "held_by": _holder(claim, now_held),
        "version": claim.version,
        "asked": claim.asked.reason if claim.asked else None,
        "rejection": _rejection(claim),
        "policy_number": report.policy.number,
        "farm": {"id": report.policy.farm_id, "name": report.policy.farm_name},
        "product": report.product,
        "species": report.species,
        "cause": report.cause,
        "occurred_at": report.occurred_at.isoformat(),
        "animals": animal_documents(claim),
        "flock": flock_document(claim),
        "assessments": [assessment_document(one) for one in claim.assessments],
        "photos": [_photo(photo) for photo in claim.photos],
        "notes": list(claim.notes),
        "rating": rating_document(claim),
        "photos_may_teach": claim.photos_may_teach,
        "deadlines": told_of_time(claim),
        "recused": stepped_back(claim, is_officer=reader.table is Table.OFFICER),
        "assigned": claim.assigned if reader.table is Table.OFFICER else None,
        "nudged_at": claim.nudged_at.isoformat() if claim.nudged_at else None,
        "payee": {
            "name": report.policy.payee.name
            if reader.table is Table.FARMER
            else masked_name(report.policy.payee.name),
            "account_last4": report.policy.payee.account_last4,
        },
    }


def _hold(hold: Hold, stop: PaymentStop | None = None) -> Document:
    """A hold; where the switch placed it, officers read who turned the switch, and why."""
    shown: Document = {
        "kind": hold.kind,
        "since": hold.since.isoformat(),
        "by": hold.by.id,
        "reason": hold.reason,
    }
    if stop and hold.is_above_all and hold.kind is HoldKind.STOP_PAYMENTS:
        shown |= {"by": stop.by, "reason": stop.reason}
    return shown


def event_document(entry: Recorded, claim: Claim, language: Language) -> Document:
    """One event of a timeline; *claim* is the claim as it stood right after it."""
    document: Document = {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "type": entry.event.type,
        "actor": entry.actor.id,
        "organisation": entry.actor.organisation,
        "text": event_sentence(language, entry, claim),
    }
    if isinstance(entry.event, ClaimAssessed):
        document["assessment"] = assessment_document(claim.assessments[-1])
    return document


def seconds_to_paid(claim: Claim) -> float | None:
    """From the report to the bank's word that the money arrived; None until then."""
    paid = claim.paid_at
    return None if paid is None else round((paid - claim.reported_at).total_seconds(), 3)


def _holder(claim: Claim, held: tuple[str, str] | None) -> str | None:
    """Who has it now: a receipt that differs waits for an assessment, not for the truck."""
    if claim.state is State.ACCEPTED and claim.has_differing_receipt and not claim.holds:
        return INSURER
    return held[1] if held else None


def _reasons(claim: Claim, reader: Reader) -> list[Document]:
    """Doubts with their sentences; one about a weight is answered once an officer has assessed it."""
    return [
        {
            "code": finding.code,
            "text": sentence(reader.language, reader.table, finding.code, **finding.facts),
            "holds": finding.holds,
            "answered": is_answered(finding.subject, claim),
        }
        for finding in claim.findings
    ]


def _count(claim: Claim, scene: SceneFound, reader: Reader) -> Document:
    """The scene, what it says of the heads claimed, and how far that is to be trusted."""
    verdict = verdict_on(claim, scene)
    facts = {
        "counted": scene.count,
        "low": scene.low if scene.low != scene.high else None,
        "high": scene.high,
        "claimed": None if scene.count is None else claim.report.heads,
        "because": ", ".join(scene.reasons),
    }
    # A farmer is told what was seen; how often the counter errs is for those who decide.
    stated = scene.answered_error if reader.table is Table.OFFICER else None
    if stated:
        facts |= {
            "wrong": _of_a_hundred(stated.share),
            "least": _of_a_hundred(stated.low),
            "most": _of_a_hundred(stated.high),
            "photos": stated.photos,
        }
    error = scene.answered_error
    return {
        "count": scene.count,
        "low": scene.low,
        "high": scene.high,
        "unsure": scene.unsure,
        "reasons": list(scene.reasons),
        "overlapping": [list(photos) for photos in scene.overlapping],
        "verdict": verdict,
        "answered_error": error
        and {
            "share": float(error.share),
            "low": float(error.low),
            "high": float(error.high),
            "n": error.photos,
        },
        "text": sentence(reader.language, Table.COUNT, verdict, **facts),
    }


def _of_a_hundred(share: Decimal) -> int:
    return round(100 * share)


def _fence(found: FenceFound | None) -> Document | None:
    if found is None:
        return None
    nearest = found.nearest
    return {
        "decision": found.decision,
        "distance_m": _number(found.distance_m),
        "probability_inside": _number(found.probability_inside),
        "accuracy_m": _number(found.accuracy_m),
        "premises": found.premises,
        "nearest": None
        if nearest is None
        else {"premises": nearest.premises, "distance_m": _number(nearest.distance_m)},
        "signals": list(found.signals),
        "direction": found.direction,
    }


def _number(exact: object) -> float | None:
    return None if exact is None else float(str(exact))


def _lane(claim: Claim, lane: Lane, language: Language) -> Document:
    record = claim.lanes[lane]
    given = record.decided
    return {
        "state": record.state,
        "by": given.by if given else None,
        "organisation": given.organisation if given else None,
        "at": record.at.isoformat() if record.at else None,
        "note": given.note if given else None,
        "reason_code": given.reason_code if given else None,
        "amount": None if record.amount is None else str(record.amount),
        "void": voided_words(claim, record, language),
    } | lane_standing(claim, lane)


def _acceptance(claim: Claim) -> Document | None:
    if claim.acceptance is None or claim.accepted_at is None:
        return None
    return {
        "offer_hash": claim.acceptance.offer_hash,
        "method": claim.acceptance.method,
        "at": claim.accepted_at.isoformat(),
        "is_current": claim.is_accepted,
    }


def _handover(claim: Claim) -> Document | None:
    handover = claim.handover
    if handover is None:
        return None
    return {
        "receipt_number": handover.receipt_number,
        "heads": handover.heads,
        "weight_kg": str(handover.weight_kg),
        "collector": handover.collector,
        "handed_over_at": handover.handed_over_at.isoformat(),
        "gaps": list(claim.carcass_gaps),
    }


def _payout(claim: Claim) -> Document | None:
    payout = claim.payout
    if payout is None:
        return None
    return {
        "state": State.PAID if claim.state is State.CLOSED else claim.state,
        "amount": str(payout.amount),
        "reference": payout.bank_reference,
        "id": str(payout.id),
        "reason": payout.reason,
        "paid_at": claim.paid_at.isoformat() if claim.paid_at else None,
        "bank_file": payout.bank_file,
    }


def _rejection(claim: Claim) -> Document | None:
    if claim.rejection is None:
        return None
    decision = claim.rejection.decision
    return {
        "by": decision.by,
        "organisation": decision.organisation,
        "lane": decision.lane,
        "reason_code": decision.reason_code,
        "note": decision.note,
        "at": claim.rejection.at.isoformat(),
    }


def _photo(photo: Photo) -> Document:
    checks = photo.checks
    return {
        "sha256": photo.id,
        "received": photo.received_at is not None,
        "width": checks.width if checks else None,
        "height": checks.height if checks else None,
        "media_type": photo.announced.media_type,
        "count": checks.count.count if checks and checks.count else None,
        "unsure": checks.count.unsure if checks and checks.count else None,
        "model": checks.count.model if checks and checks.count else None,
        "boxes": plain(checks.count.boxes) if checks and checks.count else [],
        "location_grade": checks.location_grade if checks else None,
        "fence": _fence(checks.fence) if checks else None,
        "signals": list(checks.signals) if checks else [],
        "error": plain(checks.refused) if checks else None,
        "camera_exif": json.loads(photo.announced.capture.camera_exif or "null"),
        "label": _label(photo),
    }


def _label(photo: Photo) -> Document | None:
    given = photo.labelled
    if given is None:
        return None
    label = given.label
    return {
        "heads": label.heads,
        "boxes": plain(label.boxes),
        "posture": label.posture,
        "dead": label.dead,
        "shows_people": label.shows_people,
        "note": label.note,
        "by": given.by.id,
        "organisation": given.by.organisation,
        "at": given.at.isoformat(),
    }


def _stage(stage: Stage, now: datetime) -> Document:
    return {
        "stage": stage.name,
        "seconds": round(stage.seconds(now), 3),
        "held_by": stage.held_by,
        "open": stage.ended_at is None,
    }
