"""Over which ways people are told, and who is told over which."""

from collections.abc import Sequence
from enum import StrEnum

from backend.domain.words import Lane

FARMER = "farmer"
"""To whom most messages go; the others go to an office, named by its lane."""


class Channel(StrEnum):
    """A way to reach people; each has one adapter."""

    CONSOLE = "console"
    """Printed where the worker runs: the operator stands in for the farmer's phone."""
    WEBHOOK = "webhook"
    """Posted, signed, to a system of the insurer's, which passes it on or shows it to its offices."""
    SMS = "sms"
    """A text message 短信 to the farmer's own number."""


ALONE = (Channel.CONSOLE,)
"""What an installation tells people over where nobody chose."""


def audiences(channel: Channel, lanes: Sequence[Lane], *, is_told: bool) -> tuple[str, ...]:
    """Who is told of one event over *channel*: the farmer, and the offices where a system stands behind it.

    Args:
        channel: Over which way.
        lanes: Offices that now have something to do.
        is_told: Whether the event is news for the farmer.
    """
    offices = tuple(lane.value for lane in lanes) if channel is Channel.WEBHOOK else ()
    return ((FARMER,) if is_told else ()) + offices
