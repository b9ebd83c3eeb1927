"""报案: from the farmer's manifest to the first event."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from backend.domain.commands import Report
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.offering import basis_of, quote_for, sum_shown
from backend.domain.events import ClaimReported, Event, EvidenceRequested
from backend.domain.photos import LARGEST_PHOTO_BYTES, PhotoAnnounced
from backend.domain.policy import Animal, Loss
from backend.domain.problems import FieldError, InvalidInput

MOST_HEADS = 10_000
MOST_PHOTOS = 60
NO_PHOTO = "no photo was announced with the report"


def report(command: Report, facts: Facts, at: datetime) -> list[Event]:
    """The claim's first event; with no photo announced it asks for one at once.

    Raises:
        InvalidInput: Figures that no claim can have, all of them named.
    """
    errors = list(_wrong_fields(command, facts, at))
    if errors:
        raise InvalidInput(f"{len(errors)} field(s) of the report cannot be used", errors=errors)
    basis = basis_of(facts, Loss(command.cause, command.occurred_at, deaths=command.heads))
    quote = quote_for(facts.product, basis, command.species, command.heads, command.animals)
    reported = ClaimReported(
        claim_id=command.claim_id,
        number=facts.number,
        policy=facts.policy,
        product=facts.product.label,
        species=command.species,
        heads=command.heads,
        cause=command.cause,
        occurred_at=command.occurred_at,
        animals=command.animals,
        photos=command.photos,
        accept_in_advance=command.accept_in_advance,
        lowest_sum_shown=sum_shown(quote),
        note=command.note,
        due_at=at + facts.clocks.promise(at),
        photos_may_teach=command.photos_may_teach,
        basis=basis,
        assistance=command.assistance,
    )
    return [reported] if command.photos else [reported, EvidenceRequested(reason=NO_PHOTO)]


def _wrong_fields(command: Report, facts: Facts, at: datetime) -> Iterator[FieldError]:
    if command.occurred_at > at + facts.clocks.device_clock_skew:
        yield FieldError("/occurred_at", "the loss lies in the future")
    yield from wrong_animals(command.heads, command.animals)
    yield from wrong_photos(command.photos)


def wrong_animals(heads: int, animals: Sequence[Animal]) -> Iterator[FieldError]:
    """What cannot be right about a number of dead animals and a list of some or all of them."""
    if not 1 <= heads <= MOST_HEADS:
        yield FieldError("/heads", f"{heads} is not between 1 and {MOST_HEADS}")
    if len(animals) > max(0, heads):
        yield FieldError("/animals", f"{len(animals)} animals are listed for {heads} heads")
    for place, animal in enumerate(animals):
        if animal.weight_kg is not None and animal.weight_kg <= 0:
            yield FieldError(f"/animals/{place}/weight_kg", f"{animal.weight_kg} kg is not above 0")
        if animal.age_months is not None and animal.age_months < 0:
            yield FieldError(f"/animals/{place}/age_months", f"{animal.age_months} months is below 0")
    tags = Counter(animal.tag for animal in animals if animal.tag)
    for tag, times in tags.items():
        if times > 1:
            yield FieldError("/animals", f"ear tag {tag} is listed {times} times")


def wrong_photos(photos: tuple[PhotoAnnounced, ...]) -> Iterator[FieldError]:
    """What cannot be right about a list of announced photos."""
    if len(photos) > MOST_PHOTOS:
        yield too_many_photos(len(photos))
    seen = set()
    for place, photo in enumerate(photos):
        if photo.photo_id in seen:
            yield FieldError(f"/photos/{place}/sha256", "this photo is listed twice")
        seen.add(photo.photo_id)
        if not 1 <= photo.bytes <= LARGEST_PHOTO_BYTES:
            limit = f"is not between 1 and {LARGEST_PHOTO_BYTES}"
            yield FieldError(f"/photos/{place}/bytes", f"{photo.bytes} bytes {limit}")


def too_many_photos(count: int) -> FieldError:
    """More photos than one claim may hold, those of earlier messages included."""
    return FieldError("/photos", f"{count} photos are more than {MOST_PHOTOS}")
