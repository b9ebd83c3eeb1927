"""The pictures of size bands 体型档 that a farmer picks an animal's weight from; they hold no secret."""

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from backend.api.guards import may
from backend.domain.authority.words import Role
from backend.domain.problems import NotFound
from backend.domain.words import Species
from backend.size_bands.load import SizePicture, drawing, picture_named, pictures_of, size_pictures
from backend.texts.load import Language

PICTURES_URL = "/static/bands"


class SizeBandController(Controller):
    """Size bands by kind of animal."""

    path = "/size-bands"
    tags = ("claims",)

    @get(operation_id="list_size_bands", opt=may(Role.PUBLIC))
    async def listed(self, species: FromQuery[Species | None] = None) -> dict[str, object]:
        """Pictures to pick a size from, small to large, with the weight that each stands for."""
        found = size_pictures() if species is None else pictures_of(species)
        return {"species": species, "bands": [_document(one) for one in found]}


@get(f"{PICTURES_URL}/{{name:str}}", opt=may(Role.PUBLIC), include_in_schema=False, sync_to_thread=True)
def size_picture(name: FromPath[str]) -> Response[bytes]:
    """One picture, as ``picture`` of a size band names it."""
    found = picture_named(name.removesuffix(".svg"))
    if found is None or not name.endswith(".svg"):
        raise NotFound("picture", name)
    headers = {
        "Cache-Control": "public, max-age=86400",
        # Opened on its own, a drawing runs nothing and loads nothing.
        "Content-Security-Policy": "default-src 'none'",
    }
    return Response(drawing(found.band.code), media_type="image/svg+xml", headers=headers)


def _document(one: SizePicture) -> dict[str, object]:
    return {
        "code": one.band.code,
        "species": one.species,
        "category": one.category,
        "from_kg": str(one.band.from_kg),
        "to_kg": None if one.band.to_kg is None else str(one.band.to_kg),
        "weight_kg": str(one.weight_kg),
        "words": {language.value: one.words(language) for language in Language},
        "picture": f"{PICTURES_URL}/{one.band.code}.svg",
    }
