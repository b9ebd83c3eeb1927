"""The JSON schema of a product file, from the loader itself: what it asks for is what a file may hold.

TOML dates are strings in it, as JSON writes them. What stands between fields (gaps between bands, days that overlap) no
schema can say: ``flashclaim product check`` does.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from backend.domain.indemnity.problems import UnusableProduct
from backend.domain.indemnity.reading import Fields
from backend.domain.indemnity.values import (
    MOST,
    Counted,
    SomeOf,
    WordOf,
    above_zero,
    day,
    money,
    percentage,
    product_name,
    text,
)
from backend.domain.problems import FieldError
from backend.domain.words import Category, Species
from backend.products.methods import KINDS
from backend.products.tariff import read_fields

Value = TypeVar("Value")
Schema = dict[str, object]

_WORDS = tuple(str(one) for one in (*Species, *Category))
_NUMBER: Schema = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,6})?$"},
        {"type": "integer", "minimum": 0},
    ]
}
_SINGLE: Mapping[Callable[[object], object], Schema] = {
    text: {"type": "string", "pattern": r"\S"},
    product_name: {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
    day: {"type": "string", "format": "date"},
    money: {
        "anyOf": [
            {"type": "string", "pattern": r"^[0-9]{1,13}(\.[0-9]{1,2})?$"},
            {"type": "integer", "minimum": 1},
        ]
    },
    above_zero: _NUMBER,
    percentage: _NUMBER,
}


def product_schema() -> Schema:
    """The schema, JSON Schema 2020-12."""
    whole: Schema = {}
    methods = []
    for kind in KINDS:
        asked = _Asked(kind)
        try:
            read_fields(asked, "schema")
        except UnusableProduct:
            whole = asked.schema()
            methods.append(asked.parts["method"].schema() if "method" in asked.parts else {})
    properties = dict(whole["properties"]) if isinstance(whole["properties"], Mapping) else {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A product of flashclaim: one version of a tariff",
        **whole,
        "properties": properties | {"method": {"oneOf": methods}},
    }


class _Asked(Fields):
    """Holds nothing, and notes what the loader asks for."""

    def __init__(self, kind: str, pointer: str = "") -> None:
        # One error stands from the start: nothing that was read here may become a product.
        super().__init__({}, pointer, [FieldError("", "nothing was read")], set())
        self._kind = kind
        self._properties: Schema = {}
        self._required: list[str] = []
        self.parts: dict[str, _Asked] = {}

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": self._properties | {name: part.schema() for name, part in self.parts.items()},
            "required": self._required,
            "additionalProperties": False,
        }

    def read(self, name: str, parse: Callable[[object], Value], *, required: bool = True) -> Value | None:
        if required:
            self._required.append(str(name))
        if name == "kind":
            self._properties[name] = {"const": self._kind}
            return parse(self._kind)
        self._properties[str(name)] = _schema_of(parse)
        return None

    def inside(self, name: str) -> "_Asked":
        self._required.append(name)
        self.parts[name] = _Asked(self._kind, self.at(name))
        return self.parts[name]

    def items(self, name: str) -> list[Fields]:
        row = _Rows(self._kind, self.at(name))
        self._required.append(name)
        self.parts[name] = row
        return [row]

    def names(self) -> list[str]:
        return list(_WORDS)

    def close(self) -> None:
        """Nothing is left over where nothing stands."""


class _Rows(_Asked):
    def schema(self) -> Schema:
        return {"type": "array", "minItems": 1, "items": super().schema()}


def _schema_of(parse: Callable[[object], object]) -> Schema:
    match parse:
        case Counted(least):
            return {"type": "integer", "minimum": least, "maximum": MOST}
        case WordOf(words):
            return {"enum": [str(one) for one in words]}
        case SomeOf(words):
            return {"type": "array", "minItems": 1, "items": {"enum": [str(one) for one in words]}}
        case _:
            return _SINGLE[parse]
