from dataclasses import replace

from models.manifest import AnsweredError
from models.scoring import answered_error
from models.thresholds import Answered, Scored, answered_elsewhere, choose, choose_without_each


def a_photo(*found: tuple[str, float], true: tuple[str, ...] = ()) -> Scored:
    return Scored(found, true)


def test_the_line_lies_between_animals_and_what_is_not_one() -> None:
    photos = [
        a_photo(("pig", 0.9), ("pig", 0.8), ("pig", 0.1), true=("pig", "pig")),
        a_photo(("pig", 0.3)),
    ] * 5

    chosen = choose(photos, ("pig",))["pig"]

    assert 0.3 < chosen.line <= 0.8
    assert chosen.low <= chosen.line <= chosen.high


def test_scores_that_mislead_are_in_doubt() -> None:
    right = [a_photo(("pig", 0.9), true=("pig",))] * 20
    misleading = [
        a_photo(("pig", 0.9), ("pig", 0.52), true=("pig",)),
        a_photo(("pig", 0.5), true=("pig",)),
    ] * 2

    chosen = choose(right + misleading, ("pig",))["pig"]

    assert chosen.low <= 0.5
    assert 0.52 < chosen.high <= 0.9


def test_what_is_hardly_noticed_is_a_doubt_only_where_it_was_an_animal() -> None:
    stone = [a_photo(("cattle", 0.9), ("cattle", 0.08), true=("cattle",))] * 8
    hidden_calf = [a_photo(("cattle", 0.9), ("cattle", 0.08), true=("cattle", "cattle"))] * 8

    assert choose(stone, ("cattle",))["cattle"].low > 0.08
    assert choose([*stone, *hidden_calf], ("cattle",))["cattle"].low <= 0.08


def in_scenes(photos: list[Scored]) -> list[Scored]:
    return [replace(photo, scene=f"scene {number}") for number, photo in enumerate(photos)]


def test_species_that_score_apart_have_lines_of_their_own() -> None:
    pigs = [a_photo(("pig", 0.3), ("pig", 0.3), true=("pig", "pig"))] * 5
    cattle = [a_photo(("cattle", 0.7), ("cattle", 0.32), true=("cattle",))] * 10

    chosen = choose(in_scenes(pigs + cattle), ("pig", "cattle"))

    assert chosen["pig"].line <= 0.3
    assert chosen["cattle"].line > 0.32


def test_a_line_that_fits_one_scene_alone_is_not_drawn() -> None:
    cattle = [a_photo(("goat", 0.5), true=("cattle",))] * 6
    far_goats = [a_photo(*[("goat", 0.8)] * 8, *[("goat", 0.6)] * 2, true=("goat",) * 8)]

    chosen = choose(in_scenes(cattle + far_goats), ("cattle", "goat"))

    assert chosen["goat"].line == chosen["cattle"].line <= 0.5


def test_a_species_without_photos_takes_the_line_of_all() -> None:
    chosen = choose([a_photo(("cattle", 0.7), true=("cattle",))] * 10, ("cattle", "horse"))

    assert chosen["horse"] == chosen["cattle"]


def test_a_pile_that_hides_an_animal_does_not_make_lone_ones_doubtful() -> None:
    alone = [a_photo(("pig", 0.6), true=("pig",))] * 8
    pile = Scored((("pig", 0.8), ("pig", 0.7)), ("pig",) * 3, piled=(("pig", 0.7),))

    assert choose([*alone, pile], ("pig",))["pig"].high <= 0.6
    assert choose([*alone, replace(pile, piled=())], ("pig",))["pig"].high > 0.7


def test_a_part_that_would_be_counted_alone_is_left_to_people() -> None:
    sow = a_photo(("pig", 0.9), true=("pig",))
    with_piglet = Scored((("pig", 0.9),), ("pig", "pig"), parts=(("pig", 0.8),))
    scenes = [replace(sow, scene=f"pen {number}") for number in range(8)]

    photos = [*scenes, replace(with_piglet, scene="sow and piglet")]

    answered = answered_elsewhere(photos, choose_without_each(photos, ("pig",)))

    assert answered == Answered(photos=9, sure=8, scenes=8, wrong=0)


def test_many_photos_of_few_scenes_do_not_narrow_the_error_that_is_stated() -> None:
    many, few = (Answered(photos=60, sure=40, scenes=scenes, wrong=0) for scenes in (40, 2))

    assert answered_error(many) == AnsweredError(share=0.0, low=0.0, high=0.0876, n=40)
    assert answered_error(few) == AnsweredError(share=0.0, low=0.0, high=0.6576, n=40)


def test_lines_that_hold_on_one_farm_only_are_found_out() -> None:
    here = [Scored((("pig", 0.9),), ("pig",), scene="here")] * 8
    there = [Scored((("pig", 0.9), ("pig", 0.9)), ("pig",), scene="there")] * 8

    answered = answered_elsewhere([*here, *there], choose_without_each([*here, *there], ("pig",)))

    assert answered.wrong == 8


def test_a_scene_has_no_say_in_the_lines_that_it_is_measured_with() -> None:
    pen = [Scored((("pig", 0.3),), ("pig",), scene="pen")] * 4
    yard = [Scored((("pig", 0.8), ("pig", 0.4)), ("pig",), scene="yard")] * 4
    dog = Scored((("pig", 0.9),), (), scene="dog")

    lines = choose_without_each([*pen, *yard], ("pig",), besides=[dog])

    assert lines["pen"] == choose(yard, ("pig",), [dog])
    assert lines["yard"] == choose(pen, ("pig",), [dog])
    assert lines["dog"] == choose([*pen, *yard], ("pig",))
