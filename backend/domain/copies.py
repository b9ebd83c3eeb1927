"""What a copy of a photo had done to it, and whose photo it is a copy of: facts that a rule looks at."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.domain.ids import PhotoId


class Light(StrEnum):
    """How a copy's light was changed."""

    BRIGHTER = "brighter"
    DARKER = "darker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What was done to a photo, in this order; nothing of it: it was only written anew.

    ``turned`` is 0, 90, 180 or 270 degrees clockwise, ``tilted`` what is left beside it, -45 to 45. ``cropped`` is the
    percentage that one of the two does not show of the other, ``resized`` the copy's size in percent, None: as it was.
    """

    mirrored: bool = False
    turned: int = 0
    tilted: int = 0
    cropped: int = 0
    resized: int | None = None
    light: Light | None = None

    @property
    def parts(self) -> dict[str, str]:
        """By name what was done; what was not is not there."""
        said: dict[str, object] = {
            "mirrored": "mirror" if self.mirrored else None,
            "turned": self.turned or None,
            "tilted": abs(self.tilted) or None,
            "cropped": self.cropped or None,
            "resized": self.resized,
            "light": self.light,
        }
        return {name: str(value) for name, value in said.items() if value is not None}

    def __str__(self) -> str:
        """In words, as ``flashclaim photo compare`` says it: "mirror, turn 90°, crop 4 %"."""
        words = {
            "mirrored": "{}",
            "turned": "turn {}°",
            "tilted": "tilt {}°",
            "cropped": "crop {} %",
            "resized": "resize {} %",
            "light": "{}",
        }
        return ", ".join(words[name].format(value) for name, value in self.parts.items()) or "recompress"


@dataclass(frozen=True, slots=True)
class NearCopy:
    """A photo of another claim of which one of this claim's is a copy.

    ``distance``: 0 is the same picture, 1 another one.
    """

    claim: str
    photo_id: PhotoId
    distance: Decimal
    changed: Changed
