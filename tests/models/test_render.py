import numpy as np
import pytest
from PIL import Image

from models.bodies import Posture
from models.grounds import ground
from models.labelled import Target
from models.render import animal
from models.scenes import Animal, pasted
from models.species import SPECIES, STRAYS
from models.strays import visited

SCORED = (*SPECIES, *STRAYS)


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

    (one, seen), (other, _) = (visited(np.random.default_rng(5), empty) for _ in range(2))

    assert one.tobytes() == other.tobytes()
    assert one.size == empty.size
    changed = (np.asarray(one) != np.asarray(empty)).any(axis=2)
    assert changed.mean() > 0.02
    assert seen
    for box in seen:
        assert SCORED[box.species] in STRAYS
        assert changed[_pixels(box, empty.size)].mean() > 0.3


def test_a_stray_that_another_hides_has_no_box() -> None:
    small, large = (
        Animal(Image.new("RGBA", (side, side), (20, 0, 0, 255)), len(SPECIES)) for side in (60, 60)
    )
    empty = Image.new("RGB", (320, 240), (90, 120, 60))

    seen = [len(pasted(np.random.default_rng(seed), empty, [small, large])[1]) for seed in range(60)]

    assert set(seen) == {1, 2}


def _pixels(box: Target, size: tuple[int, int]) -> tuple[slice, slice]:
    width, height = size
    rows = slice(int((box.y - box.height / 2) * height), int((box.y + box.height / 2) * height))
    columns = slice(int((box.x - box.width / 2) * width), int((box.x + box.width / 2) * width))
    return rows, columns
