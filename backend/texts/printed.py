"""The one loader of the printed claim file's words 理赔档案."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from backend.texts.load import Language, raw_tables


@cache
def labels(language: Language) -> Mapping[str, str]:
    """Headings and fixed phrases by name."""
    return {name: said[language] for name, said in _tables()["label"].items()}


def word(language: Language, name: object) -> str:
    """A word of the wire as people read it; parts that ``+`` or commas join are translated one by one.

    A name without a word, such as an officer's, stays as it is.
    """
    own, shared = _tables()["word"], raw_tables(language)
    for mark in (", ", "+"):
        if mark in str(name):
            return mark.join(word(language, part) for part in str(name).split(mark))
    if str(name) in own:
        return own[str(name)][language]
    return shared["reason"].get(str(name)) or shared["words"].get(str(name), str(name))


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    read: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
        (files("backend.texts") / "printed.toml").read_text(encoding="utf-8")
    )
    return read
