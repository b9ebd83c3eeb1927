"""Draws that read as the sentence they stand for."""

from numpy.random import Generator


def happens(rng: Generator, share: float) -> bool:
    """Return true in *share* (0 to 1) of all draws."""
    return bool(rng.random() < share)
