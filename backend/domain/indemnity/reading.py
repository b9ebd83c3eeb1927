"""Reads one JSON or TOML object field by field, so that every wrong field is named at once.

A field that is wrong or left out is read as None and its error kept; whoever reads the whole document refuses
when any error stands.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from backend.domain.problems import FieldError

Value = TypeVar("Value")


class Fields:
    """One object of a document. ``errors`` and ``given`` are shared with the objects inside it.

    Args:
        found: What stands at *pointer*; anything but an object is an error.
        pointer: JSON pointer (RFC 6901) of the object, "" for the whole document.
        errors: Wrong fields are added here.
        given: Pointers of fields that hold anything but null or an empty list are added here.
    """

    def __init__(self, found: object, pointer: str, errors: list[FieldError], given: set[str]) -> None:
        self._values: Mapping[object, object] = found if isinstance(found, Mapping) else {}
        self._is_object = isinstance(found, Mapping)
        self._pointer = pointer
        self._known: set[str] = set()
        self.errors = errors
        self.given = given
        if not self._is_object:
            errors.append(FieldError(pointer, "must be an object"))

    def read(self, name: str, parse: Callable[[object], Value], *, required: bool = True) -> Value | None:
        """Return the parsed field; null and left out are both None, and an error where *required*.

        Args:
            name: The field's key.
            parse: Raises ValueError with what is wrong (``values.py``).
            required: Whether None is an error. Nothing is missing from what is not even an object.
        """
        found = self._find(name, required=required)
        if found is None:
            return None
        try:
            return parse(found)
        except ValueError as wrong:
            self.wrong(name, str(wrong))
            return None

    def inside(self, name: str) -> "Fields":
        """The object at *name*."""
        found = self._find(name, required=True)
        # An object that is not there is one error, not one more for each of its fields.
        errors = self.errors if found is not None else []
        return Fields(found, self.at(name), errors, self.given)

    def items(self, name: str) -> list["Fields"]:
        """The objects of the list at *name*; none if it is left out."""
        found = self._find(name, required=False)
        if found is None:
            return []
        if not isinstance(found, list):
            self.wrong(name, "must be a list")
            return []
        return [
            Fields(item, f"{self.at(name)}/{place}", self.errors, self.given)
            for place, item in enumerate(found)
        ]

    def names(self) -> list[str]:
        """The keys of this object, whatever they are."""
        return [str(name) for name in self._values]

    def at(self, name: str) -> str:
        """The pointer of a field of this object."""
        return f"{self._pointer}/{name.replace('~', '~0').replace('/', '~1')}"

    def wrong(self, name: str, detail: str) -> None:
        """Keep an error for the field *name*."""
        self.errors.append(FieldError(self.at(name), detail))

    def close(self) -> None:
        """Name every field that nobody asked for."""
        for name in self.names():
            if name not in self._known:
                self.wrong(name, f"is not a field here; known are {', '.join(sorted(self._known))}")

    def _find(self, name: str, *, required: bool) -> object:
        self._known.add(name)
        found = self._values.get(name)
        if found is not None and found != []:
            self.given.add(self.at(name))
        if found is None and required and self._is_object:
            self.wrong(name, "is missing")
        return found
