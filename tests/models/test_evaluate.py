"""Figures of photos whose truth and counts are made up, so that a pencil gives the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.calibration import calibration
from models.counter import Box, Count, Reason
from models.evaluate import Counted, PhotoUnreadable, Unread, count_all
from models.evaluation import evaluation
from models.figures import false_animals, figures, figures_of_species
from models.selective import doubt, selective_risk
from models.truth import Truth
from tests.models.counted import SIDE, a_box, a_photo, an_animal

places = st.lists(st.integers(0, 8).map(lambda place: 11.0 * place), max_size=9, unique=True)


@given(photos=st.lists(places, min_size=1, max_size=6))
def test_perfect_counting_is_1_everywhere(photos: list[list[float]]) -> None:
    counted = [
        a_photo([an_animal(left) for left in lefts], [a_box(left) for left in lefts], scene=f"{number}")
        for number, lefts in enumerate(photos)
    ]

    found = figures(counted).as_json()

    assert (found["count_mae"], found["exact_share"]) == (0, 1)
    if any(photos):
        assert (found["recall"], found["precision"], found["ap50"]) == (1, 1, 1)
        assert found["relative_error"] == 0
    else:
        assert (found["recall"], found["precision"], found["ap50"]) == (None, None, None)


def test_counts_do_not_depend_on_where_the_boxes_are() -> None:
    found = figures([a_photo([an_animal(0), an_animal(20)], [a_box(50), a_box(80)])]).as_json()

    assert found["exact_share"] == 1
    assert found["recall"] == found["precision"] == 0


def test_figures_add_up_over_photos_and_say_of_how_many() -> None:
    photos = [
        a_photo([an_animal(0), an_animal(20)], [a_box(0)], scene="a"),
        a_photo([an_animal(0)], [a_box(0), a_box(40, 0.5)], scene="b"),
        a_photo(scene="c"),
    ]

    found = figures(photos).as_json()

    assert found["count_mae"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["exact_share"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["relative_error"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["recall"] == found["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["n"] == {
        "count_mae": 3,
        "exact_share": 3,
        "relative_error": 3,
        "recall": 3,
        "precision": 3,
        "ap50": 3,
    }


def test_a_goat_called_a_sheep_is_found_but_not_named() -> None:
    photos = [
        a_photo(
            [an_animal(0, "goat"), an_animal(20, "goat")],
            [a_box(0, species="sheep"), a_box(20, species="goat")],
        )
    ]

    goat = figures_of_species(photos, "goat").as_json()

    assert goat["recall"] == 1
    assert goat["named"] == 0.5
    assert goat["precision"] == 1
    assert goat["ap50"] == 0.5
    assert figures(photos).as_json()["recall"] == 1


def test_photos_of_which_only_the_number_is_known_judge_counts_alone() -> None:
    found = figures([a_photo([an_animal(0)], [a_box(0), a_box(30)], drawn=False)]).as_json()

    assert found["count_mae"] == 1
    assert found["recall"] is None
    assert found["precision"] is None


def test_false_animals_are_told_per_50_photos_without_livestock() -> None:
    photos = [
        a_photo(scene="street", found=[a_box(0), a_box(30)]),
        *(a_photo(scene=f"{number}") for number in range(9)),
        a_photo([an_animal(0)], [a_box(0), a_box(50)], scene="pen"),
    ]

    told = false_animals(photos)

    assert (told["photos"], told["false_animals"], told["photos_with_false"]) == (10, 2, 1)
    assert told["per_50"] == 10


def test_no_false_animal_on_few_photos_is_not_none_for_ever() -> None:
    interval = false_animals([a_photo(scene=f"{number}") for number in range(20)])["per_50_interval"]

    assert isinstance(interval, list)
    assert interval[0] == 0
    assert interval[1] > 5


def test_photos_of_one_place_without_livestock_are_one_witness() -> None:
    yard, many = ([a_photo(scene=f"{number % scenes}") for number in range(200)] for scenes in (1, 200))

    of_one, of_many = false_animals(yard), false_animals(many)

    assert of_one["photos_with_false_interval"] == [0, 0.7935]
    assert of_many["photos_with_false_interval"] == [0, 0.0188]
    assert of_one["per_50_interval"] == [0, 39.6725]


def test_many_right_answers_in_one_pen_say_little_of_the_next() -> None:
    pen, pens = (
        [a_photo([an_animal(0)], [a_box(0)], scene=f"{number % scenes}") for number in range(80)]
        for scenes in (1, 80)
    )

    told, told_of_many = selective_risk(pen, {}), selective_risk(pens, {})

    assert (told["answered"], told["answered_scenes"], told["error"]) == (80, 1, 0)
    assert told["error_interval"] == [0, 0.7935]
    assert told_of_many["error_interval"] == [0, 0.0458]
    assert [point["error_interval"] for point in told["curve"]] == [[0, 0.7935]]  # type: ignore[attr-defined]


def test_the_curve_answers_the_surest_photos_first_and_all_in_the_end() -> None:
    photos = [
        a_photo([an_animal(0)], [a_box(0, 0.95)], name="sure"),
        a_photo([an_animal(0)], [a_box(0, 0.6)], name="less sure"),
        a_photo(
            [an_animal(0), an_animal(20)],
            [a_box(0, 0.4)],
            reasons=[Reason.LOW_CONFIDENCE],
            doubtful=1,
            name="in doubt",
        ),
        a_photo([an_animal(0)], [], reasons=[Reason.NO_ANIMAL], name="nothing found"),
        a_photo(name="nothing there", reasons=[Reason.NO_ANIMAL]),
    ]

    told = selective_risk(photos, {"pig": 0.25})

    assert (told["photos"], told["answered"], told["wrong"]) == (4, 2, 0)
    curve = told["curve"]
    assert isinstance(curve, list)
    assert [(point["photos"], point["wrong"]) for point in curve] == [(1, 0), (2, 0), (3, 1), (4, 2)]
    assert curve[-1]["share"] == 1
    assert curve[-1]["error"] == 0.5


def test_a_sure_count_where_nothing_is_there_is_a_wrong_answer() -> None:
    told = selective_risk([a_photo(found=[a_box(0)])], {})

    assert (told["photos"], told["answered"], told["wrong"]) == (1, 1, 1)


def test_darkness_outweighs_any_score() -> None:
    dark = a_photo([an_animal(0)], [a_box(0, 0.99)], reasons=[Reason.DARK]).count
    shaky = a_photo([an_animal(0)], [a_box(0, 0.3)], reasons=[Reason.LOW_CONFIDENCE], doubtful=1).count

    assert doubt(shaky, {"pig": 0.25}) < doubt(dark, {"pig": 0.25})


def test_calibration_is_the_gap_between_scores_and_animals() -> None:
    photos = [
        a_photo([an_animal(0)], [a_box(0, 0.75)]),
        a_photo([], [a_box(0, 0.75)]),
        a_photo([an_animal(0)], [a_box(0, 1.0)]),
    ]

    told = calibration(photos)

    assert told["boxes"] == 3
    assert told["ece"] == pytest.approx((abs(1.5 - 1) + 0) / 3, abs=1e-4)
    bins = told["bins"]
    assert isinstance(bins, list)
    assert [(one["from"], one["n"], one["real"]) for one in bins] == [(0.7, 2, 0.5), (0.9, 1, 1.0)]


def test_groups_are_those_that_the_photos_name() -> None:
    photos: list[Counted | Unread] = [
        a_photo([an_animal(0)], [a_box(0)], posture="lying", source="ours", name="one"),
        a_photo([an_animal(0, "cattle")], [], name="two"),
    ]

    document = evaluation(photos, lines={})

    assert list(document["by_posture"]) == ["lying"]  # type: ignore[call-overload]
    assert list(document["by_source"]) == ["ours"]  # type: ignore[call-overload]
    assert list(document["by_species"]) == ["cattle", "pig"]  # type: ignore[call-overload]


class OneAnimal:
    """Finds one pig on every picture, over all of it."""

    name = "one@1"

    def count(self, image: NDArray[np.uint8]) -> Count:
        height, width = image.shape[:2]
        return Count(1, False, (), (Box((0, 0, width, height), "pig", 0.9),), 1.0, low=1, high=1)


def test_a_photo_that_cannot_be_read_stops_no_other_and_is_in_no_figure() -> None:
    def decode(path: Path) -> NDArray[np.uint8]:
        if path.stem == "torn":
            raise PhotoUnreadable(code="not-a-photo", title="Torn", next="Take another.", why="torn")
        return np.zeros((SIDE, SIDE, 3), np.uint8)

    photos = [Truth(Path(f"{name}.jpg"), ("pig",), None, scene=name) for name in ("torn", "whole")]

    document = evaluation(list(count_all(OneAnimal(), photos, decode)), lines={})

    assert (document["photos"], document["unreadable"], document["exact_share"]) == (1, 1, 1)
    rows = document["per_photo"]
    assert isinstance(rows, list)
    assert [(row["photo"], row["counted"]) for row in rows] == [("torn.jpg", None), ("whole.jpg", 1)]
    assert rows[0]["error"]["code"] == "not-a-photo"
