"""Text messages 短信 as networks count them: GSM 7-bit or UCS-2 (3GPP TS 23.038 and 23.040)."""

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_ESCAPED = frozenset("\f^{}\\[~]|€")
"""Letters that take two places."""

ONE_GSM_7, PART_OF_GSM_7 = 160, 153
ONE_UCS_2, PART_OF_UCS_2 = 70, 67
"""Places in a message that stands alone, and in each part of a longer one, which gives some to its header."""


def is_gsm_7(text: str) -> bool:
    """Whether every letter is in the GSM 7-bit alphabet; one other letter makes the whole message UCS-2."""
    return all(letter in _GSM_7 or letter in _GSM_7_ESCAPED for letter in text)


def places(text: str) -> int:
    """How many places the text takes: septets, or UTF-16 units where a letter is not in the GSM alphabet."""
    gsm = is_gsm_7(text)
    return sum(_places(letter, gsm=gsm) for letter in text)


def is_one_message(text: str) -> bool:
    """Whether the text travels, and is paid for, as one message."""
    return places(text) <= (ONE_GSM_7 if is_gsm_7(text) else ONE_UCS_2)


def parts(text: str) -> tuple[str, ...]:
    """The text as the messages that it travels in; no letter of two places is cut in half."""
    if is_one_message(text):
        return (text,)
    gsm = is_gsm_7(text)
    most = PART_OF_GSM_7 if gsm else PART_OF_UCS_2
    cut, room = [""], most
    for letter in text:
        taken = _places(letter, gsm=gsm)
        if taken > room:
            cut.append("")
            room = most
        cut[-1] += letter
        room -= taken
    return tuple(cut)


def _places(letter: str, *, gsm: bool) -> int:
    if gsm:
        return 2 if letter in _GSM_7_ESCAPED else 1
    return len(letter.encode("utf-16-le", "surrogatepass")) // 2
