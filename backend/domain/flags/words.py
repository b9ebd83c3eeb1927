"""The words that flags are sorted by."""

from enum import StrEnum


class FlagKind(StrEnum):
    """What a flag is about."""

    PHOTO = "photo"
    """The same photo, or the same animal, on another claim."""
    TAG = "tag"
    """The same ear tag on another claim."""
    PEOPLE = "people"
    """An officer and a collector who meet on most claims of a farm."""
    COUNT = "count"
    """Heads claimed against heads counted, against the stock, or against the last weeks' deaths."""
    PAYEE = "payee"
    """One account for many farms, or another payee than the policy's."""


class FlagState(StrEnum):
    """Whether a person has said what a flag comes to."""

    OPEN = "open"
    CLEARED = "cleared"
    """Looked at, and in order."""
    CONFIRMED = "confirmed"
    """Looked at, and as bad as it seemed; a person still has to reject the claim."""
