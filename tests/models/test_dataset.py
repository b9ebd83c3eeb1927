import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.dataset import Recipe, build
from models.grounds import ground
from models.labelled import LabelsUnusable, Target, read_folder, read_targets
from models.phone import turned
from models.scenes import Animal, compose
from models.species import SPECIES, STRAYS
from tests.models.networks import an_export
from tests.models.photos import SHARED, a_recipe

shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not here")


def a_cutout(species: str = "pig", size: tuple[int, int] = (80, 40)) -> Animal:
    picture = Image.new("RGBA", size, (230, 180, 170, 0))
    picture.paste((230, 180, 170, 255), (4, 4, size[0] - 4, size[1] - 4))
    return Animal(picture, SPECIES.index(species))


def test_the_same_seed_composes_the_same_scene() -> None:
    one, other = (
        compose(rng, ground(rng, (320, 240)), [a_cutout(), a_cutout("cattle")], heads=6)
        for rng in (np.random.default_rng(5), np.random.default_rng(5))
    )

    assert one[0].tobytes() == other[0].tobytes()
    assert one[1] == other[1]


@pytest.mark.parametrize("seed", range(8))
def test_every_composed_box_lies_in_the_scene_and_frames_changed_pixels(seed: int) -> None:
    stage = Image.new("RGB", (320, 240), (90, 120, 60))
    rng = np.random.default_rng(seed)

    scene, targets = compose(rng, stage, [a_cutout()], heads=5)

    changed = (np.asarray(scene) != np.asarray(stage)).any(axis=2)
    assert 1 <= len(targets) <= 5
    for target in targets:
        left, right = target.x - target.width / 2, target.x + target.width / 2
        top, bottom = target.y - target.height / 2, target.y + target.height / 2
        assert min(left, top) >= -1e-9
        assert max(right, bottom) <= 1 + 1e-9
        inside = changed[round(top * 240) : round(bottom * 240), round(left * 320) : round(right * 320)]
        assert inside.any(axis=0).mean() > 0.9
        assert inside.any(axis=1).mean() > 0.9


def test_small_herds_are_seen_from_nearby_and_from_afar() -> None:
    sizes = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        _, targets = compose(rng, ground(rng, (320, 240)), [a_cutout("cattle")], heads=3)
        sizes += [max(target.width * 320, target.height * 240) / 320 for target in targets]

    assert sum(size < 0.12 for size in sizes) > 10
    assert sum(size > 0.25 for size in sizes) > 10


@pytest.mark.parametrize("seed", range(12))
def test_a_turned_photo_takes_its_boxes_along(seed: int) -> None:
    photo = Image.new("RGB", (100, 60))
    photo.paste((255, 255, 255), (10, 20, 30, 50))
    target = Target(1, 0.2, 35 / 60, 0.2, 0.5)

    after, (box,) = turned(np.random.default_rng(seed), photo, (target,))

    rows, columns = np.nonzero(np.asarray(after.convert("L")))
    width, height = after.size
    assert box.x * width == pytest.approx((columns.min() + columns.max() + 1) / 2)
    assert box.y * height == pytest.approx((rows.min() + rows.max() + 1) / 2)
    assert box.width * width == pytest.approx(columns.max() + 1 - columns.min())
    assert box.height * height == pytest.approx(rows.max() + 1 - rows.min())


@pytest.mark.parametrize(
    "line", ["0 0.5 0.5 0.1", "9 0.5 0.5 0.1 0.1", "0 0.5 0.5 0 0.1", "0 1.5 0.5 0.1 0.1", "x"]
)
def test_a_corrupt_label_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    labels = tmp_path / "pen.txt"
    labels.write_text(f"1 0.5 0.5 0.2 0.2\n\n{line}\n")

    with pytest.raises(LabelsUnusable, match=r"pen\.txt:3"):
        read_targets(labels, SPECIES)


@shared
def test_photos_of_a_scene_that_is_held_out_are_not_trained_on() -> None:
    photos = read_folder(SHARED / "livestock") + read_folder(SHARED / "livestock2")

    farms = {photo.scene for photo in photos if photo.name.startswith(("pig_", "cattle_"))}

    assert farms == {"pigpen1", "cowfarm1"}


