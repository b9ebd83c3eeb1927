"""Is an animal as old as its category says: only where a category names an age of its own."""

from backend.domain.findings import Finding, Pass, Refer
from backend.domain.policy import Animal
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import Category, ReasonCode


def judge_age(animal: Animal, thresholds: Thresholds) -> Finding:
    """A calf of two years is no calf: a doubt about that animal. An unknown age is the quote's to ask for."""
    oldest = {
        Category.CALF: thresholds.calf_until_months,
        Category.PIGLET: thresholds.piglet_until_months,
    }
    until = oldest.get(animal.category) if animal.category else None
    if until is None or animal.age_months is None or animal.age_months <= until:
        return Pass()
    return Refer(ReasonCode.AGE_OUT_OF_RANGE, {"ref": animal.ref}, f"age {animal.ref}")
