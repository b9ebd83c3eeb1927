"""Whether a proof proves it: RFC 9162 §2.1.3.2 and §2.1.4.2, for whoever has the roots and nothing else."""

from collections.abc import Sequence

from backend.domain.merkle.tree import EMPTY, node_hash


def includes(*, leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf with this hash stands at *place* (from 0) in the tree of *size* leaves with this root."""
    if not 0 <= place < size:
        return False
    at, last, hashed = place, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node_hash(part, hashed)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, part)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def extends(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the new tree holds the old one's leaves in their places, and after them only more."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size in {0, new_size}:
        expected = EMPTY if old_size == 0 else new_root
        return not proof and old_root == expected
    # An old tree that is itself a complete subtree is not sent: its root is known.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = node_hash(part, was), node_hash(part, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = node_hash(now, part)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root
