"""Offers computed again, line by line, from what their events say they rested on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace

from backend.domain.claim import Claim
from backend.domain.decisions.offering import offer_from, quote_for, sum_shown
from backend.domain.events import ClaimReported
from backend.domain.indemnity.product import Product
from backend.domain.indemnity.quote import Quote
from backend.domain.offer import Offer, OfferBasis
from backend.domain.plain import plain
from backend.domain.policy import Animal
from backend.domain.replaying.difference import Difference, parted

Products = Callable[[str], Product]
"""The product of a label ``name@version``; raises UnknownProduct where this installation does not have it."""

_RECORDED_AS_IT_WAS = {"basis"}


def quoted(
    report: ClaimReported, product: Product, basis: OfferBasis, heads: int, animals: Sequence[Animal]
) -> Quote:
    """The quote behind a sum."""
    return quote_for(product, basis, report.species, heads, animals)


def sum_parts(seq: int, report: ClaimReported, basis: OfferBasis, product: Product) -> Iterator[Difference]:
    """Where the sum shown with the report comes out otherwise."""
    yield from basis_parts(seq, "basis", report, basis)
    shown = sum_shown(quoted(report, product, basis, report.heads, report.animals))
    yield from parted(seq, "lowest_sum_shown", plain(report.lowest_sum_shown), plain(shown))


def offer_parts(seq: int, claim: Claim, offer: Offer, quote: Quote) -> Iterator[Difference]:
    """Where an offer comes out otherwise: sum, heads, cover, and every line but the words of its working.

    Args:
        seq: Of the event that holds the offer.
        claim: With the heads and animals that the offer is for.
        offer: As recorded, with its basis.
        quote: Computed again.
    """
    if offer.basis is None:
        raise ValueError("an offer that does not say what it rested on cannot be computed again")
    yield from basis_parts(seq, "offer.basis", claim.report, offer.basis)
    again = offer_from(quote, offer.basis, claim.heads, claim.animals)
    for one in fields(Offer):
        if one.name not in _RECORDED_AS_IT_WAS | {"lines"}:
            yield from parted(
                seq, f"offer.{one.name}", plain(getattr(offer, one.name)), plain(getattr(again, one.name))
            )
    # Words may be put better later; figures may not. Lines from before steps were kept have only words.
    kept = [replace(line, working="") for line in offer.lines]
    made = [replace(line, working="") for line in again.lines]
    if not any(line.steps for line in kept):
        made = [replace(line, steps=()) for line in made]
    yield from parted(seq, "offer.lines", plain(kept), plain(made))


def basis_parts(seq: int, field: str, report: ClaimReported, basis: OfferBasis) -> Iterator[Difference]:
    """Where a basis is not the policy's and the loss's that were reported, whatever heads were paid by then."""
    terms = replace(report.policy.terms, heads_paid=basis.terms.heads_paid)
    yield from parted(seq, f"{field}.terms", plain(basis.terms), plain(terms))
    yield from parted(seq, f"{field}.loss.cause", basis.loss.cause.value, report.cause.value)
    yield from parted(
        seq, f"{field}.loss.occurred_at", plain(basis.loss.occurred_at), plain(report.occurred_at)
    )
    if basis.terms.heads_paid < report.policy.terms.heads_paid:
        least = str(report.policy.terms.heads_paid)
        yield Difference(seq, f"{field}.terms.heads_paid", str(basis.terms.heads_paid), f"at least {least}")
