"""An endpoint 接收端: an address of an insurer's own system, what it wants to hear, and how it fares."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from urllib.parse import urlsplit
from uuid import UUID

from backend.domain.ids import OrganisationId

EndpointId = NewType("EndpointId", UUID)
_WRITTEN = re.compile("[!-~]*")
"""What goes onto the line as it stands: printable ASCII without a space (RFC 3986)."""
MOST_ENDPOINTS = 20
"""Of one organisation: each event is delivered to each of them."""

ROTATION = timedelta(hours=24)
"""How long the former secret signs beside the new one."""


class Standing(StrEnum):
    """How an endpoint fares."""

    WORKING = "working"
    FAILING = "failing"
    """Its last attempts failed; it is tried again."""
    DISABLED = "disabled"
    """It failed for too long, or said that it is gone: nothing is sent until an administrator enables it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One registered address.

    Attributes:
        county: Of the organisation: it hears of this county's claims.
        types: Event types it wants, such as ``payout-confirmed``; none: all.
        next_place: In the audit log, of the first event that was not put on the way to it yet.
        failing_since: The first failure after the last success; None: the last attempt arrived, or there was none.
    """

    id: EndpointId
    organisation: OrganisationId
    county: str
    url: str
    types: tuple[str, ...]
    next_place: int
    round: int
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_because: str | None = None

    @property
    def standing(self) -> Standing:
        """How it fares."""
        if self.disabled_at:
            return Standing.DISABLED
        return Standing.FAILING if self.failing_since else Standing.WORKING

    def wants(self, event_type: str) -> bool:
        """Whether it is sent events of this type."""
        return not self.types or event_type in self.types

    def has_failed_too_long(self, at: datetime, patience: timedelta) -> bool:
        """Whether nothing has arrived for so long although it was tried."""
        return self.failing_since is not None and at - self.failing_since >= patience


def faults_of_address(url: str, *, allow_private: bool) -> Sequence[str]:
    """What keeps an address from being an endpoint's; whether it is public shows when it is dialled."""
    try:
        parts = urlsplit(url)
        port_is_usable = parts.port != 0
    except ValueError:
        return ("is not a URL",)
    faults = []
    if not _WRITTEN.fullmatch(url):
        faults.append("holds blanks or letters beyond ASCII: write names as xn--, and paths with %")
    if parts.scheme not in ({"https", "http"} if allow_private else {"https"}):
        faults.append("is not an https URL")
    if not parts.hostname or not port_is_usable:
        faults.append("names no host")
    if parts.username or parts.password:
        faults.append("holds a password: the signature says who sends")
    if parts.fragment:
        faults.append("holds a fragment, which is never sent")
    return faults
