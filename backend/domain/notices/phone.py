"""Phone numbers 手机号 in the one form that gateways take: E.164."""

import re

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_WRITTEN_BETWEEN = re.compile(r"[\s\-()]")


def is_phone_number(text: str) -> bool:
    """Whether *text* is a number in the international form, such as +8613912345678."""
    return _E164.fullmatch(text) is not None


def phone_number(text: str) -> str:
    """The international form of a number as people write it; eleven digits are a mobile number of the mainland.

    Raises:
        ValueError: It is no number.
    """
    digits = _WRITTEN_BETWEEN.sub("", text)
    mainland = _MAINLAND.fullmatch(digits)
    if mainland:
        return f"+86{mainland[1]}"
    if not is_phone_number(digits):
        raise ValueError("is no phone number such as 13912345678 or +8613912345678")
    return digits
