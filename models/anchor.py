"""Keep what a network knew before it learned: hold it near its start, go only part of the way from it, average runs.

There are a few dozen photos of livestock and one of horses: without this, two epochs on composed scenes make the
network forget the horses, hens and sheep that COCO's hundred thousand photos had taught it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self  # torch is optional and untyped here


def part_way(trained: Any, start: Any, share: float) -> None:
    """Set every weight of *trained* to where it is *share* (0 to 1) of the way from *start* (WiSE-FT, 2021).

    What both know survives this, what either made up does not: part of the way counts better on scenes that were not
    trained on than either end.
    """
    began = start.state_dict()
    for name, values in trained.state_dict().items():
        if values.is_floating_point():
            values.copy_(began[name].to(values.dtype).lerp(values, share))


def average(networks: Sequence[Any]) -> Any:
    """Return the first of *networks*, each weight now the mean of all (model soups, Wortsman et al. 2022).

    They start from the same weights and learned on their own: what each made up of its own way averages out, and
    their mean counts better on scenes that none was trained on than any of them.
    """
    first, *others = networks
    states = [other.state_dict() for other in others]
    for name, values in first.state_dict().items():
        if values.is_floating_point():
            for state in states:
                values.add_(state[name])
            values.div_(len(networks))
    return first


class Anchor:
    """The starting weights, and the pull back to them while training (L2-SP, Li et al. 2018)."""

    def __init__(self, start: dict[str, Any], held: Mapping[str, Any]) -> None:
        self._start, self._held = start, held

    @classmethod
    def of(cls, model: Any, *, free: Mapping[str, Sequence[int]]) -> Self:
        """Remember *model*'s weights.

        Args:
            model: As it starts.
            free: By the end of a parameter's name, the rows of it that may go where they like.
        """
        start = {name: values.detach().clone() for name, values in model.named_parameters()}
        held = {}
        for name, values in start.items():
            for end, rows in free.items():
                if name.endswith(end):
                    held[name] = values.new_ones(values.shape)
                    held[name][list(rows)] = 0
        return cls(start, held)

    def pull(self, model: Any, share: float) -> None:
        """Move every held weight of *model* by *share* (0 to 1) of its way back to the start."""
        for name, values in model.named_parameters():
            held = self._held.get(name)
            values.data.lerp_(self._start[name], share if held is None else share * held)
