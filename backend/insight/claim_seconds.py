"""Seconds by stage and by holder of many claims at once: what ``day_pack`` says of one claim, over whole columns.

A test holds every figure to ``observations``, ``columns_of`` and ``milliseconds``, which stay the rule.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.domain.stages import Stage, Standstill
from backend.insight.claim_rows import STAGES
from backend.store.day_pack import SHARES, SUMS, columns_of, epoch_ms

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Kind = tuple[str, str, str | None]
"""Name, holders and standstill of a stretch: a handful of different ones in all."""
_TIE_US = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of a page's claims, in order of claims and of their places; as many in each array.

    Attributes:
        claim: The claim's place in the page.
        kinds: The different kinds that there are.
        kind: Which of these.
        entered_us, started_us, ended_us: Microseconds of the Unix epoch.
        is_over: Whether it has ended; ``ended_us`` says nothing where it has not.
    """

    claim: Ints
    kinds: list[Kind]
    kind: Ints
    entered_us: Ints
    started_us: Ints
    ended_us: Ints
    is_over: Bools


@dataclass(frozen=True, slots=True)
class Passed:
    """Of each claim of a page.

    Attributes:
        by_stage_ms: (claims, STAGES), all passes of a stage.
        is_there: (claims, STAGES), whether the claim has been in it.
        by_column: (claims, SUMS), sixths of a millisecond.
        lasting: The place in ``kinds`` of the stretch that still lasts; -1: none.
    """

    by_stage_ms: Ints
    is_there: Bools
    by_column: Ints
    lasting: Ints


def passed(stretches: Stretches, claims: int, now: datetime) -> Passed:
    """What passed until *now* of as many claims."""
    by_stage_ms = np.zeros((claims, len(STAGES)), np.int64)
    is_there = np.zeros((claims, len(STAGES)), bool)
    for place, name in enumerate(STAGES):
        lane = name.removeprefix("joint_review.")
        is_own = np.array([_is_of(kind, name, lane) for kind in stretches.kinds], bool)[stretches.kind]
        own = np.flatnonzero(is_own)
        if own.size:
            took = _lane(stretches, own, now) if lane != name else _stage(stretches, own, now)
            np.add.at(by_stage_ms[:, place], stretches.claim[took[0]], took[1])
            is_there[stretches.claim[own], place] = True
    return Passed(by_stage_ms, is_there, _held(stretches, claims, now), _lasting(stretches, claims))


def milliseconds(begin_us: Ints, end_us: Ints) -> Ints:
    """``day_pack.milliseconds`` of each, which rounds seconds as floats: half a millisecond goes either way."""
    took = end_us - begin_us
    rounded = (took + _TIE_US) // 1000
    for tie in np.flatnonzero(took % 1000 == _TIE_US):
        rounded[tie] = int(round(int(took[tie]) / 1_000_000, 3) * 1000 + 0.5)
    kept: Ints = np.maximum(rounded, 0)
    return kept


def epoch_us(at: datetime) -> int:
    """The moment in microseconds of the Unix epoch."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _epoch_ms(us: Ints) -> Ints:
    # In the same steps as day_pack.epoch_ms, so that the same floats come of them.
    return (us / 1_000_000 * 1000 + 0.5).astype(np.int64)


def _is_of(kind: Kind, name: str, lane: str) -> bool:
    return kind[0] == name if lane == name else kind[0] == "joint_review" and lane in kind[1].split("+")


def _passes(stretches: Stretches, own: Ints) -> tuple[Ints, Ints]:
    """First and last of *own* in each pass through a stage, of stretches of one stage."""
    claim, entered = stretches.claim[own], stretches.entered_us[own]
    # Left and entered again at the same instant counts as one pass here: the first of the two took no time.
    is_first = np.r_[True, (np.diff(claim) != 0) | (np.diff(entered) != 0)]
    first = np.flatnonzero(is_first)
    return first, np.r_[first[1:], own.size] - 1


def _stage(stretches: Stretches, own: Ints, now: datetime) -> tuple[Ints, Ints]:
    """Stretches that begin a pass, and how long it took or has taken."""
    first, last = _passes(stretches, own)
    entered, end = stretches.entered_us[own[first]], own[last]
    waits = np.maximum(epoch_ms(now) - _epoch_ms(entered), 0)
    took = milliseconds(entered, stretches.ended_us[end])
    return own[first], np.where(stretches.is_over[end], took, waits)


def _lane(stretches: Stretches, own: Ints, now: datetime) -> tuple[Ints, Ints]:
    """Likewise of a lane's own stretches of joint reviews."""
    first, last = _passes(stretches, own)
    over = stretches.is_over[own]
    spans = np.where(over, milliseconds(stretches.started_us[own], stretches.ended_us[own]), 0)
    waited, end = np.add.reduceat(spans, first), own[last]
    since = _epoch_ms(stretches.started_us[end]) - waited
    waits = np.maximum(epoch_ms(now) - since, 0)
    return own[first], np.where(stretches.is_over[end], waited, waits)


def _held(stretches: Stretches, claims: int, now: datetime) -> Ints:
    ended = np.where(stretches.is_over, stretches.ended_us, epoch_us(now))
    parts = milliseconds(stretches.started_us, ended) * SHARES
    by_column = np.zeros((len(SUMS), claims), np.int64)
    for place, kind in enumerate(stretches.kinds):
        own = np.flatnonzero(stretches.kind == place)
        columns = _columns(kind)
        for column in columns:
            np.add.at(by_column[column], stretches.claim[own], parts[own] // len(columns))
    return by_column.T


def _columns(kind: Kind) -> tuple[int, ...]:
    name, held_by, standstill = kind
    moment: Any = None  # which columns time goes to does not depend on when it passed
    return columns_of(
        Stage(name, held_by, moment, moment, None, Standstill(standstill) if standstill else None)
    )


def _lasting(stretches: Stretches, claims: int) -> Ints:
    lasting = np.full(claims, -1)
    is_last = np.r_[np.diff(stretches.claim) != 0, True] if stretches.claim.size else np.zeros(0, bool)
    own = np.flatnonzero(is_last & ~stretches.is_over)
    lasting[stretches.claim[own]] = stretches.kind[own]
    return lasting
