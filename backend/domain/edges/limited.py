"""What is limited, for whom, and how often: what creates, signs in or costs (docs/edges.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from backend.domain.edges.rates import Rate


class Limited(StrEnum):
    """Kinds of requests that are counted together."""

    SIGN_IN = "sign-in"
    REPORTS = "reports"
    UPLOADS = "uploads"
    CODES = "codes"
    EXPORTS = "exports"
    PHOTOS = "photos"
    RATINGS = "ratings"
    POSITIONS = "positions"
    """Of whoever is on the way to a farm."""
    LOOKS = "looks"
    """At personal data in clear, and exports of persons."""


@dataclass(frozen=True, slots=True)
class Bound:
    """``person`` is for one officer, policy or (before anybody is signed in) address; ``county`` for all of a county.

    None: it is not counted.
    """

    person: Rate | None
    county: Rate | None


def _bound(person: str, county: str) -> Bound:
    return Bound(Rate.parse(person), Rate.parse(county))


# Far above what honest people need, so that a village behind one address or a flood in one night is never refused;
# far below what would fill a disk, spend the money for text messages, or keep others waiting.
SHIPPED: Mapping[Limited, Bound] = {
    Limited.SIGN_IN: Bound(Rate.parse("600/15min"), None),
    Limited.REPORTS: _bound("120/h", "6000/h"),
    Limited.UPLOADS: _bound("1200/h", "60000/h"),
    Limited.CODES: _bound("60/h", "3000/h"),
    Limited.EXPORTS: _bound("600/h", "6000/h"),
    Limited.PHOTOS: _bound("6000/h", "120000/h"),
    Limited.RATINGS: _bound("60/h", "3000/h"),
    # Six a minute: more often nobody on a country road is somewhere else.
    Limited.POSITIONS: _bound("360/h", "36000/h"),
    # Each is kept with its reason: nobody has so many reasons in an hour.
    Limited.LOOKS: _bound("60/h", "600/h"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What this installation holds people to."""

    bounds: Mapping[Limited, Bound]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what differs from the shipped rates: ``reports=30/h,600/h codes=off``, or ``off`` for all.

        Raises:
            ValueError: It names no kind of request, or says no rate.
        """
        if text.strip() == "off":
            return cls(dict.fromkeys(Limited, Bound(None, None)))
        bounds = dict(SHIPPED)
        for part in text.split():
            name, _, said = part.partition("=")
            person, _, county = said.partition(",")
            bounds[Limited(name)] = Bound(_rate(person), _rate(county))
        return cls(bounds)


def _rate(text: str) -> Rate | None:
    return None if text in {"off", ""} else Rate.parse(text)
