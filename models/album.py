"""An evaluation as a folder to look at: figures, tables, the two curves, and the photos counted worst."""

import json
from collections.abc import Iterator, Sequence
from os import fsencode
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.drawing import Drawn, with_boxes
from models.evaluate import Counted, Decoder, boxes_of_targets
from models.evaluation import Document
from models.plots import calibration_plot, selective_risk_plot
from models.tables import FLATTERY, LEGEND, LEGEND_OF_SPECIES, sentences_of, tables_of

FIGURES = "figures.json"
_PAGE = "figures.md"
_CALIBRATION, _SELECTIVE_RISK, _PICTURES = "calibration.png", "selective-risk.png", "pictures"
_PARTS = frozenset({FIGURES, _PAGE, _CALIBRATION, _SELECTIVE_RISK, _PICTURES})
_MOST_PICTURES = 10
_JPEG_QUALITY = 88


class FolderTaken(FileExistsError):
    """The folder holds something that is no album: it is left alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds something else; name an empty or new folder")


def check_free(into: Path) -> None:
    """Check that an album may be written there: nothing is, or an older album, which is then replaced.

    Asked before hours of counting, so it also tries whether files can be made there; nothing of that stays.

    Raises:
        FolderTaken: Something else is there.
        OSError: No folder can be made there.
    """
    into = into.resolve()
    if into.exists() and not _is_replaceable(into):
        raise FolderTaken(into)
    nearest = next(folder for folder in into.parents if folder.exists())
    with TemporaryDirectory(prefix=".", dir=nearest):
        pass


def write_album(into: Path, document: Document, photos: Sequence[Counted], decode: Decoder) -> None:
    """Write ``figures.json``, ``figures.md``, ``calibration.png``, ``selective-risk.png`` and ``pictures/``.

    The folder appears whole or not at all; an older album is replaced.

    Raises:
        FolderTaken: Something else is there.
        OSError: It cannot be written.
        PhotoUnreadable: A photo that was counted cannot be read any more.
    """
    check_free(into)
    into = into.resolve()
    into.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=into.parent) as scratch:
        album = Path(scratch) / "album"
        (album / _PICTURES).mkdir(parents=True)
        _write(album / FIGURES, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        calibration_plot(_mapping(document["calibration"])).save(album / _CALIBRATION)
        selective_risk_plot(_mapping(document["selective_risk"])).save(album / _SELECTIVE_RISK)
        shown = []
        for number, photo in enumerate(worst(photos), 1):
            name = f"{number:02}-{photo.truth.path.stem}.jpg"
            picture_of(photo, decode(photo.truth.path)).save(album / _PICTURES / name, quality=_JPEG_QUALITY)
            shown.append((name, photo))
        _write(album / _PAGE, "".join(_page(document, shown)))
        if into.exists():
            into.rename(Path(scratch) / "before")
        album.rename(into)


def _is_replaceable(folder: Path) -> bool:
    """Whether it is empty, or an album and nothing beside it: a network's folder has a ``figures.json`` too."""
    if not folder.is_dir():
        return False
    found = {path.name for path in folder.iterdir()}
    return not found or {FIGURES, _PAGE} <= found <= _PARTS


def worst(photos: Sequence[Counted]) -> list[Counted]:
    """Return the ten photos whose counts are furthest off, the worst first; none that is counted right."""
    wrong = [photo for photo in photos if photo.error]
    return sorted(wrong, key=lambda photo: (-photo.error, str(photo.truth.path)))[:_MOST_PICTURES]


def picture_of(photo: Counted, image: NDArray[np.uint8]) -> Image.Image:
    """Draw true and counted boxes on *image*, which is the one that was counted: (height, width, 3)."""
    counted = [Drawn(box.xyxy, f"{box.species} {box.confidence:.2f}") for box in photo.count.boxes]
    corners = boxes_of_targets(photo.truth.boxes or (), photo.size).tolist()
    true = [Drawn((left, top, right, bottom)) for left, top, right, bottom in corners]
    return with_boxes(Image.fromarray(image), counted=counted, true=true, title=caption(photo))


def caption(photo: Counted) -> str:
    """``pen.jpg: true 4, counted 3, unsure``."""
    doubt = ", unsure" if photo.count.unsure else ""
    return f"{photo.truth.path.name}: true {photo.truth.heads}, counted {photo.count.count}{doubt}"


def _page(document: Document, shown: Sequence[tuple[str, Counted]]) -> Iterator[str]:
    yield f"# {document['model']} on {document['folder']}\n\n"
    yield f"Through {document['predictor']}, network sha256 `{document['sha256']}`.\n"
    for table in tables_of(document):
        yield f"\n## {table.title}\n\n{table.as_markdown()}"
    yield f"\n{LEGEND}. By species: {LEGEND_OF_SPECIES}.\n\n"
    yield "".join(f"* {sentence}\n" for sentence in [*sentences_of(document), f"{FLATTERY}."])
    yield f"\n## When it answers\n\n![answers that are wrong]({_SELECTIVE_RISK})\n"
    yield f"\n## What a score means\n\n![boxes that are animals]({_CALIBRATION})\n"
    yield "\n## Counted worst\n\n"
    if not shown:
        yield "Every photo was counted right.\n"
    for name, photo in shown:
        told = caption(photo).replace("[", "\\[").replace("]", "\\]")
        yield f"![{told}]({_PICTURES}/{quote(fsencode(name))})\n\n"


def _write(file: Path, text: str) -> None:
    # A photo's name need not be UTF-8; what no text can hold is spelt as JSON does.
    file.write_text(text, encoding="utf-8", errors="backslashreplace")


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, found {value!r}")
    return value
