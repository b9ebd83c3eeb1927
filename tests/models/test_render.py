import numpy as np
import pytest

from models.bodies import Posture
from models.grounds import ground
from models.render import animal
from models.species import SPECIES
from models.strays import stray, visited


@pytest.mark.parametrize("species", SPECIES)
@pytest.mark.parametrize("posture", Posture)
def test_every_species_shows_an_opaque_body_in_every_posture(species: str, posture: Posture) -> None:
    made = animal(np.random.default_rng(3), species, elevation=60, posture=posture, side=60)

    alpha = np.asarray(made.picture.getchannel("A"))
    assert made.species == SPECIES.index(species)
    assert 40 <= max(made.picture.size) <= 90
    assert 0.15 < (alpha == 255).mean() < 0.95
    assert alpha.any(axis=0).all() or alpha.any(axis=1).all()


def test_the_same_seed_renders_the_same_animal() -> None:
    one, other = (animal(np.random.default_rng(8), "pig", side=80) for _ in range(2))

    assert one.picture.tobytes() == other.picture.tobytes()


def test_another_seed_renders_another_animal() -> None:
    one, other = (animal(np.random.default_rng(seed), "pig", side=80) for seed in (8, 9))

    assert one.picture.tobytes() != other.picture.tobytes()


def test_a_stray_changes_the_ground_that_it_stands_on_and_is_drawn_again_from_the_same_seed() -> None:
    empty = ground(np.random.default_rng(2), (320, 240))

    one, other = (visited(np.random.default_rng(5), empty) for _ in range(2))

    assert one.tobytes() == other.tobytes()
    assert one.size == empty.size
    assert (np.asarray(one) != np.asarray(empty)).any(axis=2).mean() > 0.02
    assert stray(np.random.default_rng(5)).mode == "RGBA"
