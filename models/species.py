"""The species that the network tells apart, in the order of its outputs, and the animals that it must not count."""

from typing import Final

SPECIES: Final[tuple[str, ...]] = ("cattle", "pig", "sheep", "goat", "poultry", "horse")

BIRDS: Final = "poultry"
"""Flocks and piles of birds are always counted by a person."""

STRAYS: Final[tuple[str, ...]] = ("dog", "cat")
"""What the network learns beside the species so as not to count it; it follows them in training sets."""

ANY_ANIMAL: Final = "animal"
"""The one class of a network that does not tell species apart."""

# COCO has no pig and no goat: those rows start as the mean of the classes that such animals are taken for.
COCO_ROWS: Final[dict[str, tuple[int, ...]]] = {
    "cattle": (19,),  # cow
    "pig": (16, 18, 19),  # dog, sheep, cow
    "sheep": (18,),
    "goat": (18, 19),
    "poultry": (14,),  # bird
    "horse": (17,),
    "dog": (16,),
    "cat": (15,),
    ANY_ANIMAL: (14, 17, 18, 19),
}
