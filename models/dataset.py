"""Build the training set: labelled photos, degraded copies, composed scenes and as many grounds without animals.

``python -m models.dataset --into runs/dataset`` does it all; the same seed and sources give the same bytes. Photos of
``free/photos`` are not trained on: the project shows them in its demo, so they stay unseen and are counted at the end.
``--add FOLDER`` takes an insurer's own labelled photos along, as ``flashclaim model dataset export`` writes them.
"""

import argparse
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageOps

from models import herds, phone
from models.chance import happens
from models.cover import covered
from models.grounds import ground
from models.herds import pen_from_above
from models.labelled import (
    SPLITS,
    Cutout,
    Labelled,
    LabelsUnusable,
    Target,
    read_cutouts,
    read_folder,
    read_stamps,
)
from models.scenes import Animal, compose, strewn
from models.species import SPECIES, STRAYS
from models.strays import ON_PHOTOS, visited

_MANIFEST = "manifest.json"
SOURCES = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
# Of rendered scenes: pens from above, which no photo but one pen's shows, and places whose animals were taken away.
_PENS = 0.3
_CLEARED = 0.35
_SHAPES = ((640, 480), (480, 640), (640, 640), (640, 360))

Picture = tuple[str, str, Image.Image, tuple[Target, ...]]  # split, name, picture, targets


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of each kind; every figure is a number of files, ``copies`` per photo.

    As given, the set that the shipped network was trained on.
    """

    seed: int = 20261123
    copies: int = 5
    composed: int = 1000
    empty: int = 400
    rendered: int = 1000
    strays: int = 400
    held_out: tuple[str, ...] = ()
    added: tuple[Path, ...] = ()


def build(sources: Path, into: Path, recipe: Recipe) -> str:
    """Write ``images``, ``labels``, ``data.yaml`` and ``manifest.json``; return the data hash.

    Args:
        sources: Holds ``livestock``, ``livestock2`` and ``free``.
        into: Replaced, once the new set is whole, when it was made by this command; refused when it holds anything
            else.
        recipe: Amounts, seed, and the scenes that training must not see: their photos go to ``test``, their cut-outs
            are left out. And the folders of one's own photos, split by scene as their names and tables say.

    Raises:
        LabelsUnusable: A labels file or a photo is corrupt, a folder has no classes or no photos, or two photos share a
            name; nothing is written.
        FileExistsError: *into* holds something that this command did not make.
    """
    photos = _gathered((sources / "livestock", sources / "livestock2", *recipe.added))
    scenes = _scenes_by_split(photos, recipe)
    cutouts = [*read_stamps(sources / "free"), *read_cutouts(sources / "livestock2")]
    _check_replaceable(into)
    into = into.resolve()
    into.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=into.parent) as scratch:
        made = Path(scratch) / "set"
        data_hash, counts = _write(made, _pictures(photos, cutouts, recipe))
        names = ", ".join((*SPECIES, *STRAYS))
        # JSON is YAML: the quoted path may hold any character.
        (made / "data.yaml").write_text(
            f"path: {json.dumps(str(into))}\ntrain: images/train\nval: images/val\ntest: images/test\n"
            f"names: [{names}]\n"
        )
        manifest = {
            "data_hash": data_hash,
            "files": counts,
            "seed": recipe.seed,
            "held_out": list(recipe.held_out),
            "scenes": scenes,
        }
        (made / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        if into.exists():
            into.rename(Path(scratch) / "before")
        made.rename(into)
    return data_hash


def _check_replaceable(into: Path) -> None:
    """Let only an empty folder be replaced, or one that this command made: a network's has a manifest too."""
    if not into.exists() or (into.is_dir() and not any(into.iterdir())):
        return
    try:
        is_ours = {"data_hash", "scenes"} <= json.loads((into / _MANIFEST).read_text()).keys()
    except (OSError, ValueError, AttributeError):
        is_ours = False
    if not is_ours:
        raise FileExistsError(f"{into} holds something else; name an empty folder")


def _write(into: Path, pictures: Iterable[Picture]) -> tuple[str, dict[str, int]]:
    """Write each picture and its labels; return the hash of them all and how many there are in each split."""
    digest, counts = hashlib.sha256(), dict.fromkeys(SPLITS, 0)
    for split, name, picture, targets in pictures:
        image, labels = into / "images" / split / f"{name}.jpg", into / "labels" / split / f"{name}.txt"
        for path in (image, labels):
            path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(image, "JPEG", quality=92)
        labels.write_text("".join(target.as_line() + "\n" for target in targets))
        digest.update(name.encode() + image.read_bytes() + labels.read_bytes())
        counts[split] += 1
    return digest.hexdigest(), counts


def _gathered(folders: Sequence[Path]) -> list[Labelled]:
    """The photos of all folders; a name is a file of the set, so no two may share one."""
    photos: dict[str, Labelled] = {}
    for folder in folders:
        for photo in read_folder(folder):
            if other := photos.get(photo.name):
                raise LabelsUnusable(
                    f"{photo.path}: {other.path} has the same name; rename one, and its labels"
                )
            photos[photo.name] = photo
    return list(photos.values())


