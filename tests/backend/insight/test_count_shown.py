"""``claim show`` on the count: the verdict, and how far it is to be trusted, in the reader's words."""

from dataclasses import replace
from decimal import Decimal
from typing import Any  # the claim's document

from backend.domain.events import AnsweredError, SceneFound
from backend.insight.claim_file import Reader, claim_document
from backend.texts.load import Language, Table
from tests.builders import a_count, a_scene, photo_checks
from tests.stories import a_claim

OFFICER = Reader(Language.EN, Table.OFFICER)
MEASURED = AnsweredError(share=Decimal("0.041"), low=Decimal("0.02"), high=Decimal("0.09"), photos=146)


def shown(scene: SceneFound, reader: Reader = OFFICER) -> dict[str, Any]:
    """The two pigs of the usual claim, and what was counted."""
    count: Any = claim_document(a_claim(scene=scene), reader)["count"]
    return dict(count)


def test_an_officer_reads_what_was_counted_and_how_often_such_counts_are_wrong() -> None:
    told = shown(replace(a_scene(2), high=3, reasons=("APART",), answered_error=MEASURED))

    assert told["verdict"] == "agree"
    assert told["text"] == (
        "Counted 2 (2 to 3), claimed 2: agrees; of 100 such sure counts about 4 are wrong"
        " (2 to 9, measured on 146 photos)."
    )
    assert told["answered_error"] == {"share": 0.041, "low": 0.02, "high": 0.09, "n": 146}


def test_without_a_measurement_none_is_stated() -> None:
    assert shown(a_scene(2))["text"] == "Counted 2, claimed 2: agrees."


def test_a_farmer_is_told_what_was_seen_and_no_rates() -> None:
    told = shown(replace(a_scene(2), answered_error=MEASURED), Reader(Language.EN, Table.FARMER))

    assert told["text"] == "Counted 2, claimed 2: agrees."


def test_an_unsure_count_says_why_in_words() -> None:
    told = shown(replace(a_scene(2, low=1), reasons=("DARK", "CONTRADICTED")))

    assert told["verdict"] == "unsure"
    assert told["reasons"] == ["DARK", "CONTRADICTED"]
    assert told["text"] == (
        "Counted 2 (1 to 2), claimed 2: not sure, because too dark, the photos contradict one another."
    )


def test_a_number_that_animals_of_another_species_fill_up_is_no_agreement() -> None:
    boxes = (*a_count(1).boxes, *a_count(1, species="goat").boxes)
    claim = a_claim(scene=a_scene(2), checks=photo_checks(count=replace(a_count(), boxes=boxes)))

    told: Any = claim_document(claim, OFFICER)

    assert (told["count"]["verdict"], told["count"]["text"]) == ("unsure", "Counted 2, claimed 2: not sure.")
    assert "The count is not sure; it looks like goats, pigs." in told["reasons"][0]["text"]


def test_another_number_does_not_agree_and_is_no_refusal() -> None:
    told = shown(a_scene(1), Reader(Language.ZH, Table.OFFICER))

    assert told["verdict"] == "disagree"
    assert told["text"] == "数得 1，报 2：不相符。"


def test_a_scene_that_could_not_be_counted_is_unsure() -> None:
    assert shown(a_scene(None))["text"] == "Not sure."


def test_a_claim_before_triage_has_no_count() -> None:
    claim = replace(a_claim(), scene=None)

    assert claim_document(claim, OFFICER)["count"] is None
