"""What goes wrong, and when: a schedule that the seed alone decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

CALM = {
    "settle_ms": 50,
    "slow_ms": 0,
    "down": False,
    "lose_answers": 0,
    "lose_callbacks": 0,
    "duplicate_callbacks": 0,
    "delay_callbacks_ms": 0,
    "reorder_callbacks": False,
}
_WEIGHTS = {
    "sqlite": {"api": 28, "worker": 44, "bank": 28},
    "postgresql": {"api": 24, "worker": 30, "bank": 16, "postgres": 18, "backend": 12},
}
_FULL_DISK_SHARE, _MOOD_SHARE, _SPARED_SHARE = 0.12, 0.3, 0.8
_FILE_LIMITS = (2_000, 30_000, 300_000)
"""Bytes: no room for a message, for a photo, for the database's log."""


@dataclass(frozen=True)
class Kill:
    """-9 to one of the posts of a kind; ``which`` picks it. Most kills wait until it serves, some hit its start."""

    kind: str
    which: float
    spares_starts: bool


@dataclass(frozen=True)
class FullDisk:
    """No file of a post of this kind may grow past the limit for a while."""

    kind: str
    which: float
    limit_bytes: int
    for_s: float


@dataclass(frozen=True)
class Mood:
    """How the bank behaves from now on."""

    switches: dict[str, Any]


Trouble = Kill | FullDisk | Mood


def schedule(
    dialect: str, seed: str, kills: int, *, pause_s: tuple[float, float]
) -> Iterator[tuple[float, Trouble]]:
    """Seconds to wait, and what then goes wrong, until this many kills were given."""
    chance = Random(f"{seed}/killer")
    weights = _WEIGHTS[dialect]
    # Every kind at least once, also in a short run; then as they come.
    given = [*weights][:kills]
    given += chance.choices([*weights], [*weights.values()], k=kills - len(given))
    chance.shuffle(given)
    for kind in given:
        if chance.random() < _MOOD_SHARE:
            yield chance.uniform(0, 0.3), Mood(_mood(chance))
        if chance.random() < _FULL_DISK_SHARE:
            limit, for_s = chance.choice(_FILE_LIMITS), chance.uniform(0.3, 1.2)
            yield (
                chance.uniform(0, 0.5),
                FullDisk(chance.choice(("api", "worker")), chance.random(), limit, for_s),
            )
        yield chance.uniform(*pause_s), Kill(kind, chance.random(), chance.random() < _SPARED_SHARE)


def _mood(chance: Random) -> dict[str, Any]:
    return CALM | {
        "settle_ms": chance.choice((0, 50, 800)),
        "slow_ms": chance.choice((0, 0, 300, 1500)),
        "down": chance.random() < 0.1,
        "lose_answers": chance.choice((0, 1, 3)),
        "lose_callbacks": chance.choice((0, 0, 1, 3)),
        "duplicate_callbacks": chance.choice((0, 1, 3)),
        "delay_callbacks_ms": chance.choice((0, 0, 500, 3000)),
        "reorder_callbacks": chance.random() < 0.5,
    }
