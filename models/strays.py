"""Dogs and cats, rendered: what a farm's photo shows besides livestock, and what a network takes for small goats.

They stand or rest close by on a ground, now and then with a person before them, and are labelled by what they are.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.random import Generator
from PIL import Image

from models.bodies import Posture, laid
from models.builds import Build, Knob, Paint
from models.bystanders import person
from models.chance import happens
from models.cover import before
from models.hides import Coat
from models.labelled import Target
from models.render import individual, light, picture, portrait
from models.scenes import Animal, pasted
from models.solids import camera
from models.species import SPECIES, STRAYS

_LONG_FACE = (
    Knob((0.1, 0, 0.0), (0.26, 0.26, 0.26)),
    Knob((0.34, 0, -0.02), (0.24, 0.22, 0.2)),
    Knob((0.6, 0, -0.06), (0.22, 0.12, 0.115)),
    Knob((0.82, 0, -0.07), (0.16, 0.1, 0.095)),
    Knob((0.97, 0, -0.04), (0.05, 0.06, 0.05), Paint.NOSE),
    Knob((0.42, 0.16, 0.08), (0.04, 0.035, 0.035), Paint.EYE),
)
_PRICKED = Knob((0.02, 0.16, 0.34), (0.06, 0.09, 0.2), Paint.EAR)
_HANGING = Knob((0.06, 0.27, -0.06), (0.11, 0.05, 0.24), Paint.EAR)
_DOG = Build(
    length_m=0.6,
    trunk=(
        (0.0, 0.1, 0.13, -0.08),
        (0.1, 0.14, 0.17, -0.12),
        (0.3, 0.13, 0.16, -0.12),
        (0.5, 0.155, 0.16, -0.2),
        (0.7, 0.17, 0.17, -0.26),
        (0.88, 0.15, 0.18, -0.23),
        (1.0, 0.11, 0.15, -0.12),
    ),
    fore=(0.24, 0.28, 0.17),
    hind=(0.28, 0.28, 0.22),
    thickness=(0.07, 0.05, 0.034, 0.036),
    haunch=0.12,
    neck=(0.28, 0.12, 0.1),
    carriage=48,
    nod=12,
    head=0.42,
    face=(*_LONG_FACE, _PRICKED),
    tail=(0.6, 0.035),
)
_SHORT_DOG = replace(
    _DOG,
    length_m=0.4,
    fore=(0.16, 0.17, 0.12),
    hind=(0.18, 0.17, 0.14),
    head=0.46,
    face=(*_LONG_FACE, _HANGING),
)
_CAT = Build(
    length_m=0.35,
    trunk=(
        (0.0, 0.09, 0.11, -0.08),
        (0.12, 0.13, 0.15, -0.13),
        (0.4, 0.14, 0.14, -0.17),
        (0.7, 0.14, 0.14, -0.17),
        (0.9, 0.12, 0.14, -0.14),
        (1.0, 0.09, 0.11, -0.08),
    ),
    fore=(0.17, 0.18, 0.13),
    hind=(0.2, 0.2, 0.17),
    thickness=(0.055, 0.04, 0.03, 0.032),
    haunch=0.1,
    neck=(0.16, 0.1, 0.09),
    carriage=40,
    nod=4,
    head=0.34,
    face=(
        Knob((0.2, 0, 0.0), (0.36, 0.36, 0.34)),
        Knob((0.5, 0, -0.1), (0.2, 0.2, 0.16)),
        Knob((0.68, 0, -0.08), (0.04, 0.05, 0.04), Paint.NOSE),
        Knob((0.48, 0.17, 0.06), (0.05, 0.06, 0.06), Paint.EYE),
        Knob((0.12, 0.22, 0.38), (0.06, 0.12, 0.16), Paint.EAR),
    ),
    tail=(0.75, 0.03),
)
_COATS: Final[tuple[Coat, ...]] = (
    Coat("tan", (176, 132, 84), nose=(30, 26, 26), hoof=(160, 122, 80)),
    Coat("black-and-tan", (40, 36, 34), (164, 112, 66), "belly", 0.45, face=(64, 50, 40), nose=(20, 18, 18)),
    Coat("white", (228, 222, 210), nose=(40, 34, 34), hoof=(216, 210, 198)),
    Coat("collie", (34, 32, 34), (230, 224, 214), "front", 0.5, leg=(224, 218, 208), nose=(24, 22, 22)),
    Coat("pied", (226, 218, 206), (112, 74, 46), "patches", 0.45, nose=(40, 32, 30), hoof=(220, 212, 200)),
    Coat("grey", (134, 130, 126), (90, 86, 84), "back", 0.45, nose=(40, 36, 36), hoof=(120, 116, 112)),
    Coat("ginger", (196, 138, 84), (150, 96, 54), "flecks", 0.45, nose=(176, 120, 110), hoof=(210, 180, 150)),
    Coat("black", (36, 34, 36), nose=(20, 18, 18), hoof=(34, 32, 34), variation=0.22),
)
_DOG_CLASS, _CAT_CLASS = (len(SPECIES) + STRAYS.index(name) for name in ("dog", "cat"))
ON_PHOTOS: Final[Mapping[str, tuple[Target, ...]]] = {
    "goat_img_s1": (Target(_DOG_CLASS, 0.853, 0.864, 0.288, 0.258),),
    "neg_coco_000000000790": (Target(_DOG_CLASS, 0.874, 0.905, 0.164, 0.178),),
}
"""Dogs on photos that are trained on, by the photo's name: their folders label livestock alone."""
_SIDE: Final = 260  # pixels of a cut-out's longer side: as large as it is ever pasted, more or less


def stray(rng: Generator) -> Animal:
    """Render one dog or cat, seen from a person's height, cropped to its opaque part."""
    kind = int(rng.choice(3, p=(0.5, 0.25, 0.25)))
    build = individual(rng, (_DOG, _SHORT_DOG, _CAT)[kind], young=float(rng.choice((0.0, 0.6), p=(0.8, 0.2))))
    solid = laid(rng, build, Posture.BREAST if happens(rng, 0.25) else Posture.STANDING)
    view = camera(np.radians(float(rng.uniform(2, 50))), float(rng.uniform(0, 2 * np.pi)))
    spread = solid.centres @ view[:2].T
    long = float((spread.max(axis=0) - spread.min(axis=0)).max()) + 0.25
    coat = _COATS[int(rng.integers(len(_COATS)))]
    seen = portrait(rng, solid, coat, view, light(rng), _SIDE / long)
    if seen is None:  # cannot be: the feet stand on the ground
        raise ValueError("nothing is seen of the stray")
    return Animal(picture(seen), (_DOG_CLASS, _DOG_CLASS, _CAT_CLASS)[kind])


def visited(rng: Generator, ground: Image.Image) -> tuple[Image.Image, tuple[Target, ...]]:
    """Return *ground*, a picture without animals, with one to three strays on it and sometimes a person before them.

    The boxes are of what is still seen of each stray; one that another or the person hides has none.
    """
    strays = [stray(rng) for _ in range(int(rng.choice((1, 2, 3), p=(0.65, 0.25, 0.1))))]
    scene, targets = pasted(rng, ground, strays)
    return before(rng, scene, targets, person) if happens(rng, 0.3) else (scene, targets)
