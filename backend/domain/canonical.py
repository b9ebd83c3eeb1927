"""Canonical JSON (RFC 8785 for strings, integers, booleans, null, lists and objects) and its hash.

Signatures and hashes stand over these bytes, so that any language can check them. Floats are refused:
amounts, weights and coordinates travel as strings or integers.
"""

import hashlib
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any  # keys of any mapping are looked at

from backend.domain.ids import Digest

_LARGEST_EXACT = 2**53 - 1
_LITERALS = {None: "null", True: "true", False: "false"}


def canonical(value: object) -> bytes:
    """Return the RFC 8785 form of *value* as UTF-8.

    Raises:
        TypeError: A float or another type inside.
        ValueError: An integer beyond ±(2**53 - 1), which JSON readers cannot hold exactly, or a lone surrogate.
    """
    return _write(value).encode("utf-8")


def digest(value: object) -> Digest:
    """The sha-256 of the canonical form, 64 hexadecimal digits."""
    return Digest(hashlib.sha256(canonical(value)).hexdigest())


def _write(value: object) -> str:
    # The kinds that nearly every value is, before those that take longer to tell.
    if type(value) is str:
        return encode_basestring(value)
    if type(value) is dict:
        return "{" + ",".join([f"{_write(key)}:{_write(value[key])}" for key in sorted_keys(value)]) + "}"
    if type(value) is list:
        return "[" + ",".join([_write(item) for item in value]) + "]"
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or value is True or value is False:
        return _LITERALS[value]
    if isinstance(value, int):
        if abs(value) > _LARGEST_EXACT:
            raise ValueError(f"{value} is not exact in JSON")
        return str(int(value))
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_write(key)}:{_write(value[key])}" for key in sorted_keys(value)) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(_write(item) for item in value) + "]"
    raise TypeError(f"canonical JSON cannot hold {type(value).__name__}")


def sorted_keys(value: Mapping[Any, object]) -> list[str]:
    """An object's keys in the order of RFC 8785.

    Raises:
        TypeError: A key that is no string.
    """
    try:
        is_plain = "".join(value).isascii()
    except TypeError:
        wrong = next(key for key in value if not isinstance(key, str))
        raise TypeError(f"an object's key is a string, not {type(wrong).__name__}") from None
    keys = sorted(map(str, value))
    if is_plain:
        return keys
    # RFC 8785 §3.2.3 sorts by UTF-16 code units, which differs from code points above U+FFFF.
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))
