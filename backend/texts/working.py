"""The working of a line in the reader's language."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from backend.domain.indemnity.working import StepKind, Steps, in_words
from backend.texts.load import Language


def working_in(language: Language, steps: Steps, recorded: str) -> str:
    """Return the arithmetic of a line in words.

    Args:
        language: The reader's.
        steps: None where the line was recorded before they were kept.
        recorded: The line as it was recorded, in English; it stands where there are no steps.
    """
    if language is Language.EN or not steps:
        return recorded
    kinds, words = _texts()
    told = tuple(
        replace(one, figures={name: words.get(figure, figure) for name, figure in one.figures.items()})
        for one in steps
    )
    return in_words(told, kinds)


@cache
def _texts() -> tuple[Mapping[StepKind, str], Mapping[str, str]]:
    tables = tomllib.loads((files("backend.texts") / "working.toml").read_text(encoding="utf-8"))
    return {StepKind(kind): text for kind, text in tables["zh"].items()}, tables["words"]
