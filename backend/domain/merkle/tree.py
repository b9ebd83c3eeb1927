"""The hash of a list that only grows: RFC 9162 §2.1.1, kept up to date leaf by leaf in O(log n) memory."""

from collections.abc import Iterable
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"
EMPTY = sha256(b"").digest()
"""The root over no leaves."""


def leaf_hash(record: bytes) -> bytes:
    """A record as a leaf: no record can pass for a node."""
    return sha256(LEAF + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Two neighbouring subtrees as one."""
    return sha256(NODE + left + right).digest()


class Frontier:
    """The complete subtrees that the leaves so far make up, from the largest to the smallest.

    As many hashes as the number of leaves has binary ones: all that is needed to go on, and to say the root.
    """

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size = size
        self._subtrees = list(subtrees)
        if len(self._subtrees) != size.bit_count():
            raise ValueError(f"{len(self._subtrees)} subtrees cannot hold {size} leaves")

    def add(self, leaf: bytes) -> None:
        """One leaf's hash more."""
        subtrees, size = self._subtrees, self.size
        while size & 1:
            leaf = sha256(NODE + subtrees.pop() + leaf).digest()
            size >>= 1
        subtrees.append(leaf)
        self.size += 1

    @property
    def subtrees(self) -> tuple[bytes, ...]:
        """From the largest to the smallest."""
        return tuple(self._subtrees)

    @property
    def root(self) -> bytes:
        """The hash over all leaves so far."""
        return joined(self._subtrees)


def joined(subtrees: Iterable[bytes]) -> bytes:
    """The root over complete subtrees that stand side by side, the largest first."""
    root: bytes | None = None
    for subtree in reversed(list(subtrees)):
        root = subtree if root is None else node_hash(subtree, root)
    return EMPTY if root is None else root
