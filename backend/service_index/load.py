"""The one loader of the index's weights."""

import tomllib
from functools import cache
from importlib.resources import files

from backend.domain.quality.figure import Weighed


@cache
def weights() -> tuple[Weighed, ...]:
    """The figures of the index, in order."""
    read = tomllib.loads((files("backend.service_index") / "weights.toml").read_text(encoding="utf-8"))
    return tuple(Weighed(**one) for one in read["figure"])
