"""The whole evaluation of a counter as one document: formats.md, ``flashclaim model eval``."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence

from models.calibration import calibration
from models.evaluate import Counted, Unread
from models.figures import false_animals, figures, figures_of_species
from models.selective import selective_risk
from models.species import SPECIES

Document = dict[str, object]


def evaluation(done: Sequence[Counted | Unread], *, lines: Mapping[str, float]) -> Document:
    """Return every figure of photos that were counted; those that could not be read are in ``per_photo`` alone.

    The figures at the top are of all photos, as the contract has them; photos without livestock flatter them, so the
    same stand for the others alone in ``with_animals``.

    Args:
        done: As ``count_all`` gave them.
        lines: From which score each species is counted, to order photos by doubt.
    """
    photos = [one for one in done if isinstance(one, Counted)]
    species = [name for name in SPECIES if any(name in photo.truth.species for photo in photos)]
    return {
        **figures(photos).as_json(),
        "unreadable": len(done) - len(photos),
        "with_animals": figures([photo for photo in photos if photo.truth.heads]).as_json(),
        "without_livestock": false_animals(photos),
        "by_species": {name: figures_of_species(photos, name).as_json() for name in species},
        "by_posture": _grouped(photos, {photo.truth.path: photo.truth.posture for photo in photos}),
        "by_source": _grouped(photos, {photo.truth.path: photo.truth.source for photo in photos}),
        "selective_risk": selective_risk(photos, lines),
        "calibration": calibration(photos),
        "per_photo": [_row(one) for one in done],
    }


def _grouped(photos: Sequence[Counted], key: Mapping[object, str]) -> dict[str, object]:
    """Figures by what *key* says of the photos, in the alphabet's order; where nobody said, they are in no group."""
    return {
        name: figures([photo for photo in photos if key[photo.truth.path] == name]).as_json()
        for name in sorted({*key.values()} - {""})
    }


def _row(one: Counted | Unread) -> Document:
    truth = one.truth
    row: Document = {"photo": str(truth.path), "true": truth.heads}
    told = {"scene": truth.scene, "source": truth.source or None, "posture": truth.posture or None}
    if isinstance(one, Unread):
        error = {"code": one.why.code, "title": one.why.title, "next": one.why.next}
        return row | {"counted": None, "unsure": True, "error": error} | told
    return (
        row
        | {
            "counted": one.count.count,
            "unsure": one.count.unsure,
            "reasons": list(one.count.reasons),
            "found": one.right if one.boxed else None,
            "true_by_species": dict(sorted(Tally(truth.species).items())),
            "counted_by_species": one.count.by_species,
        }
        | told
    )
