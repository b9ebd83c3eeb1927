"""Real photos that tests count: those that the project ships, and the shared ones where they are."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from models.dataset import Recipe

ROOT = Path(__file__).resolve().parents[2]
SHARED = (ROOT / ".." / "shared" / "data").resolve()
FREE = SHARED / "free" / "photos"


def read(path: Path) -> NDArray[np.uint8]:
    """(height, width, 3), RGB, upright."""
    return np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))


def heads_in(path: Path) -> int:
    """The true count: the number at the end of the name, 0 without one."""
    number = re.search(r"-(\d+)$", path.stem)
    return int(number[1]) if number else 0


def a_recipe(**amounts: Any) -> Recipe:
    """A training set of the photos alone, and of what is asked for."""
    return Recipe(**{"copies": 0, "composed": 0, "empty": 0, "rendered": 0, "strays": 0, **amounts})
