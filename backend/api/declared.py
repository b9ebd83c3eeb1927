"""Animals as a body declares them, at the edge: refs given, pictures turned into weights."""

from collections.abc import Iterator, Sequence

from backend.api.schemas.report import AnimalBody
from backend.domain.policy import Animal
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Species, WeightSource
from backend.size_bands.load import SizePicture, picture_named, pictures_of


def animals(bodies: Sequence[AnimalBody], species: Species) -> tuple[Animal, ...]:
    """Animals as declared; one without a ref is called by its place, counted from 1.

    Raises:
        InvalidInput: Two animals with one ref, or a size band that cannot be; all of them are named.
    """
    errors = [*_wrong_refs(bodies), *_wrong_bands(bodies, species)]
    if errors:
        raise InvalidInput(f"{len(errors)} field(s) of the animals cannot be used", errors=errors)
    return tuple(_animal(body, place, species) for place, body in enumerate(bodies, start=1))


def _animal(body: AnimalBody, place: int, species: Species) -> Animal:
    picture = picture_named(body.size_band) if body.size_band else None
    plain = Animal(
        ref=body.ref or str(place),
        species=body.species or species,
        tag=body.tag,
        category=body.category,
        weight_kg=body.weight_kg,
        weight_source=body.weight_source,
        age_months=body.age_months,
    )
    return plain if picture is None else _by_picture(plain, picture)


def _by_picture(plain: Animal, picture: SizePicture) -> Animal:
    return Animal(
        ref=plain.ref,
        species=plain.species,
        tag=plain.tag,
        category=plain.category or picture.category,
        weight_kg=picture.weight_kg,
        weight_source=WeightSource.DECLARED_BAND,
        age_months=plain.age_months,
        size_band=picture.band,
    )


def _wrong_refs(bodies: Sequence[AnimalBody]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, body in enumerate(bodies):
        ref = body.ref or str(place + 1)
        if ref in seen:
            yield FieldError(f"/animals/{place}/ref", f"{ref} is used twice")
        seen.add(ref)


def _wrong_bands(bodies: Sequence[AnimalBody], species: Species) -> Iterator[FieldError]:
    for place, body in enumerate(bodies):
        if body.size_band is None:
            continue
        fault = _fault(body, body.size_band, body.species or species)
        if fault:
            yield FieldError(f"/animals/{place}/size_band", fault)


def _fault(body: AnimalBody, code: str, species: Species) -> str:
    picture = picture_named(code)
    if picture is None or picture.species is not species:
        known = ", ".join(one.band.code for one in pictures_of(species)) or "none"
        return f"{code} is no size band of {species}; there are: {known}"
    if body.category and picture.category and body.category is not picture.category:
        return f"{code} is {picture.category}, and category says {body.category}"
    # A claim that was shown is sent back with both.
    if body.weight_kg is not None and body.weight_kg != picture.weight_kg:
        return f"{code} stands for {picture.weight_kg} kg: give a size band or a weight, not both"
    if body.weight_source not in {None, WeightSource.DECLARED_BAND}:
        return f"a picture is declared_band, not {body.weight_source}"
    return ""
