"""What is known about a network's file: read and checked before it counts anything."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

MANIFEST = "manifest.json"
SHIPPED = Path(__file__).resolve().parent / "shipped"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class WeightsUnusable(ValueError):
    """The counter cannot start: says which file, why, and what to do next."""

    def __init__(self, file: Path, why: str, next: str) -> None:  # noqa: A002 - problems call it next
        super().__init__(f"{file}: {why}. Next: {next}")
        self.file, self.why, self.next = file, why, next


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores of one species, ``low <= line <= high``: counted from ``line``, in doubt from ``low`` up to ``high``."""

    low: float
    line: float
    high: float


@dataclass(frozen=True, slots=True)
class AnsweredError:
    """How often the network is wrong where it is sure: *share* of *n* photos, and the interval around it, 0 to 1."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A network: its file and hash, its classes in order, the square it looks at and where it draws its lines.

    ``strays`` it knows so as not to count them; its output has no score of them. ``lines_without`` are, by scene,
    the thresholds that were drawn without it: what a network is measured with there.
    """

    name: str
    version: str
    file: str
    sha256: str
    classes: tuple[str, ...]
    image_size: int
    iou: float
    thresholds: Mapping[str, Thresholds]
    answered_error: AnsweredError | None = None
    lines_without: Mapping[str, Mapping[str, Thresholds]] = field(default_factory=dict)
    strays: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """``name@version``: stored beside every count."""
        return f"{self.name}@{self.version}"


def read_manifest(folder: Path) -> Manifest:
    """Read *folder*'s manifest and check that its network is the one described.

    Raises:
        WeightsUnusable: The manifest is missing or wrong, or the network's file is missing or has changed.
    """
    path = folder / MANIFEST
    again = "install flashclaim again, or name a folder that models.export wrote"
    try:
        manifest = _parsed(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as missing:
        raise WeightsUnusable(path, "the file is missing", again) from missing
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise WeightsUnusable(path, f"not a manifest ({wrong!r})", again) from wrong
    network = folder / manifest.file
    try:
        found = hashlib.sha256(network.read_bytes()).hexdigest()
    except OSError as missing:
        raise WeightsUnusable(network, "the file is missing or cannot be read", again) from missing
    if found != manifest.sha256:
        why = f"the file has changed (sha256 {found:.12}, the manifest says {manifest.sha256:.12})"
        raise WeightsUnusable(network, why, again)
    return manifest


def check_input(file: Path, manifest: Manifest, shape: Sequence[object]) -> None:
    """Check that the network in *file* takes what its manifest says: one RGB square.

    Raises:
        WeightsUnusable: It takes another *shape*.
    """
    expected = [1, 3, manifest.image_size, manifest.image_size]
    if list(shape) != expected:
        why = f"the network takes {list(shape)}, the manifest says {expected}"
        raise WeightsUnusable(file, why, "export the network and its manifest together")


def check_output(file: Path, manifest: Manifest, shape: Sequence[object]) -> None:
    """Check that the network in *file* gives a box and a score for each class of its manifest.

    Raises:
        WeightsUnusable: It gives another *shape*.
    """
    rows = 4 + len(manifest.classes)
    if len(shape) != 3 or shape[1] != rows:  # noqa: PLR2004 - photos, rows, boxes
        why = f"the network gives {list(shape)}, {len(manifest.classes)} classes of the manifest need {rows} rows"
        raise WeightsUnusable(file, why, "export the network and its manifest together")


def _parsed(document: Mapping[str, object]) -> Manifest:
    manifest = Manifest(
        name=_text(document["name"]),
        version=_text(document["version"]),
        file=_text(document["file"]),
        sha256=_text(document["sha256"]),
        classes=tuple(_text(name) for name in _items(document["classes"])),
        image_size=int(_number(document["image_size"])),
        iou=_number(document["iou"]),
        thresholds=_thresholds(document["thresholds"]),
        answered_error=_answered_error(document.get("answered_error")),
        lines_without={
            scene: _thresholds(own) for scene, own in _mapping(document.get("lines_without", {})).items()
        },
        strays=tuple(_text(name) for name in _items(document.get("strays", []))),
    )
    if not manifest.classes or len(set(manifest.classes)) < len(manifest.classes):
        raise ValueError("classes must be names, each once")
    if manifest.image_size < 1 or not 0 < manifest.iou <= 1:
        raise ValueError("image_size must be pixels, and iou a share of 1")
    if missing := set(manifest.classes) - set(manifest.thresholds):
        raise ValueError(f"no thresholds for {', '.join(sorted(missing))}")
    if Path(manifest.file).name != manifest.file:
        raise ValueError("file must be a plain name in the manifest's folder")
    # They name a folder, and are typed: NAME@VERSION.
    if not all(_PLAIN.fullmatch(word) for word in (manifest.name, manifest.version)):
        raise ValueError(
            "name and version must be letters, digits and . _ -, and begin with a letter or digit"
        )
    return manifest


def _thresholds(stated: object) -> dict[str, Thresholds]:
    drawn = {
        name: Thresholds(*(_number(_mapping(scores)[at]) for at in ("low", "line", "high")))
        for name, scores in _mapping(stated).items()
    }
    # Out of order, a box in doubt would be sure.
    if wrong := [name for name, one in drawn.items() if not 0 <= one.low <= one.line <= one.high <= 1]:
        raise ValueError(f"thresholds of {', '.join(wrong)} must be scores with low <= line <= high")
    return drawn


def _answered_error(stated: object) -> AnsweredError | None:
    if stated is None:
        return None
    fields = _mapping(stated)
    share, low, high = (_number(fields[name]) for name in ("share", "low", "high"))
    error = AnsweredError(share, low, high, int(_number(fields["n"])))
    if not 0 <= error.low <= error.share <= error.high <= 1 or error.n < 1:
        raise ValueError("answered_error must be shares of 1 with low <= share <= high, and n at least 1")
    return error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, found {value!r}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number, found {value!r}")
    if not isfinite(value):
        raise ValueError(f"expected a number, found {value!r}")
    return value


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {value!r}")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, found {value!r}")
    return value
