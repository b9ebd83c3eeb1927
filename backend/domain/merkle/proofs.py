"""Proofs out of a tree: that a leaf is in it, and that a larger tree only added to a smaller one (RFC 9162 §2.1.3–4).

A tree is a function from (level, number) to the hash of a complete subtree: the one over the 2**level leaves that begin
at number * 2**level. What is not complete is put together from these, so that O(log n) of them are asked for.
"""

from collections.abc import Callable, Iterator

from backend.domain.merkle.tree import joined

Subtrees = Callable[[int, int], bytes]


def root(size: int, subtrees: Subtrees) -> bytes:
    """The root over the first *size* leaves."""
    return _hash(0, size, subtrees)


def inclusion_proof(place: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """What leads from the leaf at *place* (from 0) to the root over *size* leaves.

    Raises:
        ValueError: There is no such leaf.
    """
    if not 0 <= place < size:
        raise ValueError(f"there is no leaf {place} among {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if place < middle:
            path.append(_hash(middle, end, subtrees))
            end = middle
        else:
            path.append(_hash(start, middle, subtrees))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtrees: Subtrees) -> list[bytes]:
    """What shows that the tree over *new* leaves begins with the one over *old*.

    Raises:
        ValueError: The old one is empty, or the larger.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not follow one of {old}")
    path, start, end, is_whole = [], 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_hash(middle, end, subtrees))
            end = middle
        else:
            path.append(_hash(start, middle, subtrees))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_hash(start, end, subtrees))
    return path[::-1]


def complete_subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees (level, number) over leaves *start* to *end*, the largest first.

    *start* is a multiple of the smallest power of two that holds them all, as it is wherever a tree is split.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _hash(start: int, end: int, subtrees: Subtrees) -> bytes:
    return joined(subtrees(level, number) for level, number in complete_subtrees(start, end))


def _split(leaves: int) -> int:
    """The largest power of two below *leaves*."""
    return 1 << ((leaves - 1).bit_length() - 1)
