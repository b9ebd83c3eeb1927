"""The one loader of headings: what people call the fields of the registers in their files, and the words in cells."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NO_LETTER = re.compile(r"[\s_\-.:*]+")
SHAPEFILE_HEADING = 10
"""Characters that a Shapefile keeps of a heading."""


def heading_key(heading: str) -> str:
    """A heading without what does not count in it."""
    plain = unicodedata.normalize("NFKC", heading).strip().casefold()
    return _NO_LETTER.sub("", _BRACKETED.sub("", plain)) or plain


def field_of(register: str, heading: str) -> str | None:
    """The field of *register* that a heading means."""
    return _headings(register).get(heading_key(heading))


def known_headings(register: str) -> Mapping[str, tuple[str, ...]]:
    """Headings by field, as written, for a person who looks for the right one."""
    return {field: (field, *names) for field, names in _tables()[register].items()}


def word_of(field: str, cell: str) -> str:
    """The wire's word for a word of the trade in a cell; any other cell as it is."""
    return _words(field).get(unicodedata.normalize("NFKC", cell).strip().casefold(), cell)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    read = tomllib.loads((files("backend.texts") / "columns.toml").read_text(encoding="utf-8"))
    return {name: table for name, table in read.items() if name != "words"}


@cache
def _headings(register: str) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for field, names in _tables()[register].items():
        for name in (field, *names):
            known.setdefault(heading_key(name), field)
            if name.isascii() and len(name) > SHAPEFILE_HEADING:
                known.setdefault(heading_key(name[:SHAPEFILE_HEADING]), field)
    return known


@cache
def _words(field: str) -> Mapping[str, str]:
    read = tomllib.loads((files("backend.texts") / "columns.toml").read_text(encoding="utf-8"))
    table: Mapping[str, list[str]] = read["words"].get(field, {})
    return {name.casefold(): word for word, names in table.items() for name in names}
