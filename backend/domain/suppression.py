"""Which cells of a table of counts are hidden, so that no small count can be had from what is shown.

A table of groups by outcomes has its sums at both edges. A count of 1 to 4 is small. Hiding it alone hides nothing: it
is its row's sum less the others. Hidden cells make a network, rows and columns its nodes; how far a cell could still be
from what it is, given all that is shown, is a flow through the others (Gusfield, A Graph Theoretic Approach to
Statistical Data Security, SIAM J. Comput. 17, 1988; Kelly, Golden, Assad, Cell Suppression, Networks 22, 1992).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf

FEWEST = 5
"""A smaller count than that, other than none, is hidden: the usual threshold of official statistics."""
Place = tuple[int, int]
_Node = tuple[bool, int]


@dataclass(frozen=True, slots=True)
class Protected:
    """A table with its edges, and which of its places are hidden.

    ``counts`` has the groups' rows and then the row of all; in each the outcomes and then their sum.
    """

    counts: tuple[tuple[int, ...], ...]
    hidden: frozenset[Place]

    def shown(self, row: int, column: int) -> int | None:
        """The count at a place; None where it is hidden."""
        return None if (row, column) in self.hidden else self.counts[row][column]

    def is_whole(self, row: int) -> bool:
        """Whether nothing of a row is hidden."""
        return all((row, column) not in self.hidden for column in range(len(self.counts[row])))


def protect(groups: Sequence[Sequence[int]]) -> Protected:
    """Hide what is small, and as little more as keeps it hidden.

    After it, whoever knows all that is shown, and how this is done, cannot tell whether a small count is smaller than
    FEWEST or not. Where no table could be shown like that, all of it is hidden.

    Args:
        groups: A row a group, its counts by outcome; all rows are of one length.
    """
    if not groups:
        return Protected((), frozenset())
    network = _Network(_with_edges(groups))
    small = network.hide_small()
    # What is hidden later only gives more room: a place that is safe stays so.
    for place in small:
        while not network.is_safe(place):
            if not network.hide_around(place):
                return Protected(network.counts, frozenset(network.places()))
    return Protected(network.counts, frozenset(network.hidden))


def _with_edges(groups: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    rows = [(*row, sum(row)) for row in groups]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


@dataclass(slots=True)
class _Network:
    """Rows and columns are nodes, cells the ways between them.

    A sum counts against its parts: with its sign turned, what leaves a row or a column comes to nothing. One way along
    a cell makes it smaller, down to nothing; the other way makes it larger, without end.
    """

    counts: tuple[tuple[int, ...], ...]
    hidden: set[Place] = field(default_factory=set)

    def places(self) -> list[Place]:
        """Every place of the table, sums too."""
        return [(row, column) for row, cells in enumerate(self.counts) for column in range(len(cells))]

    def hide_small(self) -> list[Place]:
        """Hide small counts, and the whole row of a group that is small itself; these are what has to stay hidden."""
        last = len(self.counts[0]) - 1
        small = [place for place in self.places() if 0 < self._at(place) < FEWEST]
        self.hidden.update(small)
        for row, column in small:
            if column == last:
                self.hidden.update((row, other) for other in range(last))
        return small

    def is_safe(self, place: Place) -> bool:
        """Whether a small count could as well be FEWEST, for all that is shown."""
        missing = FEWEST - self._at(place)
        room = dict[tuple[_Node, _Node], float]()
        for other in self.hidden - {place}:
            row, column = self._nodes(other)
            down = float(self._at(other))
            room[row, column], room[column, row] = (inf, down) if self._is_turned(other) else (down, inf)
        begin, end = self._ends(place)
        moved = 0.0
        while moved < missing and (way := _way(room, begin, end)):
            step = min(missing - moved, *(room[arc] for arc in way))
            for one, other_end in way:
                room[one, other_end] -= step
                room[other_end, one] = room.get((other_end, one), 0.0) + step
            moved += step
        return moved >= missing

    def hide_around(self, place: Place) -> bool:
        """Hide the cells of the cheapest ring through a place that is not safe; whether there was one.

        Cheap is what few claims are lost with. Cells that would have to become smaller than nothing are no way.
        """
        missing = FEWEST - self._at(place)
        cost = dict[tuple[_Node, _Node], float]()
        along = dict[tuple[_Node, _Node], Place]()
        for other in self.places():
            if other == place:
                continue
            row, column = self._nodes(other)
            price = 0.001 if other in self.hidden else 1.0 + self._at(other)
            shrinking, growing = (
                ((column, row), (row, column)) if self._is_turned(other) else ((row, column), (column, row))
            )
            for arc in (shrinking, growing):
                if arc is growing or self._at(other) >= missing:
                    cost[arc], along[arc] = price, other
        begin, end = self._ends(place)
        ring = _cheapest(cost, begin, end)
        fresh = {along[arc] for arc in ring} - self.hidden
        self.hidden |= fresh
        return bool(fresh)

    def _at(self, place: Place) -> int:
        return self.counts[place[0]][place[1]]

    def _is_turned(self, place: Place) -> bool:
        """Whether it is a sum at one edge; the sum of all, at both, is turned twice."""
        return (place[0] == len(self.counts) - 1) != (place[1] == len(self.counts[0]) - 1)

    def _nodes(self, place: Place) -> tuple[_Node, _Node]:
        return (True, place[0]), (False, place[1])

    def _ends(self, place: Place) -> tuple[_Node, _Node]:
        """From where to where the others have to give way for this count to grow."""
        row, column = self._nodes(place)
        return (column, row) if self._is_turned(place) else (row, column)


def _way(room: Mapping[tuple[_Node, _Node], float], begin: _Node, end: _Node) -> list[tuple[_Node, _Node]]:
    """A shortest way along which something can still be moved; empty where there is none."""
    return _cheapest({arc: 1.0 for arc, left in room.items() if left > 0}, begin, end)


def _cheapest(
    cost: Mapping[tuple[_Node, _Node], float], begin: _Node, end: _Node
) -> list[tuple[_Node, _Node]]:
    following: dict[_Node, list[_Node]] = {}
    for one, other in sorted(cost):
        following.setdefault(one, []).append(other)
    waiting: list[tuple[float, _Node]] = [(0.0, begin)]
    known = {begin: 0.0}
    came: dict[_Node, _Node] = {}
    while waiting:
        spent, node = heappop(waiting)
        if node == end:
            break
        if spent > known[node]:
            continue
        for other in following.get(node, ()):
            price = spent + cost[node, other]
            if price < known.get(other, inf):
                known[other], came[other] = price, node
                heappush(waiting, (price, other))
    if end not in came:
        return []
    way, node = [], end
    while node != begin:
        way.append((came[node], node))
        node = came[node]
    return way[::-1]
