"""What is hidden cannot be had from what is shown, neither by subtraction nor by knowing that no count is negative."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from backend.domain.suppression import FEWEST, Protected, protect

COUNTS = st.one_of(st.integers(0, FEWEST + 1), st.integers(0, 60))
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=7)
)


def sums(table: Protected) -> tuple[np.ndarray, np.ndarray]:
    """Every sum of the table as an equation over all of its places, and those that are shown as equations too."""
    rows, columns = len(table.counts), len(table.counts[0])
    place = lambda row, column: row * columns + column  # noqa: E731 - said once
    equations, values = [], []
    for row in range(rows):
        one = np.zeros(rows * columns)
        one[[place(row, column) for column in range(columns - 1)]] = 1
        one[place(row, columns - 1)] = -1
        equations.append(one)
        values.append(0)
    for column in range(columns):
        one = np.zeros(rows * columns)
        one[[place(row, column) for row in range(rows - 1)]] = 1
        one[place(rows - 1, column)] = -1
        equations.append(one)
        values.append(0)
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in table.hidden:
                one = np.zeros(rows * columns)
                one[place(row, column)] = 1
                equations.append(one)
                values.append(table.counts[row][column])
    return np.array(equations), np.array(values)


@given(TABLES)
@settings(max_examples=60, deadline=None)
def test_no_hidden_small_count_can_be_derived_or_narrowed_below_the_threshold(
    groups: list[list[int]],
) -> None:
    table = protect(groups)
    columns = len(table.counts[0])
    equations, values = sums(table)
    rank = np.linalg.matrix_rank(equations)

    for row, cells in enumerate(table.counts):
        for column, count in enumerate(cells):
            if not 0 < count < FEWEST:
                continue
            assert (row, column) in table.hidden
            aim = np.zeros(equations.shape[1])
            aim[row * columns + column] = 1
            assert np.linalg.matrix_rank(np.vstack([equations, aim])) > rank, "had by subtraction"
            most = linprog(-aim, A_eq=equations, b_eq=values, bounds=(0, None))
            assert most.status == 3 or -most.fun >= FEWEST - 1e-6, "narrowed down"


@given(TABLES)
@settings(max_examples=60, deadline=None)
def test_a_small_group_is_hidden_with_all_that_became_of_its_claims(groups: list[list[int]]) -> None:
    table = protect(groups)

    for row, cells in enumerate(table.counts):
        if 0 < cells[-1] < FEWEST:
            assert not any(table.shown(row, column) for column in range(len(cells)))


def test_without_small_counts_nothing_is_hidden() -> None:
    assert protect([[5, 0, 7], [20, 9, 0]]).hidden == frozenset()
    assert protect([]).counts == ()


def test_one_small_count_takes_the_least_that_keeps_it_hidden() -> None:
    table = protect([[3, 50, 40], [60, 10, 70], [80, 90, 30]])

    assert table.shown(0, 0) is None
    assert len(table.hidden) == 4
    assert table.shown(3, 3) == sum(map(sum, [[3, 50, 40], [60, 10, 70], [80, 90, 30]]))


def test_where_nothing_can_be_shown_safely_nothing_is() -> None:
    table = protect([[4]])

    assert table.hidden == {(row, column) for row in range(2) for column in range(2)}
