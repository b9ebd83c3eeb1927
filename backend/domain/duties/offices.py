"""Whose part a lane of a claim is, and who may fill it in that office's place."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from backend.domain.duties.words import TieKind
from backend.domain.ids import OrganisationId
from backend.domain.words import Lane

NO_OFFICES: frozenset[OrganisationId] = frozenset()


@dataclass(frozen=True, slots=True)
class Offices:
    """What the registers say about one officer and one lane of one claim, now.

    Attributes:
        home: Offices of the lane in the claim's county: the lane is theirs. None registered: any office of the lane.
        covered: Those of them that are closed now and named the officer's office as their cover.
        tie: What ties the officer to the claim's farm.
        asked: The lane of the office that is to be asked to decide, and None for one that has no lane.
        may_delegate: The officer is a service officer of a level that may ask another office.
    """

    home: AbstractSet[OrganisationId] = NO_OFFICES
    covered: AbstractSet[OrganisationId] = NO_OFFICES
    tie: TieKind | None = None
    asked: Lane | None = None
    may_delegate: bool = False

    def owns(self, office: OrganisationId) -> bool:
        """Whether the lane is this office's own."""
        return not self.home or office in self.home

    @property
    def names(self) -> str:
        """The offices whose part it is, for a sentence."""
        return ", ".join(sorted(self.home)) or "any office of the lane"


NOT_LOOKED_UP = Offices()
"""No register was asked: any office of a lane may fill it."""
