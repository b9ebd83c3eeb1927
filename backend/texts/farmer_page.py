"""The one loader of the phone page's words 农户手机页."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from backend.texts.load import Language

FIRST = ("farmer_page",)
"""What the first screen says: it goes over the line before anything can be done."""
BEHIND = ("farmer_steps", "farmer_problems")
"""What is fetched behind it."""


def words(language: Language) -> Mapping[str, str]:
    """Every sentence of the page by name; ``{…}`` stand for facts."""
    return first_words(language) | later_words(language)


def first_words(language: Language) -> dict[str, str]:
    """Those of the first screen."""
    return _read(FIRST, language)


def later_words(language: Language) -> dict[str, str]:
    """All others."""
    return _read(BEHIND, language)


def _read(names: tuple[str, ...], language: Language) -> dict[str, str]:
    return {name: said[language] for file in names for name, said in _both(file).items()}


@cache
def _both(name: str) -> Mapping[str, Mapping[str, str]]:
    written = (files("backend.texts") / f"{name}.toml").read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, str]] = tomllib.loads(written)
    return read
