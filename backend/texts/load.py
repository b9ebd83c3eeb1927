"""The one loader of sentences: language, table and key to what a person reads."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

_PART = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"\{([a-z_]+)\}")

Tables = Mapping[str, Mapping[str, str]]


class Language(StrEnum):
    """Languages that people read."""

    ZH = "zh"
    EN = "en"


class Table(StrEnum):
    """Whom a sentence is for; ``reason`` is the short name of a reason code, ``count`` what a verdict says.

    ``path`` says what led to a path, ``remedy`` what a person can do about a doubt, ``rule`` what a rule makes sure of,
    or where a code comes from that no rule raises.
    A message to a farmer is one sentence of ``told`` and one of ``next``; ``office`` is for an office, ``notice`` holds
    codes and words of payouts, ``account`` messages that are about no claim.
    """

    FARMER = "farmer"
    OFFICER = "officer"
    REASON = "reason"
    EVENT = "event"
    COUNT = "count"
    NOTICE = "notice"
    PATH = "path"
    REMEDY = "remedy"
    RULE = "rule"
    TOLD = "told"
    NEXT = "next"
    OFFICE = "office"
    ACCOUNT = "account"


def sentence(language: Language, table: Table, key: str, **facts: object) -> str:
    """Return the sentence at *key*, with *facts* in their places.

    Args:
        language: The reader's.
        table: Whom it is for.
        key: A reason code, or an event's type.
        facts: By placeholder; a part of the sentence whose fact is None, blank or not given is left out, a fact
            without a place is not used. Words of the wire inside a fact are translated, also in a list that
            commas part.

    Raises:
        KeyError: No such sentence: a bug, since a test keeps the tables complete.
    """
    texts = _texts(language)
    words = {**texts["reason"], **texts["words"]}
    shown = {
        name: _translated(str(fact), words) for name, fact in facts.items() if fact is not None and str(fact)
    }
    kept = _PART.sub(lambda part: _filled(part[1], shown), texts[table][key])
    return kept[:1].upper() + kept[1:]


def limit(language: Language, table: Table) -> int | None:
    """The most characters of a filled sentence, where it travels as a text message."""
    found = _texts(language)["limits"].get(table)
    return None if found is None else int(found)


def raw_tables(language: Language) -> Tables:
    """Every table as written, placeholders and parts included."""
    return _texts(language)


@cache
def _texts(language: Language) -> Tables:
    tables = tomllib.loads((files("backend.texts") / f"{language}.toml").read_text(encoding="utf-8"))
    return {name: {key: str(value) for key, value in table.items()} for name, table in tables.items()}


def _filled(part: str, facts: Mapping[str, str]) -> str:
    """The part with its facts, or nothing if one of them is unknown."""
    if any(name not in facts for name in _FACT.findall(part)):
        return ""
    return _FACT.sub(lambda place: facts[place[1]], part)


def _translated(fact: str, words: Mapping[str, str]) -> str:
    return ", ".join(words.get(item, item) for item in fact.split(", "))
