"""Words of assisted reports 代办报案."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from backend.domain.ids import OfficerId, OrganisationId

GOOD_FOR = timedelta(days=7)
"""This project's: how long whoever was given the farmer's code may report. A barn may be without signal for days."""
SEEN_FOR = timedelta(days=180)
"""This project's: how long a village agent sees the claims that they assisted; half a policy's year."""


class Proof(StrEnum):
    """By what the farmer let somebody report for them."""

    CONTACT_PHONE = "contact_phone"
    """A one-time code to the farm's contact phone, the farmer's own or a relative's, whose message named who asks."""
    POLICY_CARD = "policy_card"
    """The policy card 保单卡, where the farm has no contact phone."""


@dataclass(frozen=True, slots=True)
class Assistance:
    """代办: stands in the report, and so on the claim for ever.

    ``name`` is what they were called then, as the farmer knew them. ``is_agent``: a village agent 村级协保员; else an
    officer of one of the offices.
    """

    assisted_by: OfficerId
    name: str
    organisation: OrganisationId
    is_agent: bool
    proof: Proof
