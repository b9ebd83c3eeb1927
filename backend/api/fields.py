"""Reads a JSON body into a struct and names every wrong field at once; msgspec alone stops at the first."""

import json
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin  # a body may hold anything

import msgspec

from backend.api.bounds import escaped, fault_of, unfit
from backend.domain.problems import FieldError, InvalidInput

T = TypeVar("T")
# Moments of days are read in other zones too, where the calendar must not end.
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def read(kind: type[T], body: bytes) -> T:
    """The body as *kind*.

    Numbers with a fraction are read as exact decimals.

    Raises:
        InvalidInput: No JSON object, or fields missing, unknown or wrong: all of them.
    """
    try:
        raw = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
        # What is unfit is named alone: the text of its fields could not even be said back.
        errors = list(unfit(raw)) or _faults(raw, kind, "")
        if not errors:
            return msgspec.convert(raw, kind)
    except msgspec.ValidationError as wrong:
        errors = [FieldError("", str(wrong))]
    except (ValueError, RecursionError) as wrong:
        raise InvalidInput(
            "the body is not JSON", errors=[FieldError("", f"not JSON: {wrong}"[:200])]
        ) from wrong
    count = f"{len(errors)} field{'s' if len(errors) > 1 else ''}"
    raise InvalidInput(f"{count} of the body cannot be used", errors=errors)


def require_days(first: date | None, last: date | None) -> None:
    """Refuse days, ``from`` and ``to``, that end before they begin, or that no calendar of ours reaches.

    Raises:
        InvalidInput: They do.
    """
    errors = [
        FieldError(f"/{name}", f"is not between {_FIRST_YEAR} and {_LAST_YEAR}")
        for name, day in (("from", first), ("to", last))
        if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR
    ]
    if first and last and last < first:
        errors.append(FieldError("/to", f"lies before from={first.isoformat()}"))
    if errors:
        raise InvalidInput("these days cannot be used", errors=errors)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _faults(raw: object, kind: Any, pointer: str) -> list[FieldError]:
    inner = _without_none(kind)
    if raw is None and inner is not kind:
        return []
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return _struct_faults(raw, inner, pointer)
    if get_origin(inner) in {list, tuple} and isinstance(raw, list):
        item = get_args(inner)[0]
        return [
            fault for place, value in enumerate(raw) for fault in _faults(value, item, f"{pointer}/{place}")
        ]
    try:
        wrong = fault_of(msgspec.convert(raw, kind), inner)
    except msgspec.ValidationError as refused:
        wrong = str(refused).split(" - at `")[0]
    return [FieldError(pointer, wrong)] if wrong else []


def _struct_faults(raw: object, kind: type[msgspec.Struct], pointer: str) -> list[FieldError]:
    if not isinstance(raw, dict):
        return [FieldError(pointer, "is not an object")]
    faults = []
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in known.items():
        here = f"{pointer}/{name}"
        if name in raw:
            faults += _faults(raw[name], field.type, here)
        elif field.required:
            faults.append(FieldError(here, "is missing"))
    faults += [
        FieldError(f"{pointer}/{escaped(name)}", "is not a known field") for name in raw if name not in known
    ]
    return faults


def _without_none(kind: Any) -> Any:
    """``X`` for ``X | None``, anything else as it is."""
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    others = [one for one in get_args(kind) if one is not NoneType]
    return others[0] if len(others) == 1 else kind
