"""The audit log's Merkle tree against the RFC's definition, written naively, and Certificate Transparency's vectors."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.merkle.proofs import Subtrees, consistency_proof, inclusion_proof, root
from backend.domain.merkle.tree import EMPTY, Frontier, leaf_hash, node_hash
from backend.domain.merkle.verifying import extends, includes

# The eight leaves of the reference tests of Certificate Transparency (RFC 6962), and the roots over the first n.
CT_LEAVES = tuple(
    bytes.fromhex(one)
    for one in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
)
CT_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
HASHES = tuple(leaf_hash(record) for record in CT_LEAVES)
MANY = [leaf_hash(str(place).encode()) for place in range(700)]
sizes = st.integers(min_value=1, max_value=len(MANY))


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word by word."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_path(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if place < k:
        return [*naive_path(place, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(place - k, leaves[k:]), naive_root(leaves[:k])]


def naive_consistency(old: int, leaves: Sequence[bytes], *, is_whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162 §2.1.4.1."""
    if old == len(leaves):
        return [] if is_whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if old <= k:
        return [*naive_consistency(old, leaves[:k], is_whole=is_whole), naive_root(leaves[k:])]
    return [*naive_consistency(old - k, leaves[k:], is_whole=False), naive_root(leaves[:k])]


def subtrees_of(leaves: Sequence[bytes]) -> Subtrees:
    def subtree(level: int, number: int) -> bytes:
        found = leaves[number << level : (number + 1) << level]
        assert len(found) == 1 << level, "only complete subtrees are asked for"
        return naive_root(found)

    return subtree


def test_no_leaves_have_the_root_of_nothing() -> None:
    assert Frontier().root == EMPTY == bytes.fromhex(CT_ROOTS[0])


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_certificate_transparency_come_out(size: int) -> None:
    frontier = Frontier()
    for one in HASHES[:size]:
        frontier.add(one)

    assert frontier.root.hex() == CT_ROOTS[size]
    assert root(size, subtrees_of(HASHES)).hex() == CT_ROOTS[size]


def test_the_proofs_of_certificate_transparency_come_out() -> None:
    tree = subtrees_of(HASHES)

    assert [one.hex() for one in inclusion_proof(0, 8, tree)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in consistency_proof(6, 8, tree)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(size=st.integers(min_value=0, max_value=len(MANY)), part=st.integers(min_value=0))
def test_a_tree_that_grows_leaf_by_leaf_has_the_root_of_the_definition(size: int, part: int) -> None:
    first = Frontier()
    for one in MANY[: part % (size + 1)]:
        first.add(one)
    frontier = Frontier(first.size, first.subtrees)

    for one in MANY[first.size : size]:
        frontier.add(one)

    assert frontier.root == naive_root(MANY[:size])


def test_a_frontier_of_the_wrong_size_is_no_frontier() -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        Frontier(3, [EMPTY])


@given(size=sizes, wanted=st.integers(min_value=0))
def test_a_leafs_way_to_the_root_is_the_definitions_and_proves_it(size: int, wanted: int) -> None:
    place, leaves = wanted % size, MANY[:size]
    proof = inclusion_proof(place, size, subtrees_of(leaves))

    assert proof == naive_path(place, leaves)
    assert includes(leaf=leaves[place], place=place, size=size, proof=proof, root=naive_root(leaves))


@given(size=sizes, wanted=st.integers(min_value=0), other=st.integers(min_value=0), spoiled=st.data())
def test_no_other_leaf_place_size_root_or_way_is_proven(
    size: int, wanted: int, other: int, spoiled: st.DataObject
) -> None:
    place, leaves = wanted % size, MANY[:size]
    proof, top = inclusion_proof(place, size, subtrees_of(leaves)), naive_root(leaves)

    def holds(**change: object) -> bool:
        facts = {"leaf": leaves[place], "place": place, "size": size, "proof": proof, "root": top}
        return includes(**facts | change)  # type: ignore[arg-type]

    assert not holds(leaf=leaf_hash(b"another"))
    assert not holds(root=leaf_hash(b"another"))
    assert not holds(place=-1)
    assert not holds(place=size)
    assert not holds(proof=[*proof, EMPTY])
    if other % size != place:
        assert not holds(place=other % size)
    if proof:
        at = spoiled.draw(st.integers(min_value=0, max_value=len(proof) - 1))
        assert not holds(proof=[*proof[:at], EMPTY, *proof[at + 1 :]])
        assert not holds(proof=proof[:-1])


@given(size=sizes, wanted=st.integers(min_value=0))
def test_a_larger_tree_is_proven_to_begin_with_the_smaller(size: int, wanted: int) -> None:
    old, leaves = wanted % size + 1, MANY[:size]
    proof = consistency_proof(old, size, subtrees_of(leaves))

    assert proof == naive_consistency(old, leaves)
    assert extends(
        old_size=old,
        old_root=naive_root(leaves[:old]),
        new_size=size,
        new_root=naive_root(leaves),
        proof=proof,
    )


@given(
    size=st.integers(min_value=2, max_value=200),
    wanted=st.integers(min_value=0),
    changed=st.integers(min_value=0),
)
def test_a_tree_whose_beginning_was_rewritten_is_never_proven_to_follow(
    size: int, wanted: int, changed: int
) -> None:
    old = wanted % size + 1
    before, after = MANY[:size], list(MANY[:size])
    after[changed % old] = leaf_hash(b"rewritten")

    for proof in (consistency_proof(old, size, subtrees_of(tree)) for tree in (before, after)):
        assert not extends(
            old_size=old,
            old_root=naive_root(before[:old]),
            new_size=size,
            new_root=naive_root(after),
            proof=proof,
        )


def test_what_no_tree_can_prove_is_said() -> None:
    tree = subtrees_of(MANY)

    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(3, 3, tree)
    with pytest.raises(ValueError, match="does not follow"):
        consistency_proof(4, 3, tree)
    assert extends(old_size=0, old_root=EMPTY, new_size=3, new_root=naive_root(MANY[:3]), proof=[])
    assert not extends(old_size=4, old_root=EMPTY, new_size=3, new_root=EMPTY, proof=[])
    assert not extends(old_size=3, old_root=EMPTY, new_size=5, new_root=EMPTY, proof=[])
