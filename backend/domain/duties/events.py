"""Who stepped back from a claim, and which office was asked to decide in another's place."""

from dataclasses import dataclass
from typing import ClassVar

from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.words import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRecused:
    """回避: this person fills no lane of this claim any more; an approval they had given is void."""

    type: ClassVar[str] = "officer-recused"
    officer: OfficerId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderNudged:
    """催办: whoever holds the claim was asked to go on; ``told`` are the officers among them, nobody for a farmer."""

    type: ClassVar[str] = "holder-nudged"
    held_by: str
    told: tuple[OfficerId, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneAssigned:
    """指派: one officer of the lane's office is asked to decide; a colleague who is first may still."""

    type: ClassVar[str] = "lane-assigned"
    lane: Lane
    to: OfficerId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDelegated:
    """委托: ``on_behalf_of`` asks another office of the lane to decide; ``to`` None: it decides itself again."""

    type: ClassVar[str] = "lane-delegated"
    lane: Lane
    on_behalf_of: OrganisationId
    to: OrganisationId | None
    reason: str
