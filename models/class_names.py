"""Which of our species a label means, as other tools and people write it."""

from typing import Final

from models.species import SPECIES

_MEANT: Final[dict[str, tuple[str, ...]]] = {
    "cattle": ("cow", "cows", "bull", "calf", "ox", "heifer", "buffalo", "yak", "牛"),
    "pig": ("pigs", "swine", "hog", "sow", "boar", "piglet", "猪"),
    "sheep": ("lamb", "ewe", "ram", "绵羊"),
    "goat": ("goats", "kid", "山羊"),
    "poultry": ("hen", "chicken", "chickens", "rooster", "duck", "goose", "turkey", "家禽", "鸡", "鸭", "鹅"),
    "horse": ("horses", "foal", "pony", "马"),
}
_SPECIES_OF = {word: species for species, words in _MEANT.items() for word in (species, *words)}


def species_named(label: str) -> str | None:
    """Return the one of ``SPECIES`` that *label* means; None where it is none of them, or could be two (羊)."""
    found = _SPECIES_OF.get(label.strip().lower())
    return found if found in SPECIES else None
