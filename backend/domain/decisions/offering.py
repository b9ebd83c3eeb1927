"""From a claim's animals to an offer, and whether an acceptance given in advance still holds for it."""

from collections.abc import Sequence

from backend.domain.claim import Claim
from backend.domain.decisions.facts import Facts
from backend.domain.events import OfferAccepted
from backend.domain.indemnity.quote import Quote, quote_what_is_known
from backend.domain.offer import Offer, OfferLine
from backend.domain.policy import Animal, Loss
from backend.domain.words import AcceptanceMethod, Species


def quote_for(facts: Facts, loss: Loss, species: Species, heads: int, animals: Sequence[Animal]) -> Quote:
    """The quote for *heads* dead animals; those not listed stand in it with nothing known about them."""
    refs = {animal.ref for animal in animals}
    unlisted = (f"unlisted-{place}" for place in range(len(animals) + 1, heads + 1))
    padded = (*animals, *(Animal(ref, species) for ref in unlisted if ref not in refs))
    return quote_what_is_known(facts.product, facts.terms, loss, padded)


def offer_from(quote: Quote, heads: int) -> Offer:
    """The quote as an offer."""
    return Offer(
        product=quote.product,
        heads=heads,
        heads_payable=quote.heads_payable,
        amount=quote.payable,
        lines=tuple(OfferLine(line.ref, line.amount, line.working, line.codes) for line in quote.lines),
        covered=quote.covered,
        complete=quote.complete,
    )


def accepted_in_advance(claim: Claim, offer: Offer) -> list[OfferAccepted]:
    """The acceptance given with the report, if it binds this offer too.

    It binds heads, product version and the lowest sum shown, and holds while the offer is not lower (domain.md §1);
    otherwise the farmer is asked again.
    """
    report = claim.report
    shown = report.lowest_sum_shown
    if not report.accept_in_advance or shown is None or not offer.complete or not offer.amount:
        return []
    is_bound = offer.heads == report.heads and offer.product == report.product and offer.amount >= shown
    if not is_bound:
        return []
    return [OfferAccepted(offer_hash=offer.hash_for(report.claim_id), method=AcceptanceMethod.IN_ADVANCE)]
