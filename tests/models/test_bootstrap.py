import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bootstrap import ratio_interval, share_interval, wilson

photo = st.tuples(st.sampled_from("abcdef"), st.integers(0, 5), st.integers(0, 5))


@given(photos=st.lists(photo, max_size=12))
def test_an_interval_lies_between_the_worst_and_the_best_scene(photos: list[tuple[str, int, int]]) -> None:
    scenes, above, below = ([one[part] for one in photos] for part in range(3))
    of_scene = {
        name: (
            sum(one[1] for one in photos if one[0] == name),
            sum(one[2] for one in photos if one[0] == name),
        )
        for name in scenes
    }
    ratios = [up / down for up, down in of_scene.values() if down]

    interval = ratio_interval(
        [str(name) for name in scenes],
        [float(up) for up in above],
        [float(down) for down in below],
        is_share=False,
    )

    # What a scene without anything to count below adds above is left out with it.
    if len(ratios) < 2:
        assert interval is None
    elif interval is not None:
        assert min(ratios) - 1e-9 <= interval[0] <= interval[1] <= max(ratios) + 1e-9


def test_two_dozen_photos_of_one_pen_have_no_interval() -> None:
    assert ratio_interval(["pen"] * 24, [1, 0] * 12, [1] * 24, is_share=True) is None


def test_the_same_photos_have_the_same_interval_each_time() -> None:
    asked = (["a", "b", "c"], [0, 1, 3], [1, 1, 1])

    assert ratio_interval(*asked, is_share=False) == ratio_interval(*asked, is_share=False)


def test_scenes_that_are_all_right_do_not_pass_for_certain() -> None:
    interval = ratio_interval(["a", "b", "c", "c"], [1] * 4, [1] * 4, is_share=True)

    assert interval == wilson(3, 3)
    assert interval is not None
    assert interval[0] < 0.5


def test_heads_off_that_are_alike_in_every_scene_say_nothing_of_the_next() -> None:
    assert ratio_interval(["a", "b"], [0, 0], [1, 1], is_share=False) is None


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"), [(0, 5, 0.0, 0.4345), (5, 10, 0.2366, 0.7634), (1, 1, 0.2065, 1.0)]
)
def test_wilsons_interval_is_the_published_one(hits: int, tries: int, low: float, high: float) -> None:
    assert wilson(hits, tries) == pytest.approx((low, high), abs=1e-4)


def test_photos_of_one_scene_are_one_try() -> None:
    assert share_interval(["pen"] * 40, [False] * 40) == wilson(0, 1)
    assert share_interval(["pen", "pen", "yard", "yard"], [True, False, True, False]) == wilson(1, 2)
    assert share_interval([], []) is None


def test_no_tries_have_no_interval() -> None:
    assert wilson(0, 0) is None
