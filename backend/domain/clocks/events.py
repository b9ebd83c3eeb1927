"""What a claim's clocks say, once each and never again, and who was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from backend.domain.clocks.deadlines import ClockName
from backend.domain.ids import OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineAtRisk:
    """临近时限: most of a clock's time is used up. ``held_by`` had the claim then; it may name several lanes."""

    type: ClassVar[str] = "deadline-at-risk"
    clock: ClockName
    due_at: datetime
    held_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineBreached:
    """超时: a clock's time is used up, and what was waited for had not happened."""

    type: ClassVar[str] = "deadline-breached"
    clock: ClockName
    due_at: datetime
    held_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEscalated:
    """上报: service officers of a level are told, since so much (per cent) of a clock's time is used up.

    ``told`` are the service officers of the level, or the officers of whoever holds the claim where none is named.
    """

    type: ClassVar[str] = "claim-escalated"
    clock: ClockName
    level: int
    percent: int
    due_at: datetime
    held_by: str
    told: tuple[OfficerId, ...]
