"""One day's claims of one county, packed: durations to the millisecond in order of stage, and sums by kind of claim.

Nothing is lost but the claims' names: quantiles read from packs are those of the rows, to the millisecond.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import numpy as np

from backend.domain.stages import BANK, DISPOSAL, FARMER, INSURER, MACHINE, Stage, Standstill
from backend.domain.words import Lane, State

WHOLE_WAY = "report_to_paid"
OBSERVED = (
    WHOLE_WAY,
    *("upload", "verification", "evidence", "hold", "joint_review"),
    *(f"joint_review.{lane.value}" for lane in Lane),
    *("acceptance", "handover", "payment", "certificate"),
)
"""What is observed of claims: the whole way, the stages, and in the joint review each lane's own time."""
HOLDERS = (FARMER, MACHINE, INSURER, Lane.VETERINARY.value, Lane.INSPECTION.value, DISPOSAL, BANK)
STANDSTILLS = tuple(one.value for one in Standstill)
AFTER_PAYMENT = "after_payment"
REACHED = ("received", "verified", "agreed", "accepted", "handed_over")
"""How far claims came: all photos there, looked through, approved by every lane, accepted, carcasses handed over."""
COUNTS = ("claims", "paid", "paid_in_time", "ended_unpaid", "asked", *REACHED)
SUMS = (*HOLDERS, *STANDSTILLS, AFTER_PAYMENT, *COUNTS)
"""Of each cell: time in sixths of a millisecond, so that what two or three lanes share divides exactly; counts."""
SHARES = 6

_PLACE = {name: place for place, name in enumerate(OBSERVED)}
_COLUMN = {name: place for place, name in enumerate(SUMS)}
_FURTHEST = {
    "verification": 1,
    "hold": 2,
    "joint_review": 2,
    "acceptance": 3,
    "handover": 4,
    "payment": 5,
    "certificate": 5,
}
"""How many of REACHED a claim has behind it that is or was in a stage."""
UNPAID_ENDS = frozenset({State.REJECTED.value, State.WITHDRAWN.value})
_MOST_SHORT_MS = 2**32 - 1

Cell = tuple[str, str, str]
"""Product, species, and path, which is empty before triage."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One claim as it is packed."""

    cell: Cell
    state: str
    reported_at: datetime
    due_at: datetime
    paid_at: datetime | None
    stages: Sequence[Stage]


class DayPack(msgspec.Struct, frozen=True, array_like=True):
    """The packed claims. Arrays are little-endian; a *cell* is a place in ``cells``, a *stage* one in OBSERVED.

    Attributes:
        cells: Kinds of claims, in order.
        sums: int64 (cells, SUMS).
        took: For each of OBSERVED, milliseconds of what is over: uint32.
        took_cell: The cells of these: uint16.
        long: What took longer than that holds: int64 (n, 3), stage, cell, milliseconds.
        lasting: What lasts: int64 (n, 3), stage, cell, since when in milliseconds of the Unix epoch.
        turns: With whom open claims are: int64 (n, 3), cell, since when, and a bit for each column of SUMS that the
            time since then goes to in equal parts.
        due: Claims neither paid nor ended: int64 (n, 2), cell, when they were promised.
    """

    cells: tuple[Cell, ...]
    sums: bytes
    took: tuple[bytes, ...]
    took_cell: tuple[bytes, ...]
    long: bytes
    lasting: bytes
    turns: bytes
    due: bytes


def encode(pack: DayPack) -> bytes:
    """The pack as it is kept: the same claims give the same bytes."""
    return msgspec.msgpack.encode(pack)


_DECODER = msgspec.msgpack.Decoder(DayPack)


def decode(content: bytes) -> DayPack:
    """The pack as it was kept.

    Raises:
        msgspec.DecodeError: These are no pack's bytes.
    """
    return _DECODER.decode(content)


def pack(claims: Iterable[Counted]) -> DayPack:
    """Pack claims of one day and county, in whatever order."""
    work = _Work()
    for claim in claims:
        work.add(claim)
    return work.done()


def milliseconds(begin: datetime, end: datetime) -> int:
    """From one moment to another as people are told it: rounded as seconds to three places; never below zero."""
    return max(0, int(round((end - begin).total_seconds(), 3) * 1000 + 0.5))


def epoch_ms(at: datetime) -> int:
    """The moment in milliseconds of the Unix epoch."""
    return int(at.timestamp() * 1000 + 0.5)


