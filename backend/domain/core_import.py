"""A paid claim as an insurer's core system imports it: one document, or a CSV row a head (docs/core-import.md).

Names and meanings stay put within ``FORMAT``; adding a field is fine, and columns are added at the end.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from backend.domain.claim import Claim, Payout
from backend.domain.money import ZERO, Money
from backend.domain.offer import Offer, OfferLine
from backend.domain.personal.masks import masked_name
from backend.domain.plain import moment
from backend.domain.policy import Animal
from backend.domain.words import Lane

FORMAT = "flashclaim/core-import/1"
CURRENCY = "CNY"

CLAIM_COLUMNS = (
    *(
        "claim_number",
        "claim_id",
        "policy_number",
        "farm_id",
        "farm_name",
        "county",
        "species",
        "product",
        "cause",
    ),
    *("occurred_at", "reported_at", "heads_claimed", "heads_assessed", "heads_paid", "currency", "amount"),
    *("payee_name", "account_last4", "payout_id", "payout_no", "bank_reference", "paid_at"),
    *("receipt_number", "handed_over_at", "certificate_number", "evidence_hash", "offer_hash"),
)
HEAD_COLUMNS = (
    *("ref", "tag", "category", "weight_kg", "weight_source", "age_months", "amount", "working", "codes"),
)
COLUMNS = (*CLAIM_COLUMNS, *(f"head_{name}" for name in HEAD_COLUMNS))
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection)."""


def core_document(claim: Claim, payout: Payout) -> dict[str, object]:
    """A claim and the payout that paid it: money and weights are decimal strings, times RFC 3339 in UTC.

    Raises:
        ValueError: The payout was not confirmed, or the claim has no offer: nothing was paid.
    """
    offer, report = claim.offer, claim.report
    if offer is None or payout.confirmed_at is None:
        raise ValueError("only what was paid is exported")
    handover, certificate = claim.handover, claim.certificate
    return {
        "claim_number": report.number,
        "claim_id": str(report.claim_id),
        "policy_number": report.policy.number,
        "farm_id": report.policy.farm_id,
        "farm_name": report.policy.farm_name,
        "county": report.policy.county,
        "species": report.species.value,
        "product": offer.product,
        "cause": report.cause.value,
        "occurred_at": moment(report.occurred_at),
        "reported_at": moment(claim.reported_at),
        "heads_claimed": report.heads,
        "heads_assessed": claim.heads,
        "heads_paid": offer.heads_payable,
        "currency": CURRENCY,
        "amount": str(payout.amount),
        "payee_name": masked_name(report.policy.payee.name),
        "account_last4": report.policy.payee.account_last4,
        "payout_id": str(payout.id),
        "payout_no": payout.no,
        "bank_reference": payout.bank_reference,
        "paid_at": moment(payout.confirmed_at),
        "receipt_number": handover.receipt_number if handover else None,
        "handed_over_at": moment(handover.handed_over_at) if handover else None,
        "certificate_number": certificate.certificate_number if certificate else None,
        "evidence_hash": claim.evidence_hash,
        "offer_hash": claim.offer_hash,
        "approvals": _approvals(claim),
        "heads": _heads(claim, offer),
    }


def csv_text(documents: Iterable[Mapping[str, object]], *, headed: bool = False) -> str:
    """RFC 4180 rows of documents, a row a head; *headed* begins with the columns' names.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    if headed:
        writer.writerow(COLUMNS)
    for document in documents:
        writer.writerows(_rows(document))
    return written.getvalue()


def _rows(document: Mapping[str, object]) -> Iterator[list[str]]:
    of_claim = [_cell(document[name]) for name in CLAIM_COLUMNS]
    heads = document["heads"]
    if not isinstance(heads, list):
        raise TypeError("a document's heads are a list")
    for head in heads:
        yield [*of_claim, *(_cell(head[name]) for name in HEAD_COLUMNS)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _cell(" ".join(str(one) for one in value))
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _approvals(claim: Claim) -> list[dict[str, object]]:
    return [
        {
            "lane": lane.value,
            "by": one.decided.by,
            "organisation": one.decided.organisation,
            "at": moment(one.at),
        }
        for lane in Lane
        if (one := claim.lanes[lane]).decided and one.at
    ]


def _heads(claim: Claim, offer: Offer) -> list[dict[str, object]]:
    """One entry a line of the offer, which add up to it (a property of every product)."""
    animals = {animal.ref: animal for animal in claim.animals}
    heads = [_head(line, animals.get(line.ref)) for line in offer.lines]
    added = Money.total(line.amount for line in offer.lines)
    if added - offer.amount != ZERO:
        raise ValueError(f"{claim.report.number}: lines come to {added}, the offer to {offer.amount}")
    return heads


def _head(line: OfferLine, animal: Animal | None) -> dict[str, object]:
    weighed = line.weight_kg
    return {
        "ref": line.ref,
        "tag": animal.tag if animal else None,
        "category": animal.category.value if animal and animal.category else None,
        "weight_kg": None if weighed is None else f"{weighed:f}",
        "weight_source": animal.weight_source.value if animal and animal.weight_source else None,
        "age_months": animal.age_months if animal else None,
        "amount": str(line.amount),
        "working": line.working,
        "codes": [code.value for code in line.codes],
    }
