"""The card says what was measured of the network that is shipped; nothing is counted here."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.card import CARD, FIGURES, PARTS, PHOTOS, CardImpossible, card_text, is_current, read_figures
from models.manifest import SHIPPED, read_manifest
from models.targets import Reached

TEMPLATE = (PARTS / "template.md").read_text(encoding="utf-8")


def test_the_card_is_what_words_and_figures_give() -> None:
    assert is_current(), "models/MODEL_CARD.md differs from its parts; run: python -m models.card"


def test_the_figures_are_those_of_the_shipped_network() -> None:
    figures = read_figures(FIGURES, read_manifest(SHIPPED))

    assert figures["shipped"]["sha256"] == read_manifest(SHIPPED).sha256
    assert figures["shipped"]["model"] == read_manifest(SHIPPED).full_name


def test_figures_of_another_network_make_no_card() -> None:
    other = replace(read_manifest(SHIPPED), sha256="0" * 64)

    with pytest.raises(CardImpossible, match=r"figures are of network .*measure again"):
        read_figures(FIGURES, other)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"shipped": {}}'])
def test_a_file_that_holds_no_figures_makes_no_card(tmp_path: Path, text: str) -> None:
    (tmp_path / "figures.json").write_text(text)

    with pytest.raises(CardImpossible, match="no figures"):
        read_figures(tmp_path / "figures.json", read_manifest(SHIPPED))


def test_words_that_name_an_unknown_part_make_no_card() -> None:
    manifest = read_manifest(SHIPPED)

    with pytest.raises(CardImpossible, match="accuracy"):
        card_text("$accuracy", read_figures(FIGURES, manifest), manifest)


def test_every_picture_on_the_card_is_there_and_of_a_photo_that_the_project_ships() -> None:
    shown = [
        row.partition("](card/")[2].rstrip(")") for row in CARD.read_text().splitlines() if "](card/" in row
    ]

    assert {name for name in shown if not (PARTS / name).is_file()} == set()
    assert {name for name in shown if name.endswith(".jpg") and not (PHOTOS / name).is_file()} == set()
    assert {path.name for path in PARTS.iterdir()} == {*shown, "template.md"}


def test_without_a_twin_the_card_says_that_no_farm_is_unseen() -> None:
    manifest = read_manifest(SHIPPED)
    figures = json.loads(FIGURES.read_text())
    figures["twin"]["held_out"] = []

    assert "There is no twin" in card_text(TEMPLATE, figures, manifest)
    figures["twin"] |= {"held_out": ["pigpen1"], "sha256": "ab" * 32}
    assert "never saw `pigpen1`" in card_text(TEMPLATE, figures, manifest)


@pytest.mark.parametrize(
    ("interval", "scenes", "verdict"),
    [
        ((0.1, 0.4), 9, "met"),
        ((0.1, 0.6), 9, "too few to tell"),
        ((0.6, 0.9), 9, "missed"),
        ((0.1, 0.4), 4, "too few scenes to tell"),
        (None, 9, "too few scenes to tell"),
    ],
)
def test_a_target_is_met_only_where_the_whole_interval_says_so(
    interval: tuple[float, float] | None, scenes: int, verdict: str
) -> None:
    reached = Reached("at most 0.5 heads off", 0.3, interval, scenes, "photos", most=0.5)

    assert reached.verdict == verdict
