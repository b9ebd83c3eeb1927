"""A day that has changed is packed from its rows once a state, and never shown as it was before."""

from backend.store.day_pack import DayPack, pack
from backend.store.fresh_packs import MOST, FreshPacks

NOTHING = pack([])


def counted_making(made: list[str], name: str) -> DayPack:
    made.append(name)
    return NOTHING


def test_a_day_in_the_same_state_is_made_once() -> None:
    kept, made = FreshPacks(), list[str]()
    state = frozenset({("claim", 2)})

    for _ in range(3):
        kept.get("day", state, lambda: counted_making(made, "day"))

    assert made == ["day"]


def test_another_change_makes_it_anew_and_so_does_a_state_after_packing() -> None:
    kept, made = FreshPacks(), list[str]()
    first, second, packed_since = (
        frozenset({("claim", 2)}),
        frozenset({("claim", 2), ("claim", 3)}),
        frozenset({("claim", 4)}),
    )

    for state in (first, second, packed_since):
        kept.get("day", state, lambda: counted_making(made, "day"))

    assert len(made) == 3


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept, made = FreshPacks(), list[str]()
    state = frozenset({("claim", 1)})
    for place in range(MOST):
        kept.get(place, state, lambda: NOTHING)
    kept.get(0, state, lambda: NOTHING)

    kept.get(MOST, state, lambda: NOTHING)

    kept.get(0, state, lambda: counted_making(made, "used"))
    kept.get(1, state, lambda: counted_making(made, "oldest"))
    assert made == ["oldest"]
