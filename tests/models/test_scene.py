"""What photos add up to where nobody knows which ground they show; see ``test_scene_overlap`` for the others."""

from hypothesis import given
from hypothesis import strategies as st

from models.counter import Box, Count, scaled
from models.scene import SceneCount, Shown, scene
from tests.models.sights import a_count


def of(*counts: Count) -> SceneCount:
    return scene([Shown(count, (640, 480)) for count in counts])


counts = st.lists(
    st.builds(
        lambda heads, less, more, reasons: a_count(
            heads, *(["LOW_CONFIDENCE"] if less or more else []), *reasons, less=less, more=more
        ),
        st.integers(0, 15),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sets(st.sampled_from(["DARK", "CROWDED", "POULTRY"])).map(sorted),
    ),
    max_size=6,
)


def test_photos_that_may_show_the_same_animals_are_not_added_up_but_say_that_there_may_be_more() -> None:
    assert of(a_count(3), a_count(3), a_count(2)) == SceneCount(3, 3, 8, unsure=False, reasons=("APART",))


def test_a_near_and_a_far_photo_of_one_animal_are_sure() -> None:
    together = of(a_count(1), a_count(1))

    assert (together.count, together.unsure) == (1, False)


def test_one_photo_is_its_own_count() -> None:
    assert of(a_count(3)) == SceneCount(3, 3, 3, unsure=False)


def test_a_close_up_in_doubt_does_not_spoil_a_sure_overview() -> None:
    together = of(a_count(4), a_count(1, "BLURRED"))

    assert (together.count, together.low, together.unsure) == (4, 4, False)


def test_an_unsure_photo_that_shows_more_makes_the_scene_unsure_and_says_why() -> None:
    assert of(a_count(3), a_count(5, "DARK")) == SceneCount(5, 5, 8, unsure=True, reasons=("DARK", "APART"))


def test_a_pile_is_unsure_whatever_the_other_photos_say() -> None:
    together = of(a_count(12), a_count(9, "CROWDED"))

    assert together.unsure
    assert together.reasons == ("CROWDED", "APART")


def test_doubtful_animals_widen_the_interval() -> None:
    doubtful = a_count(3, "LOW_CONFIDENCE", less=1, more=2)

    assert of(doubtful) == SceneCount(3, 2, 5, unsure=True, reasons=("LOW_CONFIDENCE",))


def test_a_photo_without_animals_adds_nothing() -> None:
    assert of(a_count(3), a_count(0, "NO_ANIMAL")) == SceneCount(3, 3, 3, unsure=False)


def test_no_photos_confirm_nothing() -> None:
    assert of() == SceneCount(0, 0, 0, unsure=True)


@given(counts, st.randoms())
def test_the_order_of_photos_changes_nothing(photos: list[Count], random: object) -> None:
    shuffled = list(photos)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert of(*shuffled) == of(*photos)


@given(counts)
def test_the_estimate_lies_in_its_interval_and_below_the_sum(photos: list[Count]) -> None:
    together = of(*photos)

    assert together.low <= together.count <= together.high
    assert together.count <= sum(photo.count for photo in photos)


@given(counts, counts)
def test_another_photo_never_lowers_what_is_confirmed_nor_what_is_possible(
    photos: list[Count], more: list[Count]
) -> None:
    before, after = of(*photos), of(*photos, *more)

    assert after.low >= before.low
    assert after.high >= before.high


@given(counts)
def test_a_scene_without_a_sure_photo_is_unsure(photos: list[Count]) -> None:
    unsure = [photo for photo in photos if photo.unsure]

    assert of(*unsure).unsure


@given(counts)
def test_an_unsure_scene_of_photos_says_why(photos: list[Count]) -> None:
    together = of(*photos)

    assert not photos or not together.unsure or together.reasons


def test_boxes_follow_the_photo_to_its_full_size() -> None:
    boxes = (Box((10.0, 20.0, 30.0, 40.0), "cattle", 0.8),)

    assert scaled(boxes, factors=(4.0, 2.0)) == (Box((40.0, 40.0, 120.0, 80.0), "cattle", 0.8),)


def test_heads_by_species_add_up_to_the_count() -> None:
    boxes = tuple(Box((0, 0, 1, 1), name, 0.9) for name in ("sheep", "goat", "sheep"))

    count = Count(3, unsure=False, reasons=(), boxes=boxes, ms=1.0, low=3, high=3)

    assert count.by_species == {"goat": 1, "sheep": 2}
