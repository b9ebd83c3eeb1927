"""The model card, made from words that people wrote and figures that were measured: ``python -m models.card``.

``card/template.md`` holds the words, ``shipped/figures.json`` the figures; ``--check`` writes nothing and ends with 1
where the card differs from what they give, or the figures are another network's.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from textwrap import fill
from typing import Any  # a JSON document is untyped until it is read

from PIL import Image, ImageOps

from models.drawing import Drawn, with_boxes
from models.manifest import SHIPPED, Manifest, read_manifest
from models.plots import calibration_plot, selective_risk_plot
from models.seen import Seen
from models.tables import LEGEND, LEGEND_OF_SPECIES, Cell, Table, of_groups, row_of, sentences_of
from models.targets import targets_table

CARD = SHIPPED.parent / "MODEL_CARD.md"
PARTS = SHIPPED.parent / "card"
PHOTOS = SHIPPED.parents[1] / "demo" / "photos"
FIGURES = SHIPPED / "figures.json"
_COMMAND = "python -m models.card"
_AGAIN = "measure again: python -m scripts.measure_counter --unseen FOLDER"
_SHARES = ("exact_share", "recall", "precision", "ap50")
_JPEG_QUALITY = 80
_WIDTH = 120

Figures = Mapping[str, Any]


class CardImpossible(ValueError):
    """The card cannot be made; says why and what to do."""


def read_figures(path: Path, manifest: Manifest) -> Figures:
    """Read the figures of the network in *manifest*.

    Raises:
        CardImpossible: There are none, or they are another network's.
    """
    try:
        figures: Figures = json.loads(path.read_text(encoding="utf-8"))
        measured = figures["shipped"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise CardImpossible(f"{path}: no figures ({wrong!r}); {_AGAIN}") from wrong
    if measured != manifest.sha256:
        why = f"the figures are of network {measured:.12}, shipped is {manifest.sha256:.12}"
        raise CardImpossible(f"{path}: {why}; {_AGAIN}")
    return figures


def card_text(template: str, figures: Figures, manifest: Manifest) -> str:
    """Return the card: *template* with the figures where it names them.

    Raises:
        CardImpossible: The template names a part that there is none of.
    """
    groups, lying = figures["groups"], figures["lying"]
    parts = {
        "name": manifest.full_name,
        "sha256": manifest.sha256,
        "file": f"models/shipped/{manifest.file}",
        "image_size": str(manifest.image_size),
        "classes": ", ".join(manifest.classes),
        "data_hash": figures["shipped"]["data_hash"],
        "twin": fill(_twin(figures), _WIDTH),
        "lines": fill(_ITS_OWN_LINES if _is_its_own_twin(figures) else _TWINS_LINES, _WIDTH),
        "seen": _seen(figures).as_markdown(),
        "targets": targets_table(groups["twin_never_seen"], lying).as_markdown(),
        "never_seen": _never_seen(groups).as_markdown(),
        "not_accuracy": _not_accuracy(groups).as_markdown(),
        "by_posture": of_groups("", groups["twin_never_seen"]["by_posture"]).as_markdown(),
        "by_source": of_groups("", groups["twin_never_seen"]["by_source"]).as_markdown(),
        "legend": fill(f"{LEGEND}. By species: {LEGEND_OF_SPECIES}.", _WIDTH),
        "sentences": "".join(f"* {told}\n" for told in sentences_of(groups["twin_never_seen"])),
        "species": _species(groups).as_markdown(),
        "changed": _changed(figures["changed"]).as_markdown(),
        "pictures": _pictures(figures["pictures"]),
    }
    mark = f"<!-- Made by `{_COMMAND}` from card/template.md and shipped/figures.json: change those. -->\n"
    try:
        return mark + Template(template).substitute({name: part.rstrip("\n") for name, part in parts.items()})
    except (KeyError, ValueError) as wrong:
        raise CardImpossible(f"card/template.md names a part that is not there ({wrong})") from wrong


def write_card() -> Path:
    """Write card and pictures from the stored figures, and return the card's path.

    Raises:
        WeightsUnusable: The shipped network is missing or has changed.
        CardImpossible: The figures are missing, or another network's.
    """
    manifest = read_manifest(SHIPPED)
    figures = read_figures(FIGURES, manifest)
    text = card_text((PARTS / "template.md").read_text(encoding="utf-8"), figures, manifest)
    never_seen = figures["groups"]["twin_never_seen"]
    calibration_plot(never_seen["calibration"]).save(PARTS / "calibration.png", optimize=True)
    selective_risk_plot(never_seen["selective_risk"]).save(PARTS / "selective-risk.png", optimize=True)
    for shown in figures["pictures"]:
        _draw(shown).save(PARTS / shown["photo"], quality=_JPEG_QUALITY)
    CARD.write_text(text, encoding="utf-8")
    return CARD


def is_current() -> bool:
    """Whether the card is what template and figures give; pictures are not looked at.

    Raises:
        CardImpossible: The figures are missing, or another network's.
    """
    manifest = read_manifest(SHIPPED)
    template = (PARTS / "template.md").read_text(encoding="utf-8")
    return CARD.read_text(encoding="utf-8") == card_text(template, read_figures(FIGURES, manifest), manifest)


_NO_TWIN = (
    "**There is no twin for this version**: no network was measured that had kept a whole farm out of its training, "
    "so nothing below tells how it counts on a farm that it has not seen. Wherever a twin is named, read the shipped "
    "network itself."
)


_TWINS_LINES = (
    "The twin's own scores from which an animal is counted were chosen without the held-out farms, on goats, sheep and "
    "photos without livestock alone. The shipped network takes scores that were chosen on all photos that the twin "
    "never saw, the farms among them, and on those that it never saw itself, `free/photos` among them: for pigs they "
    "lie lower, and it finds more; what it is sure of on those photos says little of others."
)

_ITS_OWN_LINES = (
    "Each scene was measured with scores from which an animal is counted, and is sure, that were chosen on all other "
    "scenes. The shipped scores are chosen on all of them."
)


def _is_its_own_twin(figures: Figures) -> bool:
    return bool(figures["twin"]["held_out"]) and figures["twin"]["sha256"] == figures["shipped"]["sha256"]


def _twin(figures: Figures) -> str:
    """Which network the figures of unseen farms are of."""
    if not figures["twin"]["held_out"]:
        return _NO_TWIN
    farms = " and ".join(f"`{scene}`" for scene in figures["twin"]["held_out"])
    if _is_its_own_twin(figures):
        return (
            f"The shipped network itself never saw {farms}, the two farms of the labelled photos: neither their photos "
            f"nor animals cut out of them. So the figures are its own, and it is its own twin wherever one is named."
        )
    return (
        f"The shipped network was trained on both farms of the labelled photos. Its **twin** (network "
        f"`{figures['twin']['sha256']:.12}`, the same recipe) never saw {farms}: neither their photos nor animals cut "
        f"out of them. Only the twin's figures there tell what to expect of the next farm."
    )


def _seen(figures: Figures) -> Table:
    """Photos (animals) by source, as the shipped network and its twin have seen them."""
    by_network = [figures["shipped"]["seen"], figures["twin"]["seen"]]
    columns = [f"{network}: {seen}" for network in ("shipped", "twin") for seen in Seen]
    rows = []
    for source in by_network[0]:
        cells = [Cell(source)]
        for network in by_network:
            for seen in Seen:
                photos, heads = network[source].get(seen, (0, 0))
                cells.append(Cell(str(photos), str(heads)) if photos else Cell("-"))
        rows.append(tuple(cells))
    return Table("", ("photos (animals)", *columns), tuple(rows))


def _never_seen(groups: Figures) -> Table:
    """Farms by the twin, a row a species; other places by the shipped network."""
    farms = groups["farms"]["by_species"]
    rows = [row_of(f"farms never seen: {name} (twin)", block, _SHARES) for name, block in farms.items()]
    rows += [
        row_of(
            "all photos never seen, with animals (twin)", groups["twin_never_seen"]["with_animals"], _SHARES
        ),
        row_of("places never seen, with animals (shipped)", groups["never_seen"]["with_animals"], _SHARES),
        row_of("of these `free/photos` (shipped)", groups["free"]["with_animals"], _SHARES),
    ]
    return Table("", ("", "photos / scenes", "off", "exact", "found", "right", "AP50"), tuple(rows))


def _not_accuracy(groups: Figures) -> Table:
    rows = (
        row_of("the same scenes again, other photos", groups["same_scene"]["with_animals"], _SHARES),
        row_of("trained on these very photos", groups["trained"]["with_animals"], _SHARES),
    )
    return Table("", ("", "photos / scenes", "off", "exact", "found", "right", "AP50"), rows)


def _species(groups: Figures) -> Table:
    return of_groups("", groups["twin_never_seen"]["by_species"], named=True)


def _changed(changes: Figures) -> Table:
    """How the shipped network fares on photos that it never saw once they are held, lit or passed on otherwise."""
    asked = ("photos", "answered", "wrong", "heads_off", "false_animals")
    rows = [(Cell(name), *(Cell(str(stood[key])) for key in asked)) for name, stood in changes.items()]
    columns = ("", "photos", "answered", "of these wrong", "heads off in all", "false animals")
    return Table("", columns, tuple(rows))


def _pictures(shown: Sequence[Figures]) -> str:
    return "\n\n".join(f"![{_caption(one)}](card/{one['photo']})" for one in shown)


def _caption(one: Figures) -> str:
    doubt = f", unsure: {', '.join(one['reasons'])}" if one["reasons"] else ""
    return f"{one['photo']}: true {one['true']}, counted {one['counted']}{doubt}"


def _draw(one: Figures) -> Image.Image:
    """The photo with its counted boxes; what was counted is a scaled-down reading of the same picture."""
    picture = ImageOps.exif_transpose(Image.open(PHOTOS / one["photo"])).convert("RGB")
    scale = picture.width / one["width"]
    boxes = []
    for box in one["boxes"]:
        left, top, right, bottom = (edge * scale for edge in box["xyxy"])
        words = f"{box['species']} {box['confidence']:.2f}"
        boxes.append(Drawn((left, top, right, bottom), words))
    return with_boxes(picture, counted=boxes, true=(), title=_caption(one))


def main() -> int:
    """Make or check the card from the command line."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument(
        "--check", action="store_true", help="write nothing; end with 1 where the card is stale"
    )
    asked = given.parse_args()
    try:
        if not asked.check:
            sys.stdout.write(f"{write_card()}\n")
        elif not is_current():
            sys.stderr.write(f"{CARD} differs from its template and figures; run: {_COMMAND}\n")
            return 1
    except CardImpossible as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
