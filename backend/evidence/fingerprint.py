"""A photo's fingerprint: its strongest corners in 22 bytes each, by which copies of it are found among many photos.

It holds no picture: from 128 bits a corner nobody sees what the photo shows. A copy that was recompressed, resized,
cropped, brightened or turned keeps most of its corners; a mirrored one keeps them mirrored, and a corner's bits are
chosen so that mirroring swaps their halves. What looks alike here is only a candidate: ``duplicates`` judges the pair.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.corners import STEP
from models.laid import FIRST_NEAR
from models.proposals import Proposal, proposed
from models.views import View

_FORM = 1
"""Another way of making fingerprints needs another number: those of before are not compared with the new ones."""
# Corners kept of each level of a view, the largest picture first.
_KEPT = (36, 32, 26, 20, 14)
_CELLS, _DIRECTIONS = 4, 8
_ROW = np.dtype([("x", "<u2"), ("y", "<u2"), ("turn", "u1"), ("level", "u1"), ("bits", "<u8", (2,))])
_HEAD = np.dtype([("form", "u1"), ("corners", "u1"), ("width", "<u2"), ("height", "<u2")])
_PLACES = 64.0  # of a pixel
_BYTE = 256
# Of 128 bits: corners that differ in more do not look alike.
_MOST_BITS = 34
# At first a quarter of the corners is looked for by half of their bits, in so many prints at once as the processor's
# cache holds; where some are found, all are looked at.
_ONE_IN, _AT_ONCE, _MOST_OF_HALF, _FEWEST_OF_FEW = 4, 12, 12, 4
_MOST_PROPOSING = 48
FEWEST_CORNERS = 10
"""Corners that have to follow one way before a pair is worth judging."""


class NotAFingerprint(ValueError):
    """These bytes are of another form: of another release, or damaged."""


def _halves() -> NDArray[np.float32]:
    """(128, 64): directions in the space of descriptions, the same on every machine."""
    return np.random.default_rng(20261126).standard_normal((_CELLS**2 * _DIRECTIONS, 64)).astype(np.float32)


def _mirrored_places() -> NDArray[np.intp]:
    """Where each number of a description stands in the mirrored corner's: rows of cells and directions turn over."""
    row, column, direction = np.meshgrid(
        np.arange(_CELLS), np.arange(_CELLS), np.arange(_DIRECTIONS), indexing="ij"
    )
    places = ((_CELLS - 1 - row) * _CELLS + column) * _DIRECTIONS + (-direction) % _DIRECTIONS
    return places.ravel()


_LEFT = _halves()
_RIGHT = _LEFT[_mirrored_places()]


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The corners of a small picture of ``size`` (width, height).

    ``at``: (N,) where they are, x + iy in its pixels. ``facing``: (N,) complex numbers that hold a corner's size
    (pixels) and direction. ``bits``: (N, 2) uint64.
    """

    size: tuple[int, int]
    at: NDArray[np.complex128]
    facing: NDArray[np.complex128]
    bits: NDArray[np.uint64]

    @classmethod
    def of(cls, view: View) -> Self:
        """Of a photo as it is compared with others."""
        level = np.rint(np.log(np.maximum(np.abs(view.facing), 1)) / np.log(STEP)).astype(int)
        kept = np.concatenate(
            [np.flatnonzero(level == number)[:most] for number, most in enumerate(_KEPT)]
        ).astype(int)
        looks = view.looks - (view.looks.mean(0) if len(view.looks) else 0)
        halves = [np.packbits(looks[kept] @ side > 0, axis=1).view("<u8")[:, 0] for side in (_LEFT, _RIGHT)]
        return cls(
            view.size,
            view.at[kept].astype(np.complex128),
            view.facing[kept].astype(np.complex128),
            np.stack(halves, 1).astype(np.uint64),
        )

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """Read what ``packed`` wrote.

        Raises:
            NotAFingerprint: It is of another form.
        """
        if len(content) < _HEAD.itemsize:
            raise NotAFingerprint
        head = np.frombuffer(content, _HEAD, 1)[0]
        if head["form"] != _FORM or len(content) != _HEAD.itemsize + int(head["corners"]) * _ROW.itemsize:
            raise NotAFingerprint
        rows = np.frombuffer(content, _ROW, offset=_HEAD.itemsize)
        return cls(
            (int(head["width"]), int(head["height"])),
            (rows["x"] + 1j * rows["y"]) / _PLACES,
            (STEP ** rows["level"].astype(float) * np.exp(2j * np.pi * rows["turn"] / _BYTE)).astype(
                np.complex128
            ),
            rows["bits"].astype(np.uint64),
        )

    def packed(self) -> bytes:
        """As it is kept: six bytes, and 22 a corner."""
        head = np.zeros(1, _HEAD)
        head[0] = (_FORM, len(self.at), *self.size)
        rows = np.zeros(len(self.at), _ROW)
        rows["x"], rows["y"] = np.rint(self.at.real * _PLACES), np.rint(self.at.imag * _PLACES)
        rows["turn"] = np.rint(np.angle(self.facing) / (2 * np.pi) * _BYTE).astype(int) % _BYTE
        rows["level"] = np.rint(np.log(np.abs(self.facing)) / np.log(STEP))
        rows["bits"] = self.bits
        return head.tobytes() + rows.tobytes()

    def mirrored(self) -> Self:
        """Of the photo with left and right changed over."""
        return replace(
            self,
            at=self.size[0] - self.at.conj(),
            facing=-self.facing.conj(),
            bits=self.bits[:, ::-1],
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one photo may have become another: mirrored first, if at all, then turned, sized and shifted.

    ``way`` is in pixels of the small pictures that the fingerprints were made of, ``of`` their sizes.
    """

    way: Proposal
    is_mirrored: bool
    of: tuple[tuple[int, int], tuple[int, int]]

    def back(self) -> "Likeness":
        """How the second may have become the first."""
        (one, _), (other, _) = self.of
        turn, shift = self.way.turn, self.way.shift
        if self.is_mirrored:
            turn = turn.conjugate()
            way = Proposal(1 / turn, one - other / turn + (shift.conjugate() / turn), self.way.followed)
        else:
            way = Proposal(1 / turn, -shift / turn, self.way.followed)
        return Likeness(way, self.is_mirrored, (self.of[1], self.of[0]))


