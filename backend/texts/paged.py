"""The one loader of the pages' words: every file of ``pages/`` together, in the reader's language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from backend.texts.load import Language, raw_tables

Said = Mapping[str, str]
OTHER = "other"
_AND = {Language.ZH: "、", Language.EN: ", "}


@cache
def page_labels(language: Language) -> Said:
    """Headings and fixed phrases by name."""
    return _table("label", language)


def page_word(language: Language, name: object) -> str:
    """A word of the wire as people read it; parts that ``+`` or commas join are translated one by one.

    A name without a word, such as an officer's, stays as it is.
    """
    for mark in (", ", "+"):
        if mark in str(name):
            return _AND[language].join(page_word(language, part) for part in str(name).split(mark))
    own, shared = _table("word", language), raw_tables(language)
    return own.get(str(name)) or shared["reason"].get(str(name)) or shared["words"].get(str(name), str(name))


def refused(language: Language, code: str) -> str:
    """What a refusal comes to on a page, by the last part of its type."""
    table = _table("refused", language)
    return table.get(code, table[OTHER])


@cache
def raw_pages() -> Mapping[str, Mapping[str, Said]]:
    """Every table of every page as written.

    Raises:
        ValueError: Two pages say something else under one name.
    """
    tables: dict[str, dict[str, Said]] = {"label": {}, "word": {}, "refused": {}}
    for file in sorted((files("backend.texts") / "pages").iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        for name, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if doubled := tables[name].keys() & entries.keys():
                raise ValueError(f"{file.name} says {sorted(doubled)} again")
            tables[name] |= entries
    return tables


@cache
def _table(name: str, language: Language) -> Said:
    return {key: said[language] for key, said in raw_pages()[name].items()}
