"""Words of farmers' sign-in."""

from enum import StrEnum


class Way(StrEnum):
    """By what a farmer signed in."""

    PHONE = "phone"
    """A one-time code to the contact phone of the farm: every policy of the farms with that phone."""
    CARD = "card"
    """The secret of a policy card 保单卡: that policy alone."""
    AGENT = "agent"
    """Somebody who reports for farmers, by the one-time token of their invitation: no policy."""


class SessionEnd(StrEnum):
    """Why a farmer's session ended before its time."""

    SIGNED_OUT = "signed-out"
    REVOKED = "revoked"
    """Ended by the farmer from another device."""
    REUSED = "reused"
    """A spent refresh token came again: one of its two holders is a thief."""
    CARD_REPLACED = "card-replaced"
    PHONE_CHANGED = "phone-changed"
    NEW_PHONE = "new-phone"
    """A village agent signed in on another phone."""


class CodeFor(StrEnum):
    """What a one-time code to a contact phone proves."""

    SIGN_IN = "sign-in-code"
    PAYEE = "payee-code"
    ASSISTED = "assisted-code"
    """Lets whoever the message names report one claim."""
    ASSISTED_ADVANCE = "assisted-advance"
    """The same, and agrees beforehand to the lowest sum shown."""


class Message(StrEnum):
    """A text message that is about no claim; each has its sentence in ``texts``, table ``account``."""

    SIGN_IN_CODE = "sign-in-code"
    PAYEE_CODE = "payee-code"
    ASSISTED_CODE = "assisted-code"
    ASSISTED_ADVANCE = "assisted-advance"
    PAYEE_ASKED = "payee-asked"
    PAYEE_CHANGED = "payee-changed"
    PHONE_CHANGED = "phone-changed"
    SESSION_REUSED = "session-reused"
    CARD_REPLACED = "card-replaced"