def _scenes_by_split(photos: Sequence[Labelled], recipe: Recipe) -> dict[str, dict[str, str]]:
    """Which photos went where, and their scenes: what was trained on is never quoted as accuracy.

    Raises:
        LabelsUnusable: A scene to hold out is not among the photos.
    """
    known = {photo.scene for photo in photos}
    if missing := [scene for scene in recipe.held_out if scene not in known]:
        raise LabelsUnusable(
            f"no photo of scene {', '.join(missing)}; the scenes are {', '.join(sorted(known))}"
        )
    return {
        split: {photo.name: photo.scene for photo in photos if _split(photo, recipe) == split}
        for split in SPLITS
    }


def _split(photo: Labelled, recipe: Recipe) -> str:
    return "test" if photo.scene in recipe.held_out else photo.split


def _pictures(photos: Sequence[Labelled], cutouts: Sequence[Cutout], recipe: Recipe) -> Iterator[Picture]:
    training = []
    for photo in photos:
        split = _split(photo, recipe)
        picture = _opened(photo.path)
        is_trained = split == "train"
        # Whoever reads the photos that are measured wants their animals alone.
        yield split, photo.name, picture, _with_dogs(photo) if is_trained else photo.targets
        if is_trained:
            training.append((photo, picture))
    for photo, picture in training:
        for copy in range(recipe.copies):
            rng = _generator(recipe.seed, photo.name, copy)
            yield "train", f"{photo.name}-copy{copy}", *phone.taken(rng, picture, _with_dogs(photo))
    plain = [picture for photo, picture in training if not photo.targets]
    animals = [
        Animal(Image.open(cutout.path).convert("RGBA"), cutout.species)
        for cutout in cutouts
        if cutout.scene not in recipe.held_out
    ]
    for index in range(recipe.composed + recipe.empty):
        rng = _generator(recipe.seed, "scene", index)
        scene = _stage(rng, plain)
        targets: tuple[Target, ...] = ()
        if index < recipe.composed:
            scene, targets = compose(rng, scene, animals, heads=1 + int(rng.geometric(0.22)) % 14)
            scene, targets = covered(rng, scene, targets)
        yield "train", f"scene{index:04}", phone.degraded(rng, scene), targets
    for index in range(recipe.rendered):
        rng = _generator(recipe.seed, "rendered", index)
        size = _SHAPES[int(rng.integers(len(_SHAPES)))]
        is_pen, is_cleared = happens(rng, _PENS), happens(rng, _CLEARED)
        make = pen_from_above if is_pen else herds.scene
        scene, targets = make(rng, size, cleared=is_cleared)
        scene, targets = covered(rng, scene, targets)
        yield "train", f"rendered{index:04}", phone.degraded(rng, scene), targets
    for index in range(recipe.strays):
        yield "train", f"stray{index:04}", *_with_strays(_generator(recipe.seed, "stray", index), plain)


def _opened(path: Path) -> Image.Image:
    try:
        return ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as broken:  # Pillow says so of a broken PNG
        raise LabelsUnusable(f"{path}: no photo can be read from it ({broken})") from broken


def _with_dogs(photo: Labelled) -> tuple[Target, ...]:
    return (*photo.targets, *ON_PHOTOS.get(photo.name, ()))


def _with_strays(rng: Generator, plain: Sequence[Image.Image]) -> tuple[Image.Image, tuple[Target, ...]]:
    """Dogs and cats close by, none of which is counted."""
    scene, targets = covered(rng, *visited(rng, _stage(rng, plain)))
    return phone.degraded(rng, scene), targets


def _stage(rng: Generator, plain: Sequence[Image.Image]) -> Image.Image:
    """A ground without animals, made up or photographed, with rubble from a photo strewn over it."""
    size = _SHAPES[int(rng.integers(len(_SHAPES)))]
    photographed = plain[int(rng.integers(len(plain)))]
    stage = ground(rng, size) if happens(rng, 0.6) else ImageOps.fit(photographed, size)
    rubble = plain[int(rng.integers(len(plain)))]
    return strewn(rng, stage, rubble, pieces=int(rng.integers(0, 5)))


def _generator(seed: int, name: str, index: int) -> Generator:
    """A generator for this file alone: leaving one file out changes no other."""
    return np.random.default_rng([seed, index, *name.encode()])


def main() -> None:
    """Build the set from the command line."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--sources", type=Path, default=SOURCES)
    given.add_argument("--into", type=Path, default=Path("runs/dataset"))
    given.add_argument("--seed", type=int, default=Recipe().seed)
    given.add_argument("--copies", type=int, default=Recipe().copies)
    given.add_argument("--composed", type=int, default=Recipe().composed)
    given.add_argument("--empty", type=int, default=Recipe().empty)
    given.add_argument("--rendered", type=int, default=Recipe().rendered)
    given.add_argument("--strays", type=int, default=Recipe().strays)
    given.add_argument(
        "--hold-out", action="append", default=[], metavar="SCENE", help="keep this scene for test"
    )
    given.add_argument(
        "--add", action="append", default=[], type=Path, metavar="FOLDER", help="own labelled photos besides"
    )
    chosen = given.parse_args()
    recipe = Recipe(
        seed=chosen.seed,
        copies=chosen.copies,
        composed=chosen.composed,
        empty=chosen.empty,
        rendered=chosen.rendered,
        strays=chosen.strays,
        held_out=tuple(chosen.hold_out),
        added=tuple(chosen.add),
    )
    try:
        print(build(chosen.sources, chosen.into, recipe))  # noqa: T201 - the answer of the command
    except (LabelsUnusable, FileExistsError) as unusable:
        given.exit(2, f"{unusable}\n")


if __name__ == "__main__":
    main()
