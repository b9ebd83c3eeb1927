"""What a farmer is shown before there is a claim: the policies to report under, and the least that would be paid."""

from collections.abc import Sequence

from sqlalchemy import Connection

from backend.domain.decisions.facts import Facts
from backend.domain.decisions.offering import basis_of, quote_for, sum_shown
from backend.domain.ids import PolicyNumber
from backend.domain.policy import Animal, Loss
from backend.domain.words import Cause
from backend.store import policies
from backend.store.products import Shelf

Document = dict[str, object]
MOST_TAGS = 500
"""Ear tags that a phone is handed; of a larger herd an officer picks them."""


def report_basics(connection: Connection, number: PolicyNumber, products: Shelf) -> Document:
    """One policy as its farmer reports under it; ``tags`` are those that no claim names yet.

    ``needs`` are the facts of an animal that its product asks for beside the kind, for a death by disease.
    """
    known = policies.policy(connection, number)
    herd = policies.herd(connection, known.farm_id, known.species)
    product = products.find(connection, known.product, known.terms.incepted)
    return {
        "policy_number": known.number,
        "species": known.species,
        "product": product.label,
        "needs": sorted(product.needs(Cause.DISEASE).animal),
        "farm": {"id": known.farm_id, "name": known.farm_name},
        "payee": {"name": known.payee.name, "account_last4": known.payee.account_last4},
        "insured_heads": known.terms.insured_heads,
        "expires": known.terms.expires.isoformat(),
        "tags": [row.tag for row in herd if not row.claims][:MOST_TAGS],
    }


def quote_document(known: Facts, loss: Loss, heads: int, animals: Sequence[Animal]) -> Document:
    """The quote of a loss that nobody has reported yet."""
    quote = quote_for(known.product, basis_of(known, loss), known.policy.species, heads, animals)
    lowest = sum_shown(quote)
    return {
        "product": quote.product,
        "lowest_sum": None if lowest is None else str(lowest),
        "currency": "CNY",
        "heads_payable": quote.heads_payable,
        "lines": [
            {"ref": line.ref, "amount": str(line.amount), "working": line.working, "codes": list(line.codes)}
            for line in quote.lines
        ],
    }
