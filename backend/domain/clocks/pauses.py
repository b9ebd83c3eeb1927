"""When a claim's clocks stand still: what pauses them, and since when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.replacing import replace


class PauseKind(StrEnum):
    """What stops a clock; which clock it stops is said with each deadline."""

    QUARANTINE = "QUARANTINE"
    """The hold of a quarantine zone: nobody may go there (domain.md §1, holds)."""
    EVIDENCE_REQUESTED = "EVIDENCE_REQUESTED"
    """The farmer was asked for more: the farmer's time, not the offices'."""


@dataclass(frozen=True, slots=True)
class Pause:
    """One stretch; ``until`` is None while it lasts."""

    kind: PauseKind
    since: datetime
    until: datetime | None = None


Pauses = tuple[Pause, ...]
Stretch = tuple[datetime, datetime | None]


def pauses_after(pauses: Pauses, lasting: frozenset[PauseKind], at: datetime) -> Pauses:
    """The pauses once exactly these kinds last from *at* on."""
    before = {pause.kind for pause in pauses if pause.until is None}
    if before == lasting:
        return pauses
    kept = tuple(
        replace(pause, until=at) if pause.until is None and pause.kind not in lasting else pause
        for pause in pauses
    )
    return kept + tuple(Pause(kind, at) for kind in PauseKind if kind in lasting - before)


def stretches(pauses: Pauses, kinds: frozenset[PauseKind]) -> tuple[Stretch, ...]:
    """The time that pauses of these kinds cover, in order; two that overlap are one."""
    merged: list[Stretch] = []
    for pause in sorted((one for one in pauses if one.kind in kinds), key=lambda one: one.since):
        last = merged[-1] if merged else None
        if last is None or (last[1] is not None and last[1] < pause.since):
            merged.append((pause.since, pause.until))
            continue
        if last[1] is None:
            break
        until = None if pause.until is None else max(last[1], pause.until)
        merged[-1] = (last[0], until)
    return tuple(merged)
