"""Observations and sums of the claims that are wanted, gathered from packs: whole columns at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any  # times are of either width

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from backend.insight.survival import Observed
from backend.insight.wanted import Wanted
from backend.store.day_pack import OBSERVED, SHARES, SUMS, WHOLE_WAY, DayPack
from backend.store.packing import CountyDay, packs

Numbers = NDArray[np.int64]
_NONE = np.zeros(0, np.int64)
_WAY = OBSERVED.index(WHOLE_WAY)


@dataclass(slots=True)
class Group:
    """Claims that belong together: observations by name, and sums.

    ``sums`` hold time in sixths of a millisecond and counts, in order of SUMS, with open claims counted until now;
    ``overdue`` are claims past their promise that are neither paid nor ended. A group that is told apart from others
    holds the whole way alone.
    """

    observed: dict[str, Observed] = field(default_factory=dict)
    sums: Numbers = field(default_factory=lambda: np.zeros(len(SUMS), np.int64))
    overdue: int = 0

    @property
    def way(self) -> Observed:
        """From the report to the money."""
        return self.observed.get(WHOLE_WAY, Observed(_NONE, _NONE))

    def total(self, name: str) -> int:
        """One of the counts of SUMS."""
        return int(self.sums[SUMS.index(name)])

    def seconds(self, name: str) -> float:
        """One of the times of SUMS."""
        return self.total(name) / (SHARES * 1000)


@dataclass(slots=True)
class Gathered:
    """All that are wanted together, and told apart where that was asked for."""

    whole: Group = field(default_factory=Group)
    groups: dict[str, Group] = field(default_factory=dict)


def gather(connection: Connection, wanted: Wanted, now_ms: int) -> Gathered:
    """Everything that figures are made of; *now_ms* is the Unix epoch's milliseconds until which open ones last."""
    placed = list(packs(connection, wanted.span))
    if not placed:
        return Gathered()
    columns = _Columns.of([pack for _, pack in placed], now_ms)
    names = [_names(wanted, place, pack) for place, pack in placed]
    kept = np.array([name is not None for name in chain.from_iterable(names)])
    found = Gathered(whole=columns.group(kept, OBSERVED))
    if wanted.by is not None:
        found.groups = columns.told_apart(list(chain.from_iterable(names)))
    return found


def _names(wanted: Wanted, place: CountyDay, pack: DayPack) -> list[str | None]:
    """The group of each cell; None for cells that are not wanted."""
    if wanted.by is None and wanted.product is None and wanted.species is None:
        return [""] * len(pack.cells)
    return [wanted.group_of(place, cell) if wanted.holds(cell) else None for cell in pack.cells]


@dataclass(frozen=True, slots=True)
class _Columns:
    """All packs' arrays behind each other; a *row* is a cell of one pack, counted through all of them."""

    packs: Sequence[DayPack]
    offsets: Numbers
    sums: Numbers
    long: Numbers
    lasting: Numbers
    overdue: Numbers

    @classmethod
    def of(cls, packs: Sequence[DayPack], now_ms: int) -> "_Columns":
        """Everything that lasts, until now: also the time that open claims have been with their holders."""
        rows = np.array([len(pack.cells) for pack in packs])
        offsets = np.cumsum(rows) - rows
        sums = np.frombuffer(b"".join(pack.sums for pack in packs), "<i8").reshape(-1, len(SUMS)).copy()
        turns = _joined([pack.turns for pack in packs], 3, 0, offsets)
        if len(turns):
            bits = (turns[:, 2, None] >> np.arange(len(SUMS))) & 1
            held = np.maximum(now_ms - turns[:, 1], 0) * SHARES // bits.sum(axis=1)
            np.add.at(sums, turns[:, 0], held[:, None] * bits)
        lasting = _joined([pack.lasting for pack in packs], 3, 1, offsets)
        # A clock that was set back must not make anything last less than no time.
        lasting[:, 2] = np.maximum(now_ms - lasting[:, 2], 0)
        due = _joined([pack.due for pack in packs], 2, 0, offsets)
        long = _joined([pack.long for pack in packs], 3, 1, offsets)
        return cls(packs, offsets, sums, long, lasting, due[due[:, 1] < now_ms, 0])

    def group(self, kept: NDArray[np.bool_], names: Sequence[str]) -> Group:
        """The claims in these rows."""
        is_all = bool(kept.all())
        return Group(
            observed={name: self._observed(OBSERVED.index(name), None if is_all else kept) for name in names},
            sums=self.sums.sum(axis=0) if is_all else self.sums[kept].sum(axis=0),
            overdue=int(kept[self.overdue].sum()),
        )

    def told_apart(self, names: Sequence[str | None]) -> dict[str, Group]:
        """The claims of each name; of rows without one nothing."""
        known = sorted({name for name in names if name is not None})
        code = {name: place for place, name in enumerate(known)}
        # Last of all: what has no name.
        codes = np.array([len(known) if name is None else code[name] for name in names], np.int16)
        over = _split(codes[self._rows(_WAY)], np.frombuffer(self._took(_WAY), "<u4"), len(known))
        long = self.long[self.long[:, 0] == _WAY]
        lasting = self.lasting[self.lasting[:, 0] == _WAY]
        longs = _split(codes[long[:, 1]], long[:, 2], len(known))
        lasted = _split(codes[lasting[:, 1]], lasting[:, 2], len(known))
        return {
            name: Group(
                observed={WHOLE_WAY: Observed.of(np.concatenate((over[place], longs[place])), lasted[place])},
                sums=self.sums[codes == place].sum(axis=0),
                overdue=int((codes[self.overdue] == place).sum()),
            )
            for name, place in code.items()
        }

    def _observed(self, stage: int, kept: NDArray[np.bool_] | None) -> Observed:
        took = np.frombuffer(self._took(stage), "<u4")
        if kept is not None:
            took = took[kept[self._rows(stage)]]
        long, lasting = (
            one[(one[:, 0] == stage) & (True if kept is None else kept[one[:, 1]]), 2]
            for one in (self.long, self.lasting)
        )
        return Observed.of(np.concatenate((took, long)) if len(long) else took, lasting)

    def _took(self, stage: int) -> bytes:
        return b"".join(pack.took[stage] for pack in self.packs)

    def _rows(self, stage: int) -> Numbers:
        counts = np.array([len(pack.took_cell[stage]) // 2 for pack in self.packs])
        cells = np.frombuffer(b"".join(pack.took_cell[stage] for pack in self.packs), "<u2")
        return cells + np.repeat(self.offsets, counts)


def _split(codes: NDArray[np.int16], times: NDArray[Any], groups: int) -> list[NDArray[Any]]:
    """The times of each code from 0 to *groups*, which itself is left out."""
    order = np.argsort(codes, kind="stable")
    return np.split(times[order], np.searchsorted(codes[order], np.arange(1, groups + 1)))[:groups]


def _joined(parts: Sequence[bytes], width: int, cell: int, offsets: Numbers) -> Numbers:
    """Tables of int64 behind each other, the cells in column *cell* counted on."""
    counts = np.array([len(part) // (8 * width) for part in parts])
    whole = np.frombuffer(b"".join(parts), "<i8").reshape(-1, width).copy()
    whole[:, cell] += np.repeat(offsets, counts)
    return whole
