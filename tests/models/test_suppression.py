import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.suppression import Detections, box_iou, decode, lying_on_others, parted

FLOORS = np.full(3, 0.3, np.float32)

raw_boxes = st.lists(
    st.tuples(
        st.integers(0, 90), st.integers(0, 90), st.integers(1, 40), st.integers(1, 40),
        st.floats(0, 1, width=32), st.floats(0, 1, width=32), st.floats(0, 1, width=32),
    ),
    max_size=30,
)  # fmt: skip


def an_output(*anchors: tuple[float, ...]) -> NDArray[np.float32]:
    return np.asarray(anchors, np.float32).reshape(-1, 7).T


def test_one_animal_seen_as_two_species_is_one_head() -> None:
    output = an_output((50, 50, 20, 20, 0.6, 0.1, 0.1), (51, 50, 20, 20, 0.1, 0.9, 0.1))

    found = decode(output, floors=FLOORS, iou=0.6)

    assert found.species.tolist() == [1]
    assert found.scores.tolist() == [np.float32(0.9)]


def test_animals_side_by_side_are_two_heads() -> None:
    output = an_output((20, 50, 20, 20, 0.6, 0, 0), (45, 50, 20, 20, 0.5, 0, 0))

    found = decode(output, floors=FLOORS, iou=0.6)

    assert found.xyxy.tolist() == [[10, 40, 30, 60], [35, 40, 55, 60]]


def test_animals_lie_on_one_another_where_a_third_of_both_is_shared() -> None:
    boxes = np.asarray([[0, 0, 20, 20], [10, 0, 30, 20], [70, 0, 90, 20], [12, 2, 29, 20]], np.float32)

    assert lying_on_others(boxes) == [1, 3]
    assert lying_on_others(boxes[[0, 2]]) == lying_on_others(boxes[:0]) == []


def test_each_species_has_its_own_floor() -> None:
    output = an_output((20, 20, 9, 9, 0.5, 0, 0), (60, 60, 9, 9, 0, 0.5, 0))

    found = decode(output, floors=np.asarray([0.6, 0.4, 0.4], np.float32), iou=0.6)

    assert found.species.tolist() == [1]


def test_nothing_found_is_an_empty_answer() -> None:
    found = decode(an_output((20, 20, 9, 9, 0.1, 0.1, 0.1)), floors=FLOORS, iou=0.6)

    assert found.xyxy.shape == (0, 4)
    assert found.scores.shape == (0,)


@given(raw_boxes)
@settings(deadline=None)
def test_what_is_left_is_sorted_above_the_floor_and_apart(anchors: list[tuple[float, ...]]) -> None:
    found = decode(an_output(*anchors), floors=FLOORS, iou=0.6)

    assert (np.diff(found.scores) <= 0).all()
    assert (found.scores >= 0.3).all()
    for index in range(len(found.xyxy)):
        assert (box_iou(found.xyxy[index], found.xyxy[index + 1 :]) <= 0.6).all()


def detections(*boxes: tuple[float, float, float, float]) -> Detections:
    """Boxes of one species, best first."""
    scores = np.linspace(0.9, 0.3, len(boxes), dtype=np.float32)
    return Detections(np.asarray(boxes, np.float32).reshape(-1, 4), np.zeros(len(boxes), np.intp), scores)


def test_the_head_of_a_cow_is_no_second_cow() -> None:
    cow, head, other = (10, 10, 90, 60), (12, 12, 30, 30), (85, 10, 160, 60)

    wholes, parts = parted(detections(cow, head, other))

    assert wholes.xyxy.tolist() == [[*cow], [*other]]
    assert parts.xyxy.tolist() == [[*head]]


def test_a_box_around_a_better_one_is_the_same_animal() -> None:
    flank, cow = (20, 20, 60, 50), (10, 10, 90, 60)

    wholes, parts = parted(detections(flank, cow))

    assert wholes.xyxy.tolist() == [[*flank]]
    assert parts.xyxy.tolist() == [[*cow]]


@given(raw_boxes)
def test_every_box_is_a_whole_or_a_part(anchors: list[tuple[float, ...]]) -> None:
    found = decode(an_output(*anchors), floors=FLOORS, iou=0.6)

    wholes, parts = parted(found)

    together = [*wholes.scores.tolist(), *parts.scores.tolist()]
    assert sorted(together) == sorted(found.scores.tolist())
    assert parted(wholes)[1].scores.size == 0
