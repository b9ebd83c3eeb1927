"""An officer labels what the counter saw, the farmer lends the photos and takes them back: by commands."""

from typing import Any

import pytest

from backend.domain.problems import InvalidInput
from cli.claim_labelling import chosen_photo, corrected_boxes
from tests.cli.conftest import County

FOUND = [
    {"species": "pig", "xyxy": [0, 0, 10, 10], "confidence": "0.9"},
    {"species": "sheep", "xyxy": [20, 0, 30, 10], "confidence": "0.8"},
]
PHOTOS = [{"sha256": "ab12" * 16}, {"sha256": "ab34" * 16}]


def test_a_photo_is_labelled_and_the_claim_shows_it_in_both_languages(county: County) -> None:
    shell, claim = county.shell, county.report()

    shown = shell.ok("claim", "label", claim, profile="insurer")
    done = shell.ok(
        *(
            "claim",
            "label",
            claim,
            "1",
            "--species",
            "1=goat",
            "--box",
            "pig:20,20,60,80",
            "--posture",
            "lying",
        ),
        "--dead",
        profile="veterinary",
    )
    screen = shell.ok("claim", "show", claim, profile="insurer").out
    chinese = shell.ok("claim", "timeline", claim, "--language", "zh", profile="farmer").out

    assert "0, 0, 10, 10" in shown.out
    assert "not labelled" in shown.out
    assert "labelled, 2 heads, 2 boxes" in done.out
    assert "The farmer has not consented" in done.err
    label = county.world.show(claim)["photos"][0]["label"]
    assert [box["species"] for box in label["boxes"]] == ["goat", "pig"]
    assert "labelled 2" in screen
    assert "标注了一张照片：2 头" in chinese


def test_the_farmer_lends_photos_with_the_report_and_takes_them_back(county: County) -> None:
    claim = county.report_by_command("--photos-may-teach")
    lent = county.world.show(claim)["photos_may_teach"]

    done = county.shell.ok("claim", "consent", claim, "--withdraw", profile="farmer")

    assert lent is True
    assert done.out == f"{claim}: the photos may not teach the counter\n"


def test_what_cannot_be_a_label_is_refused_with_its_field(county: County) -> None:
    claim = county.report()

    refused = county.shell.run(
        "claim", "label", claim, "--box", "dragon:0,0,5,5", "--json", profile="insurer"
    )
    mistyped = county.shell.run("claim", "label", claim, "--box", "pig", "--json", profile="insurer")
    missing = county.shell.run("claim", "label", claim, "--drop", "9", "--json", profile="insurer")

    assert [one.code for one in (refused, mistyped, missing)] == [2, 2, 2]
    assert [one.document["errors"][0]["pointer"] for one in (refused, mistyped, missing)] == [
        "/boxes/1/species",
        "/box",
        "/drop",
    ]


def test_boxes_are_dropped_renamed_and_added_by_the_counters_numbers() -> None:
    added: list[dict[str, Any]] = [{"species": "cattle", "xyxy": [1, 1, 9, 9]}]

    kept = corrected_boxes(FOUND, [1], {2: "goat"}, added)

    assert kept == [{"species": "goat", "xyxy": [20, 0, 30, 10]}, *added]


@pytest.mark.parametrize(("name", "place"), [("1", 0), ("2", 1), ("AB34", 1), ("ab12", 0)])
def test_a_photo_is_named_by_its_number_or_how_its_hash_begins(name: str, place: int) -> None:
    assert chosen_photo(PHOTOS, name) is PHOTOS[place]


@pytest.mark.parametrize("name", ["", "ab", "3", "ff"])
def test_a_photo_that_is_not_named_well_enough_is_asked_for(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        chosen_photo(PHOTOS, name)

    assert "1: ab12ab12, 2: ab34ab34" in refused.value.errors[0].detail