def likenesses(one: Fingerprint, others: Sequence[Fingerprint]) -> list[Likeness | None]:
    """How *one* may have become each of *others*, or come from it; None where too few corners look alike."""
    found: list[Likeness | None] = [None] * len(others)
    if not len(one.at):
        return found
    for mine, is_mirrored in ((one, False), (one.mirrored(), True)):
        for number in _worth_a_look(mine, others):
            other = others[number]
            way = _way(mine, other)
            best = found[number]
            if way and way.followed >= FEWEST_CORNERS and (best is None or way.followed > best.way.followed):
                found[number] = Likeness(way, is_mirrored, (one.size, other.size))
    return found


def _worth_a_look(one: Fingerprint, others: Sequence[Fingerprint]) -> Iterator[int]:
    """Places of those among *others* in which some of a quarter of the corners are found again."""
    few = one.bits[::_ONE_IN, :1]
    places = [place for place, other in enumerate(others) if len(other.at)]
    for begin in range(0, len(places), _AT_ONCE):
        part = places[begin : begin + _AT_ONCE]
        starts = np.cumsum([0, *(len(others[place].at) for place in part[:-1])])
        half = np.concatenate([others[place].bits[:, 0] for place in part])
        nearest = np.minimum.reduceat(np.bitwise_count(few ^ half), starts, axis=1)
        alike = (nearest <= _MOST_OF_HALF).sum(0)
        yield from (place for place, number in zip(part, alike, strict=True) if number >= _FEWEST_OF_FEW)


def _bits_apart(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint8]:
    halves = [np.bitwise_count(one[:, side, None] ^ other[None, :, side]) for side in (0, 1)]
    return np.asarray(halves[0] + halves[1])


def _way(one: Fingerprint, other: Fingerprint) -> Proposal | None:
    apart = _bits_apart(one.bits, other.bits)
    best = apart.argmin(1)
    least = apart[np.arange(len(best)), best]
    rows = np.flatnonzero(least <= _MOST_BITS)
    if len(rows) < FEWEST_CORNERS:
        return None
    rows = rows[np.argsort(least[rows], kind="stable")]
    at, to = one.at[rows], other.at[best[rows]]
    grown = other.facing[best[rows]] / one.facing[rows]
    way = proposed(at[:_MOST_PROPOSING], to[:_MOST_PROPOSING], grown[:_MOST_PROPOSING])
    if way is None:
        return None
    # A copy is told from other photos of its pen by how many follow, so all of them are asked.
    miss = np.abs(way.turn * at + way.shift - to)
    return replace(way, followed=int((miss < FIRST_NEAR * max(1.0, abs(way.turn))).sum()))
