import numpy as np
import pytest

from models.canvas import PROP
from models.herds import Herd, Spot, lay, pen_from_above, scene
from models.scenes import LEAST_VISIBLE
from models.species import SPECIES
from models.stages import Place, stage

SMALL = (160, 120)


def a_herd(species: str = "pig", length_m: float = 0.95) -> Herd:
    return Herd(species, 0.0, length_m, None, (0.5, 0.3, 0.0, 0.2))


@pytest.mark.parametrize("elevation", [90, 35])
def test_boxes_frame_exactly_what_is_seen_of_animals_that_are_mostly_seen(elevation: float) -> None:
    rng = np.random.default_rng(2)
    ground = stage(rng, SMALL, Place.YARD, span_m=3.5, elevation=elevation)
    spots = [Spot(x, y, turn=x + y) for x in (-1.2, -0.2, 0.5, 1.4) for y in (-0.8, -0.3, 0.9)]

    laid = lay(rng, ground, a_herd(), spots)

    assert len(laid.targets) == len(laid.areas) - 1 >= 4
    for owner, target in enumerate(laid.targets, 1):
        rows, columns = np.nonzero(laid.canvas.owner == owner)
        assert len(rows) >= LEAST_VISIBLE * laid.areas[owner]
        assert (target.x - target.width / 2) * SMALL[0] == pytest.approx(columns.min())
        assert (target.x + target.width / 2) * SMALL[0] == pytest.approx(columns.max() + 1)
        assert (target.y - target.height / 2) * SMALL[1] == pytest.approx(rows.min())
        assert (target.y + target.height / 2) * SMALL[1] == pytest.approx(rows.max() + 1)


def test_farther_animals_are_smaller_in_an_oblique_scene() -> None:
    rng = np.random.default_rng(4)
    ground = stage(rng, SMALL, Place.GRASS, span_m=4, elevation=30)

    laid = lay(rng, ground, a_herd(), [Spot(-0.8, 1.4, 0), Spot(0.8, -1.2, 0)])

    far, near = sorted(laid.targets, key=lambda target: target.y)
    assert far.width < 0.85 * near.width


def test_the_same_seed_renders_the_same_scene() -> None:
    one, other = (scene(np.random.default_rng(6), SMALL, heads=3) for _ in range(2))

    assert one[0].tobytes() == other[0].tobytes()
    assert one[1] == other[1]


def test_a_cleared_pen_is_the_same_pen_with_nothing_to_count() -> None:
    full, targets = pen_from_above(np.random.default_rng(9), SMALL, heads=4)
    bare, nothing = pen_from_above(np.random.default_rng(9), SMALL, heads=4, cleared=True)

    same = (np.asarray(full) == np.asarray(bare)).all(axis=2)
    assert len(targets) >= 2
    assert nothing == ()
    assert 0.3 < same.mean() < 0.95


@pytest.mark.parametrize("place", Place)
def test_no_place_owns_a_pixel_as_an_animal(place: Place) -> None:
    painted = stage(np.random.default_rng(1), SMALL, place, span_m=4, elevation=50).canvas

    assert painted.owner.min() >= PROP
    assert painted.owner.max() == 0
    assert painted.colours.std() > 5


@pytest.mark.parametrize("species", SPECIES)
def test_a_scene_of_each_species_labels_that_species(species: str) -> None:
    _, targets = scene(np.random.default_rng(5), SMALL, species=species, heads=3)

    assert {target.species for target in targets} == {SPECIES.index(species)}
