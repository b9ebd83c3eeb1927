"""From a claim's animals to an offer, and whether an acceptance given in advance still holds for it."""

from collections.abc import Sequence
from itertools import count, islice

from backend.domain.claim import Claim
from backend.domain.decisions.facts import Facts
from backend.domain.events import OfferAccepted
from backend.domain.indemnity.product import Product
from backend.domain.indemnity.quote import Quote, quote_what_is_known
from backend.domain.money import Money
from backend.domain.offer import Offer, OfferBasis, OfferLine
from backend.domain.policy import Animal, FlockFigures, Loss
from backend.domain.replacing import replace
from backend.domain.words import AcceptanceMethod, Species


def loss_of(claim: Claim, heads: int | None = None, flock: FlockFigures | None = None) -> Loss:
    """The loss as it stands, or as an assessment finds it: *heads* and *flock* go before the claim's own."""
    found = flock or claim.flock or FlockFigures()
    return Loss(
        claim.report.cause,
        claim.report.occurred_at,
        deaths=claim.heads if heads is None else heads,
        age_percent=found.age_percent,
        normal_mortality_percent=found.normal_mortality_percent,
    )


def basis_of(facts: Facts, loss: Loss) -> OfferBasis:
    """What a sum for *loss* is computed from as the world stands now, beside the animals."""
    price = facts.market_price
    priced = replace(loss, market_price_per_kg=price.per_kg if price else None)
    return OfferBasis(facts.terms, priced, price)


def quote_for(
    product: Product, basis: OfferBasis, species: Species, heads: int, animals: Sequence[Animal]
) -> Quote:
    """The quote for *heads* dead animals; those not listed stand in it with nothing known about them."""
    refs = {animal.ref for animal in animals}
    free = (ref for place in count(len(animals) + 1) if (ref := f"unlisted-{place}") not in refs)
    padded = (*animals, *(Animal(ref, species) for ref in islice(free, max(0, heads - len(animals)))))
    return quote_what_is_known(product, basis.terms, basis.loss, padded)


def quote_again(claim: Claim, product: Product) -> Quote:
    """The quote behind the offer that stands, computed anew from what the events hold, under *product*.

    Under the product version that the offer names it comes to the offer's sum and lines, to the fen.

    Raises:
        ValueError: There is no offer, or it was recorded before its basis was kept (``Offer.basis`` is None).
    """
    if claim.offer is None or claim.offer.basis is None:
        raise ValueError("no offer that says what it was computed from")
    return quote_for(product, claim.offer.basis, claim.report.species, claim.heads, claim.animals)


def sum_shown(quote: Quote) -> Money | None:
    """What the farmer is shown with the report; None where a fact is unknown or the loss is out of cover."""
    return quote.payable if quote.covered and quote.complete else None


def offer_from(quote: Quote, basis: OfferBasis, heads: int, animals: Sequence[Animal]) -> Offer:
    """The quote on *basis* as an offer, each line with the weight it rests on."""
    weights = {animal.ref: animal.weight_kg for animal in animals}
    return Offer(
        product=quote.product,
        heads=heads,
        heads_payable=quote.heads_payable,
        amount=quote.payable,
        lines=tuple(
            OfferLine(line.ref, line.amount, line.working, line.codes, weights.get(line.ref), line.steps)
            for line in quote.lines
        ),
        covered=quote.covered,
        complete=quote.complete,
        basis=basis,
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
    offer_hash = offer.hash_for(report.claim_id)
    is_accepted = claim.acceptance is not None and claim.acceptance.offer_hash == offer_hash
    if not is_bound or is_accepted:
        return []
    return [OfferAccepted(offer_hash=offer_hash, method=AcceptanceMethod.IN_ADVANCE)]
