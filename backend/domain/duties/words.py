"""By which right an officer decides, and what ties an officer to a farm."""

from enum import StrEnum


class Basis(StrEnum):
    """By which right an office filled a lane."""

    OWN = "own"
    """The claim is of its county."""
    DELEGATION = "delegation"
    """委托: the office whose part it is asked this one to decide this claim."""
    COVER = "cover"
    """代办: the office whose part it is was closed, and had named this one."""


class TieKind(StrEnum):
    """Why an officer never decides on a farm (domain.md §1, three lanes)."""

    OWN = "own"
    RELATIVE = "relative"
    EMPLOYER = "employer"
