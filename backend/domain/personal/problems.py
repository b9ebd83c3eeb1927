"""Refusals about personal data: keys that are not here, values that were changed, persons who cannot be erased yet."""

from collections.abc import Sequence
from http import HTTPStatus

from backend.domain.problems import FieldError, Problem


class KeysMissing(Problem):
    """The key file was lost or exchanged: nothing is guessed, and no new key is made beside what is encrypted."""

    type = "/problems/personal-data-keys-missing"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "The keys to the personal data are not here"
    next = (
        "Put personal-data.json back into FLASHCLAIM_KEY_FOLDER from where its copy is kept, readable by the server's "
        "user alone; keys are never in a backup (docs/personal-data.md, Keys)."
    )


class PersonalDataAltered(Problem):
    """A value is not the one that was encrypted in its place, or that its event committed to."""

    type = "/problems/personal-data-altered"
    status = HTTPStatus.CONFLICT
    title = "Personal data was changed outside of flashclaim"
    next = "Keep the database as it is, run flashclaim audit replay, and compare with a backup."


class ErasureRefused(Problem):
    """Something still needs the person's data; ``errors`` names every such thing."""

    type = "/problems/erasure-refused"
    status = HTTPStatus.CONFLICT
    title = "The person's data cannot be erased yet"
    next = "Ask again when what is named has ended; until then the data is only kept (PIPL art. 47)."

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons), errors=[FieldError("", why) for why in reasons])
