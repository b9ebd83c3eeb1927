"""What a person said of a flag."""

from dataclasses import dataclass
from typing import ClassVar

from backend.domain.flags.words import FlagState


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagJudged:
    """An officer of the insurer looked at a flag; ``flag`` is the key of its doubt, ``state`` never OPEN."""

    type: ClassVar[str] = "flag-judged"
    flag: str
    state: FlagState
    reason: str