@dataclass(slots=True)
class _Work:
    sums: dict[Cell, list[int]] = field(default_factory=dict)
    over: list[tuple[int, Cell, int]] = field(default_factory=list)
    lasting: list[tuple[int, Cell, int]] = field(default_factory=list)
    turns: list[tuple[Cell, int, int]] = field(default_factory=list)
    due: list[tuple[Cell, int]] = field(default_factory=list)

    def add(self, claim: Counted) -> None:
        """Count one claim."""
        sums = self.sums.setdefault(claim.cell, [0] * len(SUMS))
        sums[_COLUMN["claims"]] += 1
        self._count_way(claim, sums)
        for name, took, since in observations(claim.stages):
            if since is None:
                self.over.append((_PLACE[name], claim.cell, took))
            else:
                self.lasting.append((_PLACE[name], claim.cell, since))
        for one in claim.stages:
            columns = columns_of(one)
            if one.ended_at is None:
                bits = sum(1 << column for column in columns)
                self.turns.append((claim.cell, epoch_ms(one.started_at), bits))
                continue
            part = milliseconds(one.started_at, one.ended_at) * SHARES // len(columns)
            for column in columns:
                sums[column] += part

    def _count_way(self, claim: Counted, sums: list[int]) -> None:
        way = _PLACE[WHOLE_WAY]
        if any(one.name == "evidence" for one in claim.stages):
            sums[_COLUMN["asked"]] += 1
        furthest = max((_FURTHEST.get(one.name, 0) for one in claim.stages), default=0)
        for name in REACHED[: len(REACHED) if claim.paid_at else furthest]:
            sums[_COLUMN[name]] += 1
        if claim.state in UNPAID_ENDS:
            sums[_COLUMN["ended_unpaid"]] += 1
        elif claim.paid_at is None:
            self.lasting.append((way, claim.cell, epoch_ms(claim.reported_at)))
            self.due.append((claim.cell, epoch_ms(claim.due_at)))
        else:
            self.over.append((way, claim.cell, milliseconds(claim.reported_at, claim.paid_at)))
            sums[_COLUMN["paid"]] += 1
            sums[_COLUMN["paid_in_time"]] += claim.paid_at <= claim.due_at

    def done(self) -> DayPack:
        """Everything in one order, so that the same claims give the same bytes."""
        cells = sorted(self.sums)
        place = {cell: place for place, cell in enumerate(cells)}
        short: list[list[tuple[int, int]]] = [[] for _ in OBSERVED]
        long = []
        for stage, cell, took in self.over:
            if took > _MOST_SHORT_MS:
                long.append((stage, place[cell], took))
            else:
                short[stage].append((place[cell], took))
        for group in short:
            group.sort()
        return DayPack(
            cells=tuple(cells),
            sums=_bytes([figure for cell in cells for figure in self.sums[cell]]),
            took=tuple(_bytes([took for _, took in group], "<u4") for group in short),
            took_cell=tuple(_bytes([cell for cell, _ in group], "<u2") for group in short),
            long=_bytes(sorted(long)),
            lasting=_bytes(sorted((stage, place[cell], since) for stage, cell, since in self.lasting)),
            turns=_bytes(sorted((place[cell], since, bits) for cell, since, bits in self.turns)),
            due=_bytes(sorted((place[cell], at) for cell, at in self.due)),
        )


def columns_of(one: Stage) -> tuple[int, ...]:
    """Which columns of SUMS a stretch's time goes to, in equal parts: its holders', or a standstill's alone."""
    if one.name == "certificate":
        return (_COLUMN[AFTER_PAYMENT],)
    if one.standstill:
        return (_COLUMN[one.standstill],)
    return tuple(_COLUMN[holder] for holder in one.held_by.split("+"))


def observations(stretches: Sequence[Stage]) -> Iterator[tuple[str, int, int | None]]:
    """Each stage that a claim went through or is in, and each lane's own time in each joint review.

    Yields name, milliseconds, and for what still lasts since when (of the Unix epoch, in milliseconds) it would have
    lasted without a break: a lane that was opened again has waited before.
    """
    reached: list[list[Stage]] = []
    for one in stretches:
        if reached and (reached[-1][0].name, reached[-1][0].entered_at) == (one.name, one.entered_at):
            reached[-1].append(one)
        else:
            reached.append([one])
    for parts in reached:
        first, last = parts[0], parts[-1]
        if last.ended_at is None:
            yield first.name, 0, epoch_ms(first.entered_at)
        else:
            yield first.name, milliseconds(first.entered_at, last.ended_at), None
        if first.name == "joint_review":
            yield from _lanes(parts)


def _lanes(parts: Sequence[Stage]) -> Iterator[tuple[str, int, int | None]]:
    for lane in Lane:
        own = [one for one in parts if lane.value in one.held_by.split("+")]
        waited = sum(milliseconds(one.started_at, one.ended_at) for one in own if one.ended_at)
        if own and own[-1].ended_at is None:
            yield f"joint_review.{lane.value}", 0, epoch_ms(own[-1].started_at) - waited
        elif own:
            yield f"joint_review.{lane.value}", waited, None


def _bytes(figures: Sequence[int] | Sequence[tuple[int, ...]], kind: str = "<i8") -> bytes:
    return np.array(figures, kind).tobytes()
