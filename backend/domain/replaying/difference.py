"""Where two plain values part."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.domain.money import Money


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one event that comes out otherwise: ``field`` as in ``offer.lines[0].amount``."""

    seq: int
    field: str
    recorded: str
    replayed: str

    def __str__(self) -> str:
        """As an auditor reads it."""
        return f"event {self.seq}: {self.field} is {self.recorded}, replayed it is {self.replayed}"


def parted(seq: int, field: str, recorded: object, replayed: object) -> Iterator[Difference]:
    """Every place below *field* where two plain values (``plain.plain``) part, in the order of the fields."""
    if isinstance(recorded, dict) and isinstance(replayed, dict) and not _is_money(recorded):
        for name in sorted({*recorded, *replayed}):
            below = f"{field}.{name}" if field else name
            yield from parted(seq, below, recorded.get(name), replayed.get(name))
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for place, (one, other) in enumerate(zip(recorded, replayed, strict=False)):
            yield from parted(seq, f"{field}[{place}]", one, other)
        if len(recorded) != len(replayed):
            yield Difference(seq, f"number of {field}", str(len(recorded)), str(len(replayed)))
    elif recorded != replayed:
        yield Difference(seq, field, _shown(recorded), _shown(replayed))


def _is_money(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"fen"}


def _shown(value: object) -> str:
    if isinstance(value, dict) and _is_money(value):
        return str(Money(value["fen"]))
    return "nothing" if value is None else str(value)
