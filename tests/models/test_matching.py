import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.matching import average_precision, average_precision_interval, match

corner = st.integers(0, 60)
side = st.integers(1, 40)
box = st.tuples(corner, corner, side, side).map(lambda at: (at[0], at[1], at[0] + at[2], at[1] + at[3]))
boxes = st.lists(box, max_size=8)


def array(found: list[tuple[int, int, int, int]]) -> NDArray[np.float32]:
    return np.asarray(found, np.float32).reshape(-1, 4)


def falling(number: int) -> NDArray[np.float32]:
    """Scores that differ, best first."""
    return np.linspace(0.9, 0.2, number, dtype=np.float32)


@given(found=boxes, true=boxes)
def test_no_animal_is_found_twice(
    found: list[tuple[int, int, int, int]], true: list[tuple[int, int, int, int]]
) -> None:
    taken = match(array(found), falling(len(found)), array(true))

    animals = [number for number in taken.tolist() if number >= 0]
    assert len(animals) == len(set(animals))
    assert len(taken) == len(found)


@given(true=st.lists(box, max_size=8, unique=True))
def test_boxes_that_are_the_animals_themselves_are_all_right(true: list[tuple[int, int, int, int]]) -> None:
    taken = match(array(true), falling(len(true)), array(true))

    assert taken.tolist() == list(range(len(true)))


@given(found=boxes, true=boxes, seed=st.integers(0, 1000))
def test_the_order_of_the_boxes_does_not_matter_only_their_scores(
    found: list[tuple[int, int, int, int]], true: list[tuple[int, int, int, int]], seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(found))
    scores = falling(len(found))

    straight = match(array(found), scores, array(true))
    mixed = match(array(found)[order], scores[order], array(true))

    assert mixed.tolist() == straight[order].tolist()


def test_the_surer_box_takes_the_animal_and_the_other_is_false() -> None:
    found = array([(0, 0, 10, 10), (0, 0, 10, 9)])

    taken = match(found, np.asarray([0.4, 0.8], np.float32), array([(0, 0, 10, 10)]))

    assert taken.tolist() == [-1, 0]


def test_half_of_the_union_is_enough_and_less_is_not() -> None:
    half, less = array([(0, 0, 10, 5)]), array([(0, 0, 10, 4)])

    assert match(half, falling(1), array([(0, 0, 10, 10)])).tolist() == [0]
    assert match(less, falling(1), array([(0, 0, 10, 10)])).tolist() == [-1]


@pytest.mark.parametrize(
    ("right", "animals", "area"),
    [
        ((True, False, True), 2, 1 / 2 + 1 / 2 * 2 / 3),
        ((True, False, True), 4, 1 / 4 + 1 / 4 * 2 / 3),
        ((False, True, True), 2, 2 / 3),  # the best precision at any recall so far is the last one
        ((True, True, False), 2, 1.0),
        ((False, False, False), 3, 0.0),
    ],
)
def test_average_precision_is_what_paper_and_pencil_give(
    right: tuple[bool, ...], animals: int, area: float
) -> None:
    assert average_precision((0.9, 0.8, 0.7), right, animals) == pytest.approx(area)


def test_nothing_counted_of_three_animals_is_zero_and_no_animals_have_no_precision() -> None:
    assert average_precision((), (), 3) == 0.0
    assert average_precision((0.9,), (False,), 0) is None


def test_the_interval_of_average_precision_needs_two_scenes_and_spans_the_figure() -> None:
    scores, right = (0.9, 0.8, 0.7, 0.6), (True, False, True, True)

    one = average_precision_interval(scores, right, ("a",) * 4, {"a": 3})
    two = average_precision_interval(scores, right, ("a", "b", "a", "b"), {"a": 2, "b": 2})

    assert one is None
    assert two is not None
    figure = average_precision(scores, right, 4)
    assert figure is not None
    assert two[0] <= figure <= two[1]