@shared
@pytest.mark.slow
def test_the_set_is_the_same_for_the_same_seed_and_says_what_it_holds(tmp_path: Path) -> None:
    recipe = a_recipe(composed=3, empty=2, strays=2, held_out=("pigpen1",))

    first = build(SHARED, tmp_path / "first", recipe)
    again = build(SHARED, tmp_path / "again", recipe)

    manifest = json.loads((tmp_path / "first" / "manifest.json").read_text())
    trained = {path.stem for path in (tmp_path / "first" / "images" / "train").iterdir()}
    assert first == again == manifest["data_hash"]
    assert manifest["files"]["train"] == len(trained)
    assert not any(name.startswith("pig_pen") for name in trained)
    assert sum(name.startswith("scene") for name in trained) == 5
    strays = [tmp_path / "first" / "labels" / "train" / f"stray{number:04}.txt" for number in range(2)]
    named = [(*SPECIES, *STRAYS)[int(line[0])] for path in strays for line in path.read_text().splitlines()]
    assert named
    assert set(named) <= set(STRAYS)


@shared
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")

    with pytest.raises(FileExistsError, match="something else"):
        build(SHARED, tmp_path, Recipe())

    assert (tmp_path / "letter.txt").read_text() == "keep me"


@shared
def test_a_networks_folder_is_no_training_set_and_is_left_alone(tmp_path: Path) -> None:
    network = an_export(tmp_path / "network")
    before = {path.name: path.read_bytes() for path in network.iterdir()}

    with pytest.raises(FileExistsError, match="something else"):
        build(SHARED, network, Recipe())

    assert {path.name: path.read_bytes() for path in network.iterdir()} == before


@shared
def test_a_photo_that_cannot_be_read_leaves_the_set_of_before(tmp_path: Path) -> None:
    into, own = tmp_path / "set", an_own_folder(tmp_path / "own", "whole", "torn")
    torn = own / "images" / "train" / "torn.jpg"
    torn.write_bytes(torn.read_bytes()[:300])
    before = build(SHARED, into, a_recipe())

    with pytest.raises(LabelsUnusable, match=r"torn\.jpg: no photo can be read"):
        build(SHARED, into, a_recipe(added=(own,)))

    assert json.loads((into / "manifest.json").read_text())["data_hash"] == before
    assert {path.name for path in tmp_path.iterdir()} == {"set", "own"}


def an_own_folder(root: Path, *names: str) -> Path:
    """Photos of one pig each, as an insurer's installation exports them."""
    (root / "images" / "train").mkdir(parents=True)
    (root / "labels" / "train").mkdir(parents=True)
    (root / "classes.txt").write_text("\n".join(SPECIES) + "\n")
    rows = ["file,split,source,licence,author,species,boxes,posture,dead,scene,how_labelled"]
    for name in names:
        Image.new("RGB", (64, 48), (120, 90, 70)).save(root / "images" / "train" / f"{name}.jpg")
        (root / "labels" / "train" / f"{name}.txt").write_text("1 0.5 0.5 0.4 0.4\n")
        rows.append(
            f"train/{name}.jpg,train,our county,CC BY 4.0,county office,pig,1,lying,yes,claim-7,officer"
        )
    (root / "photos.csv").write_text("\n".join(rows) + "\n")
    return root


@shared
def test_an_insurers_own_photos_are_trained_on_beside_the_others(tmp_path: Path) -> None:
    own = an_own_folder(tmp_path / "own", "sow")

    build(SHARED, tmp_path / "set", a_recipe(copies=1, added=(own,)))

    scenes = json.loads((tmp_path / "set" / "manifest.json").read_text())["scenes"]
    assert scenes["train"]["sow"] == "claim-7"
    assert (tmp_path / "set" / "images" / "train" / "sow-copy0.jpg").exists()


@shared
def test_two_photos_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    own = an_own_folder(tmp_path / "own", "cattle_01")

    with pytest.raises(LabelsUnusable, match=r"own.*cattle_01\.jpg: .*livestock.*same name"):
        build(SHARED, tmp_path / "set", Recipe(added=(own,)))

    assert not (tmp_path / "set").exists()


@shared
def test_a_scene_to_hold_out_that_no_photo_shows_is_a_typing_error(tmp_path: Path) -> None:
    with pytest.raises(LabelsUnusable, match="no photo of scene pigpen9"):
        build(SHARED, tmp_path / "set", Recipe(held_out=("pigpen9",)))

    assert not (tmp_path / "set").exists()
