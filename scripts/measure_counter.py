"""Measures networks for the model card: ``python -m scripts.measure_counter --unseen FOLDER``.

Counts every labelled photo with the shipped network and with its twin, which never saw some farms, writes
``models/shipped/figures.json``, and makes the card from it.
"""

import argparse
import json
import sys
from pathlib import Path

from cli.decoding import decoder
from models.card import write_card
from models.evaluate import PhotoUnreadable
from models.labelled import LabelsUnusable
from models.manifest import SHIPPED, WeightsUnusable
from models.measure import card_figures, measured, shown
from models.onnx_counter import OnnxCounter

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ROOT / "demo" / "photos"


def main() -> int:
    """Measure from the command line; 1 where something cannot be read, and nothing is written."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--shipped", type=Path, default=SHIPPED)
    given.add_argument(
        "--unseen", type=Path, required=True, help="the twin's folder, as models.export wrote it"
    )
    given.add_argument("--sources", type=Path, default=ROOT / ".." / "shared" / "data")
    given.add_argument("--into", type=Path, default=SHIPPED / "figures.json")
    asked = given.parse_args()
    try:
        shipped, twin = map(OnnxCounter.load, (asked.shipped, asked.unseen))
        decode = decoder(target=shipped.manifest.image_size)
        figures = card_figures(
            measured(shipped, asked.shipped, asked.sources, decode),
            measured(twin, asked.unseen, asked.sources, decoder(target=twin.manifest.image_size)),
            shown(shipped, SHOWN, decode),
        )
    except (WeightsUnusable, LabelsUnusable, PhotoUnreadable) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    asked.into.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{asked.into} is written")
    if asked.into.resolve() == (SHIPPED / "figures.json").resolve():
        print(f"{write_card()} is made from it: look at it and at its pictures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
