"""Words of the printed claim file: all of them in both languages, and none that nothing prints."""

import re
from importlib.resources import files

import pytest

from backend.domain.words import AcceptanceMethod, Category, LaneState, State, WeightSource
from backend.texts.load import Language
from backend.texts.printed import labels, word

TEMPLATE = (files("backend.web") / "printed" / "claim_file.html").read_text(encoding="utf-8")
CHOSEN_IN_CODE = {
    "not_kept",
    "not_readable",
    "not_received",
    "fits",
    "does_not_fit",
    "key_revoked",
    "key_unknown",
    "unsigned",
}


@pytest.mark.parametrize("language", list(Language))
def test_every_label_of_the_page_has_its_words_and_every_word_its_place(language: Language) -> None:
    used = set(re.findall(r"\bt\.([a-z_0-9]+)", TEMPLATE)) | CHOSEN_IN_CODE

    assert set(labels(language)) == used
    assert all(labels(language).values())


@pytest.mark.parametrize("kind", [State, LaneState, AcceptanceMethod, Category, WeightSource])
def test_what_a_claim_may_hold_is_said_in_chinese(kind: type[State]) -> None:
    assert [name for name in kind if word(Language.ZH, name.value).isascii()] == []


def test_a_name_without_a_word_stays_itself() -> None:
    assert word(Language.ZH, "picc-changsha-1") == "picc-changsha-1"
    assert word(Language.EN, "insurer+veterinary") == "insurer+veterinary office"
