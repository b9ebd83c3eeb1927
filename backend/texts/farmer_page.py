"""The one loader of the phone page's words 农户手机页."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from backend.texts.load import Language


@cache
def words(language: Language) -> Mapping[str, str]:
    """Every sentence of the page by name; ``{…}`` stand for facts."""
    read: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (files("backend.texts") / "farmer_page.toml").read_text(encoding="utf-8")
    )
    return {name: said[language] for name, said in read.items()}
