from hypothesis import given
from hypothesis import strategies as st

from models.counter import Box, Count, SceneCount, scaled, scene


def a_count(heads: int, *reasons: str, less: int = 0, more: int = 0) -> Count:
    boxes = tuple(Box((0.0, 0.0, 9.0, 9.0), "pig", 0.9) for _ in range(heads))
    return Count(heads, bool(reasons), reasons, boxes, 40.0, low=max(0, heads - less), high=heads + more)


counts = st.lists(
    st.builds(
        lambda heads, less, more, reasons: a_count(
            heads, *(["LOW_CONFIDENCE"] if less or more else []), *reasons, less=less, more=more
        ),
        st.integers(0, 15),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sets(st.sampled_from(["DARK", "CROWDED", "POULTRY"])),
    ),
    max_size=6,
)


def test_photos_of_the_same_animals_are_not_added_up() -> None:
    assert scene([a_count(3), a_count(3), a_count(2)]) == SceneCount(3, 3, 3, unsure=False)


def test_a_close_up_in_doubt_does_not_spoil_a_sure_overview() -> None:
    assert scene([a_count(4), a_count(1, "BLURRED")]) == SceneCount(4, 4, 4, unsure=False)


def test_an_unsure_photo_that_shows_more_makes_the_scene_unsure() -> None:
    assert scene([a_count(3), a_count(5, "DARK")]) == SceneCount(5, 5, 5, unsure=True)


def test_a_pile_is_unsure_whatever_the_other_photos_say() -> None:
    assert scene([a_count(12), a_count(9, "CROWDED")]).unsure


def test_doubtful_animals_widen_the_interval() -> None:
    assert scene([a_count(3, "LOW_CONFIDENCE", less=1, more=2)]) == SceneCount(3, 2, 5, unsure=True)


def test_no_photos_confirm_nothing() -> None:
    assert scene([]) == SceneCount(0, 0, 0, unsure=True)


@given(counts, st.randoms())
def test_the_order_of_photos_and_repeats_change_nothing(photos: list[Count], random: object) -> None:
    shuffled = photos + photos[:2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert scene(shuffled) == scene(photos)


@given(counts)
def test_the_estimate_lies_in_its_interval_and_below_the_sum(photos: list[Count]) -> None:
    together = scene(photos)

    assert together.low <= together.count <= together.high
    assert together.count <= sum(photo.count for photo in photos)


@given(counts, counts)
def test_another_photo_never_lowers_what_is_confirmed_nor_what_is_possible(
    photos: list[Count], more: list[Count]
) -> None:
    before, after = scene(photos), scene(photos + more)

    assert after.low >= before.low
    assert after.high >= before.high


@given(counts)
def test_a_scene_without_a_sure_photo_is_unsure(photos: list[Count]) -> None:
    unsure = [photo for photo in photos if photo.unsure]

    assert scene(unsure).unsure


def test_boxes_follow_the_photo_to_its_full_size() -> None:
    boxes = (Box((10.0, 20.0, 30.0, 40.0), "cattle", 0.8),)

    assert scaled(boxes, factors=(4.0, 2.0)) == (Box((40.0, 40.0, 120.0, 80.0), "cattle", 0.8),)


def test_heads_by_species_add_up_to_the_count() -> None:
    boxes = tuple(Box((0, 0, 1, 1), name, 0.9) for name in ("sheep", "goat", "sheep"))

    count = Count(3, unsure=False, reasons=(), boxes=boxes, ms=1.0, low=3, high=3)

    assert count.by_species == {"goat": 1, "sheep": 2}
