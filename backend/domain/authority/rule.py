"""A route's rule: which roles may use it, and about what."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from backend.domain.authority.words import Reach, Role
from backend.domain.parties import Officer
from backend.domain.words import Lane

OFFICES = (Role.INSURER, Role.VETERINARY, Role.INSPECTION)
"""The three offices that fill a lane."""
OFFICERS = (*OFFICES, Role.COLLECTOR)
"""Everybody who works on claims."""
SIGNED_IN = (*OFFICERS, Role.REGULATOR)
"""Everybody who signs in with a key, for what is their own: sessions, keys, colleagues."""
ANYONE = (Role.FARMER, *OFFICERS)
"""The farmer and everybody who works on claims; the holder of a link has not signed in."""

BY_KEY = (*SIGNED_IN, Role.AGENT)
"""Whoever may sign in with a key, for that key and their own sessions: a village agent may, and has no colleagues."""
ASSISTS = (*OFFICERS, Role.AGENT)
"""Whoever may report for a farmer who agreed."""

_LANES = {
    Lane.INSURER: Role.INSURER,
    Lane.VETERINARY: Role.VETERINARY,
    Lane.INSPECTION: Role.INSPECTION,
    None: Role.COLLECTOR,
}
_WORDS = {
    frozenset({Role.INSURER}): "this is the insurer's to see and do",
    frozenset(OFFICERS): "this needs an officer's session",
    frozenset(SIGNED_IN): "this needs an officer's session, or a regulator's",
    frozenset(BY_KEY): "this needs the session of somebody who signs in with a key",
    frozenset(ASSISTS): "this is for whoever reports for farmers: officers and village agents",
    frozenset(OFFICES): "this is for the insurer, the veterinary and the inspection office",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route.

    ``is_keyless``: an officer may use it before an approved key stands behind the session, to come by one. Whoever was
    merely handed a login token could be the very colleague who made it.
    """

    roles: frozenset[Role]
    over: Reach = Reach.NOTHING
    is_keyless: bool = False

    @property
    def is_public(self) -> bool:
        """Whether nobody has to sign in."""
        return Role.PUBLIC in self.roles

    def allows(self, held: AbstractSet[Role]) -> bool:
        """Whether somebody with these roles may use the route; which object is another question."""
        return self.is_public or not self.roles.isdisjoint(held)

    @property
    def says(self) -> str:
        """The rule as a sentence, for whom it refuses."""
        return _WORDS.get(self.roles, f"this is for: {', '.join(sorted(self.roles))}")


def roles_of(officer: Officer) -> frozenset[Role]:
    """The roles that an officer holds."""
    if officer.is_agent:
        # Also an officer who came by a phone: there they are no more than an agent.
        return frozenset({Role.AGENT})
    own = frozenset({Role.REGULATOR if officer.is_regulator else _LANES[officer.lane]})
    return own | {Role.ADMINISTRATOR} if officer.is_administrator else own
