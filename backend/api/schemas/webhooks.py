"""Bodies about webhooks."""

from typing import Annotated

import msgspec
from msgspec import Meta

Address = Annotated[str, Meta(min_length=1, max_length=500)]
EventName = Annotated[str, Meta(pattern="^[a-z][a-z-]{2,39}$")]
Start = Annotated[str, Meta(min_length=1, max_length=40)]


class WebhookBody(msgspec.Struct, frozen=True):
    """Where state changes are posted. ``types``: events such as ``payout-confirmed``; none: all.

    ``after``: send what follows this cursor too, or ``beginning``; left out: what happens from now on.
    """

    url: Address
    types: Annotated[tuple[EventName, ...], Meta(max_length=60)] = ()
    after: Start | None = None


class ReplayBody(msgspec.Struct, frozen=True):
    """Send again what follows this cursor, or ``beginning``."""

    after: Start
