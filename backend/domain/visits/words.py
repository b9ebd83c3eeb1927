"""The words around visits."""

from enum import StrEnum


class VisitKind(StrEnum):
    """What somebody comes for; each has one kind of office."""

    COLLECTION = "collection"
    """The disposal company's collector 收运员 takes the carcasses away."""
    SURVEY = "survey"
    """The insurer's surveyor 查勘员 looks at the loss on the spot."""


class VisitEnd(StrEnum):
    """How a visit ended."""

    ARRIVED = "arrived"
    CALLED_OFF = "called_off"
    FORGOTTEN = "forgotten"
    """Nobody said, and it has lasted as long as a visit may."""


class ExpectedFrom(StrEnum):
    """Whose word the expected moment is."""

    SAID = "said"
    """Whoever is on the way said so."""
    DISTANCE = "distance"
    """Worked out from the straight line to the farm: an estimate, and told as one."""
