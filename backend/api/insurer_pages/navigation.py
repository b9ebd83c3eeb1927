"""The pages that one can go to, in order. A page is listed for whoever may open it."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.authority.rule import OFFICERS, OFFICES, roles_of
from backend.domain.authority.words import Role
from backend.domain.parties import Officer


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its address, the label that names it, and who may open it."""

    address: str
    label: str
    roles: tuple[Role, ...] = OFFICERS


PLACES = (
    Place("/i", "speed"),
    Place("/i/stuck", "stuck"),
    Place("/i/quality", "quality"),
    Place("/i/claims", "claims", OFFICES),
    Place("/i/flags", "flags", OFFICES),
    Place("/i/money", "money", (Role.INSURER,)),
    Place("/i/model", "model", OFFICES),
    Place("/i/regulator", "regulator_page", (Role.REGULATOR, Role.INSURER)),
)


def places_for(officer: Officer) -> Sequence[Place]:
    """The pages that this officer may open, at least one: the first is where they come in."""
    held = roles_of(officer)
    return [place for place in PLACES if not held.isdisjoint(place.roles)]
