"""The words that a route's rule is made of."""

from enum import StrEnum


class Role(StrEnum):
    """角色: as whom somebody comes. One person may hold several."""

    PUBLIC = "public"
    """Nobody has signed in; the route trusts nothing, or a signature of its own."""
    FARMER = "farmer"
    """The holder of a policy."""
    INSURER = "insurer"
    VETERINARY = "veterinary"
    INSPECTION = "inspection"
    COLLECTOR = "collector"
    """The disposal company's: an officer without a lane."""
    ADMINISTRATOR = "administrator"
    """An officer whom their organisation made its administrator; holds the role of their lane as well."""
    LINK = "link"
    """The holder of a read-only link to one claim."""
    FEED = "feed"
    """An insurer's own system with the feed token of a webhook: reads its county's state changes, and does nothing."""
    AGENT = "agent"
    """村级协保员: a village agent of the insurer; reports for farmers who agreed, and sees those claims alone."""
    REGULATOR = "regulator"
    """监管机构: reads aggregates of its region, and nothing that is one claim's."""


class Reach(StrEnum):
    """What a rule is about, and so what besides the role is looked at."""

    NOTHING = "nothing"
    """No object, or one that is the same for all: a product, a clock, a switch of the installation."""
    OWN = "own"
    """The caller's own things: keys, policy, farm."""
    CLAIM = "claim"
    """The claim that the address names, which the caller has to see; else there is no such claim."""
    COUNTY = "county"
    """Rows of the counties that the caller sees, and no others."""
    ORGANISATION = "organisation"
    """Things of the caller's organisation."""
