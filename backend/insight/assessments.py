"""What assessments and receipts changed about a claim, as people read it: sums, heads, void approvals."""

from backend.domain.assessments import Assessment
from backend.domain.claim import Claim
from backend.domain.lanes import LaneRecord
from backend.domain.offer import OfferBasis
from backend.domain.plain import plain
from backend.domain.words import LaneState, ReasonCode
from backend.store.run import Outcome
from backend.texts.load import Language, Table, sentence
from backend.texts.working import working_in

Document = dict[str, object]


def assessment_document(told: Assessment) -> Document:
    """One assessment as a structured difference: what was before, what is after, who says so and why."""
    return {
        "at": told.at.isoformat(),
        "by": told.by.id,
        "organisation": told.by.organisation,
        "reason": told.reason,
        "amount_before": None if told.amount_before is None else str(told.amount_before),
        "amount_after": str(told.amount_after),
        "receipt_number": told.receipt_number,
        "changes": plain(told.changes),
        "voided": [
            {
                "lane": one.lane,
                "by": one.by,
                "amount": None if one.amount is None else str(one.amount),
            }
            for one in told.voided
        ],
    }


def trial_document(tried: Outcome) -> Document:
    """What an assessment would change; ``changed`` is False where it only says what stands."""
    claim = tried.claim
    changed = bool(tried.recorded)
    stands = None if claim.offer is None else str(claim.offer.amount)
    told = claim.assessments[-1] if changed else None
    return {
        "number": claim.report.number,
        "changed": changed,
        "amount_before": stands if told is None else assessment_document(told)["amount_before"],
        "amount_after": stands,
        "changes": [] if told is None else plain(told.changes),
        "voided": [] if told is None else assessment_document(told)["voided"],
        "animals": animal_documents(claim),
        "offer": offer_document(claim),
    }


def offer_document(claim: Claim) -> Document | None:
    """The offer with its working, line by line: the weight that each rests on, and who gave it."""
    offer = claim.offer
    if offer is None:
        return None
    sources = {animal.ref: animal.weight_source for animal in claim.animals}
    return {
        "amount": str(offer.amount),
        "currency": "CNY",
        "offer_hash": claim.offer_hash,
        "product": offer.product,
        "heads_payable": offer.heads_payable,
        "covered": offer.covered,
        "complete": offer.complete,
        "lines": [
            {
                "ref": line.ref,
                "amount": str(line.amount),
                "weight_kg": None if line.weight_kg is None else str(line.weight_kg),
                "weight_source": sources.get(line.ref),
                "working": line.working,
                "working_zh": working_in(Language.ZH, line.steps, line.working),
                "codes": list(line.codes),
            }
            for line in offer.lines
        ],
        "basis": offer.basis and _basis(offer.basis),
    }


def _basis(basis: OfferBasis) -> Document:
    """What the sum rests on beside the animals."""
    price = basis.market_price
    return {
        "insured_heads": basis.terms.insured_heads,
        "stock": basis.terms.stock,
        "heads_paid": basis.terms.heads_paid,
        "market_price": price
        and {
            "county": price.county,
            "week": price.week.isoformat(),
            "per_kg": str(price.per_kg),
            "source": price.source,
            "published_on": price.published_on.isoformat(),
        },
    }


def animal_documents(claim: Claim) -> list[Document]:
    """The animals as they stand; a picture by its code."""
    return [
        {
            "ref": animal.ref,
            "species": animal.species,
            "tag": animal.tag,
            "category": animal.category,
            "weight_kg": None if animal.weight_kg is None else str(animal.weight_kg),
            "weight_source": animal.weight_source,
            "age_months": animal.age_months,
            "size_band": animal.size_band and animal.size_band.code,
        }
        for animal in claim.animals
    ]


def flock_document(claim: Claim) -> Document | None:
    """What the insurer found of a flock, in percent."""
    flock = claim.flock
    if flock is None:
        return None
    figures = (flock.age_percent, flock.normal_mortality_percent)
    age, mortality = (None if one is None else str(one) for one in figures)
    return {"age_percent": age, "normal_mortality_percent": mortality}


def receipt_reasons(claim: Claim, language: Language) -> list[Document]:
    """Where a recorded receipt differs: reasons beside the triage's, since a handover is no evidence."""
    handover, claimed = claim.handover, claim.claimed_weight
    if handover is None:
        return []
    texts = {
        ReasonCode.COUNT_MISMATCH: ("receipt-heads", handover.heads, claim.heads),
        ReasonCode.WEIGHT_MISMATCH: (
            "receipt-weight",
            f"{handover.weight_kg:f}",
            claimed and f"{claimed.kg:f}",
        ),
    }
    return [
        {
            "code": gap,
            "text": sentence(language, Table.NOTICE, key, receipt=receipt, claimed=own),
            "holds": False,
            "answered": False,
        }
        for gap in claim.receipt_gaps
        if gap in texts
        for key, receipt, own in (texts[gap],)
    ]


def voided_words(claim: Claim, record: LaneRecord, language: Language) -> str | None:
    """Why an approval is void, in the officer's words; None for a lane whose approval stands or was never given."""
    if record.state is not LaneState.VOID or record.decided is None or record.amount is None:
        return None
    now = claim.offer.amount if claim.offer else None
    key = "void-evidence" if record.decided.offer_hash == claim.offer_hash else "void-offer"
    return sentence(language, Table.NOTICE, key, before=record.amount, now=now)
