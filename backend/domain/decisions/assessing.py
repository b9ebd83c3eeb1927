"""定损: the insurer's officer says what was lost, head by head, and a new offer stands."""

from collections.abc import Iterator

from backend.domain.claim import Claim
from backend.domain.commands import Assess
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.offering import accepted_in_advance, basis_of, loss_of, offer_from, quote_for
from backend.domain.decisions.reporting import wrong_animals
from backend.domain.decisions.standing_in import require_unbiased
from backend.domain.docket import shared_out
from backend.domain.events import ClaimAssessed, Event, HandoverRecorded
from backend.domain.indemnity.product import Product
from backend.domain.policy import Animal, FlockFigures
from backend.domain.problems import FieldError, HandoverMissing, InvalidInput, ReasonNeeded, WrongLane
from backend.domain.replacing import replace
from backend.domain.words import Lane

_FLOCK_FIELDS = ("age_percent", "normal_mortality_percent")


def assess(claim: Claim, command: Assess, facts: Facts) -> list[Event]:
    """A new offer by an officer of the insurer; approvals of another offer become void when it is applied.

    Raises:
        WrongLane: The officer is not of the insurer lane.
        OfficerHasRecused, TiedToFarm, AssistedByYou: Who never decides on this claim.
        InvalidInput: Heads, animals or flock figures that no assessment can have, or not those of the receipt.
        HandoverMissing: The receipt's weights are to be taken, and none is recorded.
        ReasonNeeded: The farmer and the other lanes must be told why.
    """
    officer = command.officer
    if officer.lane is not Lane.INSURER:
        raise WrongLane(lane=Lane.INSURER, own=officer.lane)
    require_unbiased(claim, officer, facts)
    if not command.reason.strip():
        raise ReasonNeeded("an assessment says why it differs")
    receipt = _receipt(claim) if command.from_handover else None
    errors = [
        *wrong_animals(command.heads, command.animals),
        *_wrong_flock(command.flock, facts.product),
        *(_wrong_for_receipt(receipt, command) if receipt else ()),
    ]
    if errors:
        raise InvalidInput("this assessment cannot be used", errors=errors)
    animals = shared_out(_all_heads(claim, command), receipt.weight_kg) if receipt else command.animals
    flock = command.flock or claim.flock
    basis = basis_of(facts, loss_of(claim, command.heads, flock))
    quote = quote_for(facts.product, basis, claim.report.species, command.heads, animals)
    offer = offer_from(quote, basis, command.heads, animals)
    # What other claims used up meanwhile changes the basis; where the sum stays, nothing was assessed anew.
    standing = claim.offer and replace(claim.offer, basis=basis)
    if (offer, animals, command.heads, flock) == (standing, claim.animals, claim.heads, claim.flock):
        return []
    assessed = ClaimAssessed(
        heads=command.heads,
        animals=animals,
        reason=command.reason,
        offer=offer,
        flock=command.flock,
        receipt_number=receipt.receipt_number if receipt else None,
    )
    return [assessed, *accepted_in_advance(claim, offer)]


def _receipt(claim: Claim) -> HandoverRecorded:
    if claim.handover is None:
        raise HandoverMissing("no handover is recorded yet, so there is no weighed total to take")
    return claim.handover


def _wrong_for_receipt(receipt: HandoverRecorded, command: Assess) -> Iterator[FieldError]:
    if receipt.heads != command.heads:
        detail = f"{command.heads} heads, but receipt {receipt.receipt_number} has {receipt.heads}"
        yield FieldError("/heads", f"{detail}: say which animals were handed over")
    if receipt.weight_kg * 100 < command.heads:
        yield FieldError("/animals", f"{receipt.weight_kg} kg is less than 0.01 kg a head")


def _wrong_flock(flock: FlockFigures | None, product: Product) -> Iterator[FieldError]:
    if flock is None:
        return
    for field in _FLOCK_FIELDS:
        percent = getattr(flock, field)
        if percent is None:
            continue
        if field not in product.method.needs.loss:
            yield FieldError(f"/{field}", f"{product.label} does not use it")
        elif not 0 <= percent <= 100:  # noqa: PLR2004 - per cent
            yield FieldError(f"/{field}", f"{percent} is not from 0 to 100")


def _all_heads(claim: Claim, command: Assess) -> tuple[Animal, ...]:
    """The listed animals, and one without a name for every head that is not listed."""
    refs = {animal.ref for animal in command.animals}
    free = (ref for place in range(1, command.heads * 2 + 1) if (ref := str(place)) not in refs)
    unlisted = range(command.heads - len(command.animals))
    return (*command.animals, *(Animal(next(free), claim.report.species) for _ in unlisted))
