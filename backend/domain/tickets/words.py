"""How a service ticket ends."""

from enum import StrEnum


class ClosingReason(StrEnum):
    """Why a ticket is closed 结案原因; each goes with words of whoever closes it."""

    EXPLAINED = "explained"
    """解释说明: the farmer was called, and understands why it was so."""
    PUT_RIGHT = "put_right"
    """已经改正: something was wrong and is not any more."""
    APOLOGISED = "apologised"
    """致歉: it was our fault and cannot be undone."""
    PASSED_ON = "passed_on"
    """转办: another office has to mend it, and has been told."""
    NOT_REACHED = "not_reached"
    """联系不上: the farmer was called three times on different days and did not answer."""
    BY_MISTAKE = "by_mistake"
    """误评: the farmer says that the rating was a slip."""
